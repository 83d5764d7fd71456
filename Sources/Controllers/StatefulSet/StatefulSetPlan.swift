package import Chronology
package import ControlPlane
package import KubernetesAPI

// Kubernetes counterpart: updateStatefulSet in pkg/controller/statefulset/stateful_set_control.go (v1.36), with the
// feature gate MaxUnavailableStatefulSet off as it is by default.
// Deliberate differences: parallel management makes at most `burst` pods in one step.

/// One step of a stateful set toward its pods, claims and revisions.
///
/// The order is upstream's: what is missing or ended first, then surplus pods, then those of an old revision. Whatever
/// blocks ends the step; under ordered management everything that is not available does.
package struct StatefulSetPlan {
    /// The most pods that one step makes.
    package static let burst = 500

    /// A place in the set: the pod that has it, or the one to be made for it.
    struct Slot {
        var pod: Pod
        /// Whether the API server knows the pod.
        var exists: Bool
    }

    /// What the host is told of a request when it is answered.
    package struct Note: Hashable, Sendable {
        package enum Verb: String, Hashable, Sendable {
            case create = "Create"
            case update = "Update"
            case delete = "Delete"
        }

        package var set: ObjectKey
        package var verb: Verb
        package var pod: String
        /// The claim, if the request is about one.
        package var claim: String?
    }

    /// How a part of a step ends.
    enum Outcome { case goesOn, ends, fails }

    let set: StatefulSet
    let key: ObjectKey
    let pods: [Pod]
    let now: Instant
    let claim: (String) -> PersistentVolumeClaim?
    let revisions: StatefulSetRevisions
    let isOrdered: Bool

    var slots: [Slot] = []
    /// Whether `slots` covers all pods that the set wants.
    var isWhole = true
    var condemned: [Pod] = []

    /// Requests about pods and claims.
    package var actions: [Action] = []
    /// Events whose truth no answer decides.
    package var events: [EventRecord] = []
    /// What the answers to requests tell, by the object that a request is about.
    package var notes: [(target: ObjectKey, note: Note)] = []
    /// The status after the step.
    package var status = StatefulSet.Status()
    /// Whether the step met what a retry may cure.
    package var hasFailed = false

    /// Prepares a step for `set` with `pods`, those that it claims; `claim` finds a claim of its namespace by name.
    package init(
        _ set: StatefulSet, pods: [Pod], revisions: StatefulSetRevisions, now: Instant,
        claim: @escaping (String) -> PersistentVolumeClaim? = { _ in nil }
    ) {
        self.set = set
        self.pods = pods
        self.revisions = revisions
        self.now = now
        self.claim = claim
        key = ObjectKey(.statefulSet, namespace: set.metadata.namespace, name: set.metadata.name)
        isOrdered = !set.spec.isParallel
    }

    /// Works out the step.
    package mutating func run() {
        count()
        guard !set.metadata.isDeleting else { return complete() }
        fillSlots()
        manage()
        complete()
    }

    private mutating func manage() {
        let first = firstUnavailable
        for place in slots.indices {
            switch keep(place) {
            case .goesOn: break
            case .ends: if isOrdered { return }
            case .fails:
                hasFailed = true
                if isOrdered { return }
            }
            // In parallel, places are seen to in batches of 1, 2, 4, and so on; a failure keeps back the later batches.
            if hasFailed, (place + 2) & (place + 1) == 0 { return }
        }
        if hasFailed { return }
        for pod in condemned { correctOwners(of: pod) }
        for pod in condemned {
            dismiss(pod, isFirstUnavailable: pod.metadata.uid == first)
            if isOrdered { return }
        }
        guard isWhole else { return }
        roll()
    }

    // MARK: - Who has which place

    private mutating func fillSlots() {
        var present: [(ordinal: Int64, pod: Pod)] = []
        var surplus: [(ordinal: Int64, pod: Pod)] = []
        for pod in pods {
            guard let ordinal = pod.ordinal else { continue }
            if set.ordinals.contains(ordinal) {
                present.append((ordinal, pod))
            } else {
                surplus.append((ordinal, pod))
            }
        }
        present.sort { $0.ordinal < $1.ordinal }
        surplus.sort { $1.ordinal < $0.ordinal }
        condemned = surplus.map(\.pod)

        var missing = 0
        var place = 0
        for ordinal in set.ordinals {
            if place < present.count, present[place].ordinal == ordinal {
                slots.append(Slot(pod: present[place].pod, exists: true))
                place += 1
            } else {
                guard missing < (isOrdered ? 1 : Self.burst) else {
                    isWhole = false
                    return
                }
                missing += 1
                slots.append(Slot(pod: set.pod(ordinal, of: revision(ordinal)), exists: false))
            }
        }
    }

    /// The revision of which a new pod is made: below the partition the old one (`newVersionedStatefulSetPod`).
    private func revision(_ ordinal: Int64) -> ControllerRevision {
        switch set.spec.updateStrategy {
        case .rollingUpdate(let partition, _)
        where ordinal < set.spec.ordinalsStart + (partition ?? set.status.currentReplicas):
            revisions.current
        case .rollingUpdate, .onDelete: revisions.update
        }
    }

    /// The lowest pod that is not available, wanted ones before surplus ones; nil when there is none or it is not made.
    private var firstUnavailable: UID? {
        for slot in slots where !slot.exists || isUnavailable(slot.pod) { return slot.pod.metadata.uid }
        return condemned.last(where: isUnavailable)?.metadata.uid
    }

    // MARK: - Questions

    func isReady(_ pod: Pod) -> Bool { pod.status.phase == .running && pod.isReady }

    func isAvailable(_ pod: Pod) -> Bool { pod.isAvailable(minReadySeconds: set.spec.minReadySeconds, now: now) }

    func isUnavailable(_ pod: Pod) -> Bool { !isAvailable(pod) || pod.isTerminating }
}
