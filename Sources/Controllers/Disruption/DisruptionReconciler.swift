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
        [.podDisruptionBudget, .deployment, .replicaSet, .statefulSet, .replicationController],
        pods: [.added, .deleted, .phase, .readiness, .labels, .owners, .termination], while: .podDisruptionBudget)
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
        case .added(.pod(let pod)), .deleted(.pod(let pod)): return Self.budgets(of: [pod], in: view)
        case .modified(.pod(let old), .pod(let new)):
            let isSame =
                old.isReady == new.isReady && old.metadata.labels == new.metadata.labels
                && old.isTerminating == new.isTerminating && old.status.phase == new.status.phase
                && old.metadata.ownerReferences == new.metadata.ownerReferences
            return isSame ? [] : Self.budgets(of: [old, new], in: view)
        case .modified(let old, let new):
            guard Self.scale(of: old) != Self.scale(of: new) else { return [] }
            return view.objects(of: .podDisruptionBudget, namespace: new.metadata.namespace).map(\.key)
        case .added, .deleted: return []
        }
    }

    package mutating func reconcile(_ key: ObjectKey, in view: any ClusterView) -> ReconcileResult {
        guard case .podDisruptionBudget(let budget) = view.object(key) else {
            granted[key] = nil
            return .settled
        }
        let now = view.now
        let pods = view.pods(inNamespace: key.namespace).filter {
            budget.selector?.matches($0.metadata.labels) ?? false
        }
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

        var result = ReconcileResult(events: Self.events(budget, key, pods: pods, in: view))
        for grant in open { result.recheck(after: grant.since + Self.deletionTimeout - now) }
        let status = Self.status(budget, pods: pods, disrupted: open.map(\.pod), now: now) { pod in
            Self.scale(ofControllerOf: pod, in: view)
        }
        if status != budget.status {
            var changed = budget
            changed.status = status
            result.actions = [.updateStatus(.podDisruptionBudget(changed))]
        }
        return result
    }

    private static func budgets(of pods: [Pod], in view: any ClusterView) -> [ObjectKey] {
        guard let namespace = pods.first?.metadata.namespace else { return [] }
        var keys: [ObjectKey] = []
        for object in view.objects(of: .podDisruptionBudget, namespace: namespace) {
            guard case .podDisruptionBudget(let budget) = object else { continue }
            if pods.contains(where: { budget.selector?.matches($0.metadata.labels) ?? false }) {
                keys.append(object.key)
            }
        }
        return keys
    }

    /// The controller whose scale a pod belongs to, with that scale: the deployment rather than its replica set.
    private static func scale(ofControllerOf pod: Pod, in view: any ClusterView) -> (UID, Int64)? {
        guard let reference = pod.metadata.controllerReference, let owner = view.object(uid: reference.uid) else {
            return nil
        }
        if case .replicaSet = owner, let parent = owner.metadata.controllerReference,
            let deployment = view.object(uid: parent.uid), let scale = scale(of: deployment)
        {
            return (parent.uid, scale)
        }
        return scale(of: owner).map { (reference.uid, $0) }
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

// MARK: - Rule

extension DisruptionReconciler {
    /// Returns the status that `pods`, those selected, give; `disrupted` are those whose eviction is under way.
    ///
    /// `scale` finds a pod's controller and its replicas. Where the number of pods must be known and a pod has a
    /// controller without a scale, nothing may be disrupted.
    package static func status(
        _ budget: PodDisruptionBudget, pods: [Pod], disrupted: [String], now: Instant,
        scale: (Pod) -> (UID, Int64)?
    ) -> PodDisruptionBudget.Status {
        var status = budget.status
        status.observedGeneration = budget.metadata.generation
        status.disruptedPods = disrupted
        var fault: String?
        var expected: Int64 = 0
        var desired: Int64 = 0
        if let most = budget.maxUnavailable {
            (expected, fault) = total(pods, scale: scale)
            desired = max(0, expected - most.scaled(of: expected, roundUp: true))
        } else if case .number(let least)? = budget.minAvailable {
            expected = Int64(pods.count)
            desired = least
        } else if let least = budget.minAvailable {
            (expected, fault) = total(pods, scale: scale)
            desired = least.scaled(of: expected, roundUp: true)
        }
        if let fault {
            // Fail safe: the counts stay as they are, and nothing more is allowed.
            status.disruptionsAllowed = 0
            status.conditions.set(
                Condition("DisruptionAllowed", .false, reason: "SyncFailed", message: fault, at: now.wholeSecond))
            return settled(status, like: budget.status)
        }
        status.expectedPods = expected
        status.desiredHealthy = desired
        status.currentHealthy = Int64(
            pods.count { pod in pod.isReady && !pod.isTerminating && !disrupted.contains(pod.metadata.name) })
        status.disruptionsAllowed = expected > 0 ? max(0, status.currentHealthy - desired) : 0
        status.conditions.set(
            status.disruptionsAllowed > 0
                ? Condition("DisruptionAllowed", .true, reason: "SufficientPods", at: now.wholeSecond)
                : Condition("DisruptionAllowed", .false, reason: "InsufficientPods", at: now.wholeSecond))
        return settled(status, like: budget.status)
    }

    /// Returns the number of pods that the controllers of `pods` ask for, or what is wrong with one of them.
    private static func total(_ pods: [Pod], scale: (Pod) -> (UID, Int64)?) -> (Int64, String?) {
        var seen: [UID] = []
        var sum: Int64 = 0
        for pod in pods {
            // Pods that nobody manages count for nothing; a controller without a scale is an error.
            guard pod.metadata.controllerReference != nil else { continue }
            guard let (controller, replicas) = scale(pod) else {
                return (0, "found no controllers for pod \"\(pod.metadata.name)\"")
            }
            guard !seen.contains(controller) else { continue }
            seen.append(controller)
            sum += replicas
        }
        return (sum, nil)
    }

    // `set` renews the update time of a condition that stays; here that alone is no change.
    private static func settled(
        _ status: PodDisruptionBudget.Status, like before: PodDisruptionBudget.Status
    ) -> PodDisruptionBudget.Status {
        var next = status
        for index in next.conditions.indices {
            let condition = next.conditions[index]
            guard let old = before.conditions.named(condition.type), old.status == condition.status,
                old.reason == condition.reason
            else { continue }
            next.conditions[index] = old
        }
        return next
    }
}
