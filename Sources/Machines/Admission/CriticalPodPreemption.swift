import KubernetesAPI
import SchedulingFramework

// Counterpart: pkg/kubelet/preemption/preemption.go (v1.36). Deliberate differences: none known.

/// Whom a kubelet ends to make room for a critical pod.
enum CriticalPodPreemption {
    /// A pod of the node, as a candidate.
    struct Candidate: Sendable {
        var pod: Int
        var qos: PodStatus.QOSClass
        var requests: ResourceAmounts
        var priority: Int32
        var isCritical: Bool
    }

    /// An amount that is missing.
    struct Requirement: Equatable, Sendable {
        var name: ResourceName
        var amount: Int64
    }

    static let reason = "Preempting"
    static let message = "Preempted in order to admit critical pod"
    static let failure = PodRecord.Failure(
        reason: reason, message: message, disruption: "Pod was preempted by Kubelet to accommodate a critical pod.")

    /// Returns the pods to end, or nil when not even all of them would make enough room.
    static func victims(
        for priority: Int32, isCritical: Bool, among pods: [Candidate], missing: [Requirement]
    ) -> [Int]? {
        let preemptable = pods.filter { (isCritical && !$0.isCritical) || priority > $0.priority }
        let bestEffort = preemptable.filter { $0.qos == .bestEffort }
        let burstable = preemptable.filter { $0.qos == .burstable }
        let guaranteed = preemptable.filter { $0.qos == .guaranteed }
        if !left(of: missing, without: bestEffort + burstable + guaranteed).isEmpty { return nil }
        guard
            let last = nearest(in: guaranteed, to: left(of: missing, without: bestEffort + burstable)),
            let middle = nearest(in: burstable, to: left(of: missing, without: bestEffort + last)),
            let first = nearest(in: bestEffort, to: left(of: missing, without: middle + last))
        else { return nil }
        return (first + middle + last).map(\.pod)
    }

    /// Takes the pod that leaves least to be found, again and again; of equal ones the later and smaller one.
    private static func nearest(in pods: [Candidate], to requirements: [Requirement]) -> [Candidate]? {
        var pods = pods
        var requirements = requirements
        var chosen: [Candidate] = []
        while !requirements.isEmpty {
            guard !pods.isEmpty else { return nil }
            var best = 0
            var bestDistance = Double(requirements.count + 1)
            for (place, pod) in pods.enumerated() {
                let distance = distance(of: pod, to: requirements)
                let isBetter =
                    distance < bestDistance || distance == bestDistance && isSmaller(pod, than: pods[best])
                if isBetter { (best, bestDistance) = (place, distance) }
            }
            requirements = left(of: requirements, without: [pods[best]])
            chosen.append(pods[best])
            pods.swapAt(best, pods.count - 1)
            pods.removeLast()
        }
        return chosen
    }

    private static func left(of requirements: [Requirement], without pods: [Candidate]) -> [Requirement] {
        requirements.compactMap { requirement in
            let freed = pods.reduce(Int64(0)) { $0 + amount(of: requirement.name, $1) }
            return freed >= requirement.amount
                ? nil : Requirement(name: requirement.name, amount: requirement.amount - freed)
        }
    }

    private static func amount(of name: ResourceName, _ pod: Candidate) -> Int64 {
        name == .pods ? 1 : pod.requests[name]
    }

    private static func distance(of pod: Candidate, to requirements: [Requirement]) -> Double {
        var sum = 0.0
        for requirement in requirements {
            let rest = Double(requirement.amount - amount(of: requirement.name, pod))
            if rest > 0 { sum += (rest / Double(requirement.amount)) * (rest / Double(requirement.amount)) }
        }
        return sum
    }

    private static func isSmaller(_ pod: Candidate, than other: Candidate) -> Bool {
        if pod.requests.memory != other.requests.memory { return pod.requests.memory < other.requests.memory }
        return pod.requests.milliCPU <= other.requests.milliCPU
    }
}
