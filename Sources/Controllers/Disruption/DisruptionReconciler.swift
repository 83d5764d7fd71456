// Kubernetes counterpart: pkg/controller/disruption (v1.36).
// Deliberate differences: the time at which an eviction was granted is not in the status; the controller counts from when
// it first sees it.

package import ControlPlane
package import KubernetesAPI
package import Chronology

/// Keeps the status of disruption budgets, from which the eviction API answers.
package struct DisruptionReconciler: Reconciler {
    package static let name = "disruption-controller"
    package static let settings = ReconcilerSettings(workers: 1)
    package static let interest = ChangeInterest(
        [.podDisruptionBudget], pods: [.added, .deleted, .phase, .readiness, .labels, .owners, .termination],
        while: .podDisruptionBudget, always: [.added, .disruption])
    /// How long a granted eviction may take before the pod counts again (`DeletionTimeout`).
    static let deletionTimeout = Duration.minutes(2)

    // When each granted eviction was first seen.
    private var granted: [ObjectKey: [Grant]] = [:]

    private struct Grant {
        var pod: String
        var since: Instant
    }

    package init() {}

    package func keys(for change: WatchEvent, in view: any ClusterView) -> [ObjectKey] {
        switch change {
        case .added(.podDisruptionBudget), .deleted(.podDisruptionBudget): return [change.object.key]
        case .modified(.podDisruptionBudget, let new): return [new.key]
        case .added(.pod(let pod)): return Self.budgets(of: pod, in: view) + Self.stale(pod, before: nil)
        case .deleted(.pod(let pod)): return Self.budgets(of: pod, in: view)
        case .modified(.pod(let old), .pod(let new)):
            let isSame =
                old.isReady == new.isReady && old.metadata.labels == new.metadata.labels
                && old.isTerminating == new.isTerminating && old.status.phase == new.status.phase
                && old.metadata.ownerReferences == new.metadata.ownerReferences
            // A budget that a pod leaves hears nothing of it, nor does any of a change of scale alone.
            return (isSame ? [] : Self.budgets(of: new, in: view)) + Self.stale(new, before: old)
        case .added, .modified, .deleted: return []
        }
    }

    package mutating func reconcile(_ key: ObjectKey, in view: any ClusterView) -> ReconcileResult {
        if key.kind == .pod { return Self.takeBack(key, in: view) }
        guard case .podDisruptionBudget(let budget) = view.object(key) else {
            granted[key] = nil
            return .settled
        }
        let now = view.now
        let pods = budget.selector.map { view.pods(inNamespace: key.namespace, matching: $0) } ?? []
        var grants = granted[key] ?? []
        let present = budget.status.disruptedPods.filter { name in
            pods.contains { $0.metadata.name == name && !$0.isTerminating && !$0.status.phase.isTerminal }
        }
        grants.removeAll { !present.contains($0.pod) }
        for pod in present where !grants.contains(where: { $0.pod == pod }) {
            grants.append(Grant(pod: pod, since: now))
        }
        let open = grants.filter { now - $0.since < Self.deletionTimeout }
        granted[key] = grants

        let need = Self.need(budget, pods: pods) { Self.scale(ofControllerOf: $0, in: view) }
        var result = ReconcileResult(events: Self.events(budget, key, pods: pods, fault: need.fault, in: view))
        if need.fault == nil {
            for grant in open { result.recheck(after: grant.since + Self.deletionTimeout - now) }
        }
        let status = Self.status(budget, pods: pods, need: need, disrupted: open.map(\.pod), now: now)
        if status != budget.status {
            var changed = budget
            changed.status = status
            result.actions = [.updateStatus(.podDisruptionBudget(changed))]
        }
        return result
    }

    private static func budgets(of pod: Pod, in view: any ClusterView) -> [ObjectKey] {
        view.disruptionBudgets(inNamespace: pod.metadata.namespace, matching: pod.metadata.labels).map {
            KubernetesObject.podDisruptionBudget($0).key
        }
    }

    /// Returns the scale of a pod's controller: of the deployment rather than of its replica set.
    private static func scale(ofControllerOf pod: Pod, in view: any ClusterView) -> ControllerScale? {
        guard let reference = pod.metadata.controllerReference else { return nil }
        guard let owner = view.object(uid: reference.uid) else { return lack(of: reference) }
        if case .replicaSet = owner, let parent = owner.metadata.controllerReference,
            let deployment = view.object(uid: parent.uid), let replicas = scale(of: deployment)
        {
            return .replicas(parent.uid, replicas)
        }
        return scale(of: owner).map { .replicas(reference.uid, $0) } ?? lack(of: reference)
    }

    /// What is wrong with a controller of which no scale is found: it is gone, or of a kind without one.
    private static func lack(of owner: OwnerReference) -> ControllerScale {
        if ["Deployment", "ReplicaSet", "StatefulSet", "ReplicationController"].contains(owner.kind) { return .gone }
        let group = owner.apiVersion.split(separator: "/").dropLast().map { ".\($0)" }.joined()
        return .unscalable(resource: KubernetesObject.plural(ofKind: owner.kind) + group)
    }

    /// Returns the replicas that an object asks for, nil when it has no scale.
    private static func scale(of object: KubernetesObject) -> Int64? {
        switch object {
        case .replicaSet(let owner): owner.spec.replicas
        case .deployment(let owner): owner.spec.replicas
        case .statefulSet(let owner): owner.spec.replicas
        case .replicationController(let owner): owner.spec.replicas
        case .namespace, .node, .pod, .daemonSet, .job, .cronJob, .service, .podDisruptionBudget, .priorityClass,
            .persistentVolume, .persistentVolumeClaim, .storageClass, .horizontalPodAutoscaler, .verticalPodAutoscaler,
            .resourceQuota,
            .limitRange, .controllerRevision, .lease, .endpoints, .endpointSlice, .csiNode, .other:
            nil
        }
    }
}
