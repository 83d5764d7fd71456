import Chronology
import KubernetesAPI

/// How Karpenter looks for nodes that could go, in the order in which it tries.
enum DisruptionMethod: Int, CaseIterable, Sendable {
    case emptiness, drift, multiNode, singleNode

    /// The reason by which budgets know it.
    var reason: KarpenterNodePool.DisruptionReason {
        switch self {
        case .emptiness: .empty
        case .drift: .drifted
        case .multiNode, .singleNode: .underutilized
        }
    }
}

/// What is to become of some nodes, to be looked at again before it is done.
struct DisruptionProposal: Sendable {
    let method: DisruptionMethod
    let candidates: [String]
    /// Whether another machine is bought.
    let replaces: Bool
    let due: Instant
}

/// Nodes that go once those that take their place are there.
struct DisruptionCommand: Sendable {
    let reason: KarpenterNodePool.DisruptionReason
    let candidates: [String]
    let replacements: [String]
    let message: String
    let startedAt: Instant
}

/// When nodes are looked at for what could be disrupted.
struct DisruptionClock: Sendable {
    /// A fingerprint of everything for which the last look found nothing to do.
    var settledMark: UInt64?
    /// When the time alone may change that.
    var wakeAt: Instant?
    /// Whether something was done last, after which the next look is at once.
    var looksAgain = false

    mutating func wake(at time: Instant) { wakeAt = min(wakeAt ?? time, time) }
}
