package import KubernetesAPI

// Kubernetes counterpart: DefaultSelector in plugins/helper/spread.go (v1.36).

extension PodTopologySpread {
    /// Returns what the services that select a pod, and the controller that owns it, ask of their pods; empty when
    /// there are none.
    package static func defaultSelector(of pod: ObjectMeta, in snapshot: Snapshot) -> LabelSelector {
        var selector = LabelSelector()
        for service in snapshot.services(in: pod.namespace) where selects(service.selector, pod.labels) {
            // All agree with the pod's labels, so with each other.
            selector.matchLabels = selector.matchLabels.merging(service.selector)
        }
        guard let owner = pod.controllerReference else { return selector }
        switch (owner.apiVersion, owner.kind) {
        case ("v1", "ReplicationController"):
            let key = ObjectKey(.replicationController, namespace: pod.namespace, name: owner.name)
            guard case .replicationController(let controller)? = snapshot.object(key) else { break }
            selector.matchLabels = selector.matchLabels.merging(controller.spec.selector?.matchLabels ?? StringMap())
        case ("apps/v1", "ReplicaSet"):
            let key = ObjectKey(.replicaSet, namespace: pod.namespace, name: owner.name)
            guard case .replicaSet(let set)? = snapshot.object(key) else { break }
            add(set.spec.selector, to: &selector)
        case ("apps/v1", "StatefulSet"):
            let key = ObjectKey(.statefulSet, namespace: pod.namespace, name: owner.name)
            guard case .statefulSet(let set)? = snapshot.object(key) else { break }
            add(set.spec.selector, to: &selector)
        default: break
        }
        return selector
    }

    private static func selects(_ wanted: StringMap, _ labels: StringMap) -> Bool {
        for pair in wanted.pairs where labels[pair.key] != pair.value { return false }
        return true
    }

    /// Adds all that `other` asks for, even where it contradicts.
    private static func add(_ other: LabelSelector?, to selector: inout LabelSelector) {
        guard let other else { return }
        for pair in other.matchLabels.pairs {
            if let present = selector.matchLabels[pair.key], present != pair.value {
                selector.matchExpressions.append(
                    LabelSelector.Requirement(key: pair.key, operator: .in, values: [pair.value]))
            } else {
                selector.matchLabels[pair.key] = pair.value
            }
        }
        selector.matchExpressions += other.matchExpressions
    }
}
