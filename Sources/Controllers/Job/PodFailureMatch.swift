// Kubernetes counterpart: pkg/controller/job/pod_failure_policy.go (v1.36). Deliberate differences: none.

import KubernetesAPI

/// What the first matching rule of a job's `podFailurePolicy` says of a failed pod.
struct PodFailureMatch: Hashable, Sendable {
    /// Whether the failure counts toward the limits.
    var isCounted = true
    /// Whether the pod's index fails with it.
    var failsIndex = false
    /// Why the whole job fails, or nil when it does not.
    var failsJob: String?

    /// No rule matches: the failure counts.
    static let none = PodFailureMatch()

    private init() {}

    init(_ pod: Pod, rules: [Job.PodFailureRule]) {
        for (place, rule) in rules.enumerated() {
            guard let cause = Self.cause(pod, rule.condition) else { continue }
            switch rule.action {
            case .ignore: isCounted = false
            case .count: break
            case .failIndex: failsIndex = true
            case .failJob: failsJob = "\(cause) matching \(rule.action.rawValue) rule at index \(place)"
            }
            return
        }
    }

    /// Returns what of the pod satisfies `condition`, in the words of the job's condition, or nil.
    private static func cause(_ pod: Pod, _ condition: Job.PodFailureRule.Condition) -> String? {
        let name = "\(pod.metadata.namespace)/\(pod.metadata.name)"
        switch condition {
        case .onExitCodes(let container, let isIn, let values):
            // Regular containers before init containers.
            for status in pod.status.containerStatuses + pod.status.initContainerStatuses {
                guard case .terminated(let code, _, _, _) = status.state, code != 0,
                    container == nil || container == status.name, values.contains(code) == isIn
                else { continue }
                return "Container \(status.name) for pod \(name) failed with exit code \(code)"
            }
        case .onPodConditions(let patterns):
            for condition in pod.status.conditions {
                let matches = patterns.contains { $0.type == condition.type.name && $0.status == condition.status }
                if matches { return "Pod \(name) has condition \(condition.type)" }
            }
        }
        return nil
    }
}

extension Job {
    /// Returns what the job's rules say of `pod`, which failed or is about to.
    func failureMatch(of pod: Pod) -> PodFailureMatch {
        guard let rules = spec.podFailurePolicy, !rules.isEmpty else { return .none }
        return PodFailureMatch(pod, rules: rules)
    }
}
