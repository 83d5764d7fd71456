// Kubernetes counterpart: pkg/controller/replicaset (v1.36).
// Deliberate differences: pods are found by owner, so the relisting of a whole namespace does not exist.

package import ControlPlane
package import KubernetesAPI
import Chronology

/// Keeps the number of a replica set's pods equal to its `spec.replicas`.
package struct ReplicaSetReconciler: Reconciler {
    package static let name = "replicaset-controller"
    package static let settings = ReconcilerSettings(workers: 5)
    /// What a replica set reads of its pods.
    static let podFacets: PodFacets = [
        .added, .deleted, .phase, .readiness, .termination, .labels, .owners, .disruption,
    ]
    package static let interest = ChangeInterest(
        [.replicaSet], pods: podFacets, ofOwner: .replicaSet)

    var requests: PodRequests
    // Why pods could last not be made or deleted, until one can.
    private var failures: [ObjectKey: ReplicaSetFailure] = [:]
    /// The kind that it serves: replica sets, or replication controllers seen as such.
    let kind: ObjectKind

    package init() { self.init(kind: .replicaSet) }

    init(kind: ObjectKind) {
        self.kind = kind
        requests = PodRequests(kind)
    }

    package mutating func reconcile(_ key: ObjectKey, in view: any ClusterView) -> ReconcileResult {
        guard let replicaSet = replicaSet(key, in: view) else {
            requests.forget(key)
            failures[key] = nil
            _ = requests.takeEvents(of: key)
            return .settled
        }
        if let result = reconcileInSum(replicaSet, key, in: view) { return result }
        let now = view.now
        let owned = view.pods(controlledBy: replicaSet.metadata.uid)
        let claim = PodClaim(
            owner: replicaSet.metadata, kind: kind, selector: replicaSet.spec.selector, owned: owned,
            orphans: view.orphanPods(inNamespace: key.namespace), template: replicaSet.spec.template.labels)
        var plan = ReplicaSetPlan()
        if requests.expectations.areMet(key, pods: owned, in: view), !replicaSet.metadata.isDeleting {
            plan = Self.plan(
                replicaSet, pods: claim.active, now: now,
                related: { Self.relatedPods(of: replicaSet, own: owned, in: view) })
        }
        // A step that makes no pods cannot fail to: what failed before is over.
        if plan.created == 0 { failures[key] = nil }
        var status = Self.status(replicaSet, claim: claim, failure: failures[key], now: now)
        // The older kind does not report them.
        if kind == .replicationController { status.terminatingReplicas = nil }

        var result = ReconcileResult()
        result.events = requests.takeEvents(of: key)
        result.actions = claim.changes
        let statusAction: Action? =
            status == replicaSet.status ? nil : .updateStatus(object(replicaSet.with(status)))
        // After a failure the report goes first: what follows is likely to fail again and would keep it back.
        if failures[key] != nil, let statusAction { result.actions.append(statusAction) }
        if !plan.isEmpty {
            requests.expectations.plan(key, pods: owned, deleting: plan.deleted, now: now)
            for _ in 0..<plan.created {
                result.actions.append(.create(.pod(pod(of: replicaSet))))
            }
            for pod in plan.deleted {
                result.append(
                    .delete(pod.key, uid: pod.metadata.uid, gracePeriodSeconds: nil, propagation: .background),
                    telling: EventRecord(
                        key, reason: "SuccessfulDelete", message: "Deleted pod: \(pod.metadata.name)"))
            }
        }
        if failures[key] == nil, let statusAction { result.actions.append(statusAction) }
        result.recheckAfter = claim.active.nextAvailability(
            minReadySeconds: replicaSet.spec.minReadySeconds, now: now)
        return result
    }

    package mutating func observe(_ action: Action, error: ActionError?) {
        switch requests.observe(action, error: error) {
        case .created(let key): if !failures.isEmpty { failures[key] = nil }
        case .refused(let key, let error): failures[key] = ReplicaSetFailure(reason: "FailedCreate", error: error)
        case .other: break
        }
    }

    package func keys(for change: WatchEvent, in view: any ClusterView) -> [ObjectKey] {
        switch change.object {
        case .replicaSet(let replicaSet):
            return [ObjectKey(.replicaSet, namespace: replicaSet.metadata.namespace, name: replicaSet.metadata.name)]
        case .pod(let pod):
            return PodOwners.keys(.replicaSet, pod: pod, change: change) {
                view.objects(of: .replicaSet, namespace: pod.metadata.namespace).filter { object in
                    guard case .replicaSet(let candidate) = object else { return false }
                    return candidate.spec.selector?.matches(pod.metadata.labels) ?? false
                }
            }
        case .namespace, .node, .deployment, .statefulSet, .daemonSet, .job, .cronJob, .service, .podDisruptionBudget,
            .priorityClass, .persistentVolume, .persistentVolumeClaim, .storageClass, .horizontalPodAutoscaler,
            .verticalPodAutoscaler,
            .resourceQuota, .limitRange, .replicationController, .controllerRevision, .lease, .endpoints,
            .endpointSlice, .csiNode,
            .other:
            return []
        }
    }

    /// Whether no failure has to be reported.
    func hasNothingToTell(about key: ObjectKey) -> Bool { failures[key] == nil }

    /// The pods of all replica sets under the same controller: their crowding on nodes decides who goes.
    private static func relatedPods(of replicaSet: ReplicaSet, own: [Pod], in view: any ClusterView) -> [Pod] {
        guard let controller = replicaSet.metadata.controllerReference else { return [] }
        return view.replicaSets(controlledBy: controller.uid).flatMap { view.pods(controlledBy: $0.metadata.uid) }
    }

    func pod(of replicaSet: ReplicaSet) -> Pod {
        Pod(
            from: replicaSet.spec.template, ownedBy: replicaSet.metadata, kind: kind,
            generateName: replicaSet.metadata.name + "-")
    }
}

extension ReplicaSet {
    func with(_ status: Status) -> ReplicaSet {
        var changed = self
        changed.status = status
        return changed
    }
}
