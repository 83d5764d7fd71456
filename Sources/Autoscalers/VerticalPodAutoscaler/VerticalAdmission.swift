// Kubernetes counterpart: vertical-pod-autoscaler/pkg/admission-controller (v1.5).
// Deliberate differences: it answers always and at once; what it did is told by an event instead of annotations.

package import ControlPlane
package import KubernetesAPI

/// Gives pods that are created the requests that a VerticalPodAutoscaler recommends.
package struct VerticalAdmission: PodWebhook {
    /// Creates it.
    package init() {}

    package func changed(_ spec: PodSpec, of pod: Pod, in view: any ClusterView) -> PodSpec? {
        guard let autoscaler = Self.autoscaler(of: pod, in: view), autoscaler.status.recommendation != nil else {
            return nil
        }
        let caps = VerticalCaps(of: pod.metadata.namespace, in: view)
        let capped = caps.capped(autoscaler, for: spec)
        var changed = spec
        for place in changed.containers.indices {
            let container = spec.containers[place]
            guard let found = capped.first(where: { $0.containerName == container.name }) else { continue }
            for entry in found.target.entries { changed.containers[place].requests[entry.name] = entry.amount }
            guard autoscaler.policy(for: container.name)?.controlledValues != .requestsOnly else { continue }
            for resource in VerticalCaps.resources {
                let defaults = caps.container?.default ?? [:]
                guard
                    let limit = VerticalCaps.limit(of: container, resource, for: found.target[resource], or: defaults)
                else { continue }
                changed.containers[place].limits[resource] = limit
            }
        }
        return changed == spec ? nil : changed
    }

    /// Returns the autoscaler that decides over a new pod; nil for none.
    static func autoscaler(of pod: Pod, in view: any ClusterView) -> VerticalPodAutoscaler? {
        let all = view.objects(of: .verticalPodAutoscaler, namespace: pod.metadata.namespace)
        guard !all.isEmpty, let target = VerticalTarget.topmost(of: pod, in: view) else { return nil }
        var strongest: VerticalPodAutoscaler?
        for case .verticalPodAutoscaler(let candidate) in all
        where candidate.updateMode.appliesToNewPods && VerticalTarget.key(of: candidate) == target {
            if strongest.map({ candidate.isStronger(than: $0) }) ?? true { strongest = candidate }
        }
        return strongest
    }
}
