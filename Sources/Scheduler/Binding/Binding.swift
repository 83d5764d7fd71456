import Chronology
import KubernetesAPI
import SchedulingFramework

/// A pod that has a node and is not seen bound yet, and how far its binding has come.
///
/// ```
///   assumed ─▶ waiting ─▶ preBinding ⇄ writing ─▶ binding ─▶ bound ─▶ (seen by the watch)
///                 │            │           │          │
///                 └────────────┴───────────┴──────────┴─▶ failed: unreserved, back in the queue
/// ```
///
/// Its steps change it where it is; a fork of the scheduler has a copy.
final class Binding {
    enum Stage: UInt8 {
        /// Permit plugins hold it.
        case waiting
        /// A pre-bind plugin waits for the cluster.
        case preBinding
        /// The host sends what a pre-bind plugin wants written.
        case writing
        /// The host sends the binding.
        case binding
        /// The API server has it.
        case bound
    }

    /// One permit plugin's hold on the pod.
    struct Hold {
        var plugin: PluginName
        var timeout: Duration
        var deadline: Instant
    }

    /// What the queue knew, with the newest version of the pod.
    var record: QueuedPod
    let node: String
    let state: CycleState
    var stage = Stage.binding
    /// In the order in which the plugins asked to wait.
    var holds: [Hold] = []
    /// A bit for each pre-bind plugin with nothing to do, by position.
    var skipped: UInt64 = 0
    /// The pre-bind plugin that is asked next, by position.
    var cursor = 0
    /// When the plugin at `cursor` has waited for too long; nil before it waits.
    var deadline: Instant?
    /// When that plugin looks again; nil when each change of the cluster may be what it waits for.
    var nextLook: Instant?
    /// What is said of it then.
    var lateText = ""
    /// Whether the pod is gone, or will be: it does not come back to the queue.
    var isDoomed = false

    var info: PodInfo { record.info }

    /// When the waiting fails, if it waits.
    var giveUp: Instant? {
        switch stage {
        case .waiting: holds.map(\.deadline).min()
        case .preBinding: deadline
        case .writing, .binding, .bound: nil
        }
    }

    /// When something happens by itself, if the pod waits.
    var nextMoment: Instant? {
        guard stage == .preBinding, let nextLook else { return giveUp }
        return min(nextLook, giveUp ?? .never)
    }

    /// Returns a binding whose changes leave this one alone.
    func copied() -> Binding {
        let copy = Binding(record: record, node: node, state: state.copied(), holds: holds)
        copy.stage = stage
        copy.skipped = skipped
        copy.cursor = cursor
        copy.deadline = deadline
        copy.nextLook = nextLook
        copy.lateText = lateText
        copy.isDoomed = isDoomed
        return copy
    }

    init(record: QueuedPod, node: String, state: CycleState, holds: [Hold]) {
        self.record = record
        self.node = node
        self.state = state
        self.holds = holds
    }
}
