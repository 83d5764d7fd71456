package import Chronology

/// What kind of step an event is in a chain of cause and effect.
package enum CauseKind: UInt8, Hashable, Sendable, CaseIterable {
    // What begins a chain.
    case fault, change, disruption
    // What becomes of a fault and of the machines that it strikes.
    case faultHealed
    case machineDown, machineUp, machineLaunched
    case nodeNotReady, nodeTainted, nodeCordoned, nodeReady, nodeUntainted, nodeUncordoned, nodeGone
    case requestUnanswered
    // What happens to workloads and pods.
    case workloadChanged
    case containerExited, workLost
    case podUnready, podDeleted, podFailed, podGone
    case podCreated, podReplaced
    case podUnschedulable, podBound, pullFailed, backOff, imagePulled, podStarted, podReady, podSucceeded
    case workloadWhole

    /// The name in the database.
    package var name: String { "\(self)" }

    private static let byName = Dictionary(uniqueKeysWithValues: allCases.map { ($0.name, $0) })

    /// Returns the kind of a name in the database, or nil.
    package init?(name: String) {
        guard let kind = Self.byName[name] else { return nil }
        self = kind
    }
}

/// One step in a chain that a fault, a scheduled change or a disruption began; it names the step that caused it.
package struct CauseEventRow: Hashable, Sendable {
    /// Counts from 1.
    package var event: Int32
    /// -1 for what begins a chain.
    package var parent: Int32
    /// The beginning of the chain; its own number for the beginning itself.
    package var root: Int32
    /// The beginning of another chain, of a fault that held this step up; -1 for none.
    package var delayedBy: Int32
    /// Steps from the beginning.
    package var depth: Int32
    package var at: Instant
    package var kind: CauseKind
    /// Who did it: a component, `people`, or the kind of fault.
    package var actor: String
    /// The fault that began the chain; -1 for none.
    package var fault: Int32
    /// -1 for none.
    package var node: Int32
    /// -1 for none.
    package var pod: Int32
    /// The workload; -1 for none.
    package var controller: Int32
    package var detail: String
    /// Whether a pod stopped being ready by it, other than by success.
    package var isHit = false
    /// Work that has to be done again.
    package var lost = Duration.zero
    /// What that work had cost, in nano-dollars.
    package var cost: Int64 = 0

    package init(
        event: Int32, parent: Int32 = -1, root: Int32, delayedBy: Int32 = -1, depth: Int32 = 0, at: Instant,
        kind: CauseKind, actor: String, fault: Int32 = -1, node: Int32 = -1, pod: Int32 = -1, controller: Int32 = -1,
        detail: String = ""
    ) {
        self.event = event
        self.parent = parent
        self.root = root
        self.delayedBy = delayedBy
        self.depth = depth
        self.at = at
        self.kind = kind
        self.actor = actor
        self.fault = fault
        self.node = node
        self.pod = pod
        self.controller = controller
        self.detail = detail
    }
}
