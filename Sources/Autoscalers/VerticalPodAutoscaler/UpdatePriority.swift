// Kubernetes counterpart: vertical-pod-autoscaler/pkg/updater/priority (v1.5).
// Deliberate differences: all containers count, as none is put into a pod behind the admission's back.

import Chronology
import KubernetesAPI

/// How much a pod's requests differ from what is recommended, and whether that is worth its eviction.
struct UpdatePriority: Hashable {
    /// `--pod-update-threshold`: of all that is asked for, in sum over the resources.
    static let leastDifference = 0.1
    /// `--in-recommendation-bounds-eviction-lifetime-threshold`.
    static let leastLifetime = Duration.hours(12)
    /// `--evict-after-oom-threshold`: a run that was killed for want of memory so soon counts.
    static let quickKill = Duration.minutes(10)

    /// Whether some container asks for less than its lower or more than its upper bound.
    private(set) var isOutsideRange = false
    /// Whether some container is to ask for more.
    private(set) var grows = false
    /// The sum over the resources of what changes, as a share of what is asked for.
    private(set) var difference = 0.0

    /// Compares what a pod of this spec asks for with `recommendation`, which is capped.
    init(of spec: PodSpec, _ recommendation: [VerticalPodAutoscaler.ContainerRecommendation]) {
        var asked: [Int64] = [0, 0]
        var wanted: [Int64] = [0, 0]
        var isKnown = [false, false]
        for container in spec.containers {
            guard let found = recommendation.first(where: { $0.containerName == container.name }) else { continue }
            for (place, resource) in VerticalCaps.resources.enumerated() {
                guard let target = found.target[resource] else { continue }
                isKnown[place] = true
                wanted[place] += target.milliValue
                guard let request = container.requests[resource] else {
                    (grows, isOutsideRange) = (true, true)
                    continue
                }
                asked[place] += request.milliValue
                if target.milliValue > request.milliValue { grows = true }
                if let lower = found.lowerBound[resource], request < lower { isOutsideRange = true }
                if let upper = found.upperBound[resource], request > upper { isOutsideRange = true }
            }
        }
        for place in asked.indices where isKnown[place] {
            let whole = max(Double(asked[place]), 1)
            difference += abs(whole - Double(wanted[place])) / whole
        }
    }

    /// Returns whether a pod is worth to be evicted.
    func isWorthwhile(for pod: Pod, of autoscaler: VerticalPodAutoscaler, now: Instant) -> Bool {
        let wasKilledSoon = Self.wasKilledSoon(pod, of: autoscaler)
        if wasKilledSoon, difference == 0 { return false }
        if isOutsideRange || wasKilledSoon { return true }
        guard let start = pod.status.startTime else { return false }
        return now >= start + Self.leastLifetime && difference >= Self.leastDifference
    }

    private static func wasKilledSoon(_ pod: Pod, of autoscaler: VerticalPodAutoscaler) -> Bool {
        for status in pod.status.containerStatuses where status.wasKilledForMemory {
            guard autoscaler.policy(for: status.name)?.isOff != true,
                case .terminated(_, _, let startedAt, let finishedAt)? = status.lastTermination
            else { continue }
            if finishedAt - startedAt < quickKill { return true }
        }
        return false
    }

    /// Whether a pod with this priority goes before one with `other`.
    func isHigher(than other: UpdatePriority) -> Bool {
        grows != other.grows ? grows : difference > other.difference
    }
}

extension ContainerStatus {
    /// Whether its last run was ended for want of memory.
    var wasKilledForMemory: Bool {
        if case .terminated(_, "OOMKilled", _, _)? = lastTermination { true } else { false }
    }
}

extension VerticalPodAutoscaler {
    /// Returns whether what is recommended for a pod of this spec meets every requirement for its eviction
    /// (`scalingDirectionPodEvictionAdmission`).
    func permitsEviction(of spec: PodSpec, for recommendation: [ContainerRecommendation]) -> Bool {
        if evictionRequirements.isEmpty { return true }
        return spec.containers.contains { container in
            guard let found = recommendation.first(where: { $0.containerName == container.name }) else { return false }
            if container.requests[.cpu] == nil || container.requests[.memory] == nil { return true }
            return evictionRequirements.allSatisfy { requirement in
                requirement.resources.contains { resource in
                    let asked = container.requests[resource]?.milliValue ?? 0
                    let wanted = found.target[resource]?.milliValue ?? 0
                    return requirement.change == .higher ? wanted > asked : wanted < asked
                }
            }
        }
    }
}
