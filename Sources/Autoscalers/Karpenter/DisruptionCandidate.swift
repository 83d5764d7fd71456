import Chronology
import KubernetesAPI

// Kubernetes counterpart: disruption.Candidate and utils/disruption (karpenter).

/// A machine that could be taken away.
struct DisruptionCandidate {
    let claim: MachineClaim
    let plan: PoolPlan
    /// Those of its pods that would come back elsewhere.
    let pods: [Pod]
    /// How much is disturbed, in millionths: one for the node and about one for each pod.
    let cost: Int64

    private static let base: Int64 = 1_000_000

    init(_ claim: MachineClaim, _ plan: PoolPlan, pods: [Pod]) {
        self.claim = claim
        self.plan = plan
        self.pods = pods
        cost = Self.cost(of: pods)
    }

    /// How much is disturbed when a node goes on which `pods` are that would come back.
    static func cost(of pods: [Pod]) -> Int64 { pods.reduce(base) { $0 + max(0, cost(of: $1)) } }

    /// Whether nobody would miss it.
    var isEmpty: Bool { cost <= Self.base }

    /// What the eviction of a pod counts: more with its deletion cost and its priority.
    private static func cost(of pod: Pod) -> Int64 {
        var cost = base
        if let text = pod.metadata.annotations["controller.kubernetes.io/pod-deletion-cost"], let own = Int64(text) {
            cost += (Int64(Int32(clamping: own)) * base) >> 27
        }
        cost += (Int64(pod.priority) * base) >> 25
        return min(10 * base, max(-10 * base, cost))
    }

    /// Whether `left` saves more for what it disturbs than `right`; equal ones keep their order.
    static func isBetter(_ left: DisruptionCandidate, _ right: DisruptionCandidate) -> Bool {
        Int128(left.claim.price) * Int128(right.cost) > Int128(right.claim.price) * Int128(left.cost)
    }

    /// Sorts by saving for what is disturbed, the highest first.
    static func ordered(_ candidates: [DisruptionCandidate]) -> [DisruptionCandidate] {
        candidates.enumerated().sorted { left, right in
            if isBetter(left.element, right.element) { return true }
            if isBetter(right.element, left.element) { return false }
            return left.offset < right.offset
        }.map(\.element)
    }
}
