// Kubernetes counterpart: vertical-pod-autoscaler/pkg/updater (v1.5).
// Deliberate differences: autoscalers take their turns in the order of their creation; no limit of evictions per second,
// which is the default; InPlaceOrRecreate evicts, as Recreate does.

package import Chronology
package import ControlPlane
package import KubernetesAPI

/// Evicts pods whose requests are too far from what is recommended, so that the ones in their place get it.
package struct VerticalUpdater: Hashable, Sendable {
    /// What came of one request for an eviction.
    package struct Eviction: Sendable {
        /// Who wanted it, and what about.
        package let autoscaler: ObjectKey
        package let pod: ObjectKey
        /// What the pod asks for and what is recommended, in words.
        package let change: String
        /// nil when it was granted.
        package let error: ActionError?
    }

    /// `--updater-interval`.
    package static let interval = Duration.minutes(1)
    /// `--min-replicas`.
    package static let minReplicas: Int64 = 2
    /// One in how many pods of a controller may be away for it (`--eviction-tolerance` 0.5).
    static let toleratedPart: Int64 = 2

    /// Creates it.
    package init() {}

    /// Looks at all autoscalers once; `evict` asks the API server for the eviction of a pod and returns its answer.
    ///
    /// The answers count: a pod that a disruption budget keeps leaves another its turn.
    package func run(in view: any ClusterView, evict: (ObjectKey) -> ActionError?) -> [Eviction] {
        var evictions: [Eviction] = []
        let all = view.objects(of: .verticalPodAutoscaler, namespace: nil).compactMap { object in
            if case .verticalPodAutoscaler(let found) = object, found.updateMode.evicts { found } else { nil }
        }
        for autoscaler in all where autoscaler.status.recommendation != nil {
            guard let key = VerticalTarget.key(of: autoscaler), let target = VerticalTarget(key, in: view),
                target.object.metadata.controllerReference == nil,
                !all.contains(where: { VerticalTarget.key(of: $0) == key && $0.isStronger(than: autoscaler) })
            else { continue }
            let pods = target.pods(in: view).filter {
                !$0.isTerminating && $0.nodeName != nil && !$0.status.phase.isTerminal
            }
            evictions += turn(of: autoscaler, pods, in: view, evict)
        }
        return evictions
    }

    private func turn(
        of autoscaler: VerticalPodAutoscaler, _ pods: [Pod], in view: any ClusterView,
        _ evict: (ObjectKey) -> ActionError?
    ) -> [Eviction] {
        var groups = EvictionGroups(
            of: pods, minReplicas: autoscaler.minReplicas ?? Self.minReplicas, toleratedPart: Self.toleratedPart,
            in: view)
        let caps = VerticalCaps(of: autoscaler.metadata.namespace, in: view)
        let candidates = Self.candidates(among: pods.filter { groups.mayEvict($0) }, autoscaler, caps, now: view.now)
        var evictions: [Eviction] = []
        for candidate in candidates where groups.mayEvict(candidate.pod) {
            let error = evict(candidate.pod.key)
            if error == nil { groups.noteEviction(of: candidate.pod) }
            evictions.append(
                Eviction(
                    autoscaler: autoscaler.key, pod: candidate.pod.key, change: candidate.change, error: error))
        }
        return evictions
    }

    // MARK: - Candidates

    struct Candidate {
        let pod: Pod
        let priority: UpdatePriority
        let change: String
    }

    /// Returns the pods that are worth to be evicted, the most urgent first.
    static func candidates(
        among pods: [Pod], _ autoscaler: VerticalPodAutoscaler, _ caps: VerticalCaps, now: Instant
    ) -> [Candidate] {
        // Replicas share their spec: each is compared once.
        var known: [ObjectIdentifier: (priority: UpdatePriority, isPermitted: Bool, change: String)] = [:]
        var candidates: [Candidate] = []
        for pod in pods {
            let identity = ObjectIdentifier(pod.specBox)
            let found =
                known[identity]
                ?? {
                    let capped = caps.capped(autoscaler, for: pod.spec)
                    return (
                        UpdatePriority(of: pod.spec, capped), autoscaler.permitsEviction(of: pod.spec, for: capped),
                        VerticalWords.change(of: pod.spec, to: capped)
                    )
                }()
            known[identity] = found
            guard found.isPermitted, found.priority.isWorthwhile(for: pod, of: autoscaler, now: now) else { continue }
            candidates.append(Candidate(pod: pod, priority: found.priority, change: found.change))
        }
        // Equal ones in the order of their creation.
        let order = candidates.indices.sorted { left, right in
            if candidates[left].priority.isHigher(than: candidates[right].priority) { return true }
            if candidates[right].priority.isHigher(than: candidates[left].priority) { return false }
            return left < right
        }
        return order.map { candidates[$0] }
    }
}
