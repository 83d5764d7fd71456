// Kubernetes counterpart: pkg/controller/daemon (v1.36).
// Deliberate differences: the status of a step counts what upstream's informer mostly shows by then: the new pods but those
// of the last batch, and no longer the ended pods that were deleted.
// The label pod-template-generation, a relic of the first API versions, is neither written nor read.

package import ControlPlane
package import KubernetesAPI
import Chronology

/// Keeps one pod of a daemon set on every node that fits, and replaces the pods of old templates.
package struct DaemonSetReconciler: Reconciler {
    package static let name = "daemonset-controller"
    package static let settings = ReconcilerSettings(workers: 2)
    /// What a daemon set reads of its pods.
    private static let podFacets: PodFacets = [
        .added, .deleted, .node, .phase, .readiness, .termination, .labels, .owners,
    ]
    package static let interest = ChangeInterest(
        [.daemonSet, .node, .controllerRevision], pods: podFacets, ofOwner: .daemonSet)

    private var requests = PodRequests(.daemonSet)
    private var backoff = FailedPodBackoff()
    // The uids of the daemon sets that were seen, to forget what is known of them.
    private var uids: [ObjectKey: UID] = [:]
    // Daemon sets whose last step failed.
    private var failures: Set<ObjectKey> = []

    package init() {}

    package mutating func reconcile(_ key: ObjectKey, in view: any ClusterView) -> ReconcileResult {
        guard case .daemonSet(let daemonSet)? = view.object(key) else {
            forget(key)
            return .settled
        }
        guard let selector = daemonSet.spec.selector, !selector.isEmpty else { return Self.refuseEmptySelector(key) }
        var result = ReconcileResult(events: requests.takeEvents(of: key))
        if daemonSet.metadata.isDeleting { return result }
        uids[key] = daemonSet.metadata.uid
        let now = view.now
        let owned = view.pods(controlledBy: daemonSet.metadata.uid)
        let claim = PodClaim(
            owner: daemonSet.metadata, kind: .daemonSet, selector: selector, owned: owned,
            orphans: view.orphanPods(inNamespace: key.namespace), template: daemonSet.spec.template.labels,
            includesInactive: true)
        let history = DaemonSetHistory(
            daemonSet, revisions: Self.revisions(in: view, namespace: key.namespace), pods: claim.all)
        result.actions = history.actions + claim.changes
        if history.isBlocked { return result }

        let placement = DaemonSetPlacement(daemonSet.spec.template)
        var nodes = DaemonSetNodes(view.nodes(), pods: claim.all, placement: placement)
        let mayManage = requests.expectations.areMet(key, pods: owned, in: view)
        var plan = DaemonSetPlan()
        if mayManage {
            plan = DaemonSetPlan.make(daemonSet, nodes: nodes, hash: history.hash, backoff: &backoff, now: now)
        }
        let created = plan.created.map { Self.pod(of: daemonSet, on: $0, hash: history.hash, placement) }
        // What failed before may fail again: the report must not be kept back, and must not promise anything.
        let isDoubtful = failures.remove(key) != nil
        if !isDoubtful {
            let seen = DaemonSetPlan.seen(of: created.count)
            nodes.foresee(created: Array(created.prefix(seen)), deleted: plan.deleted)
        }
        let status = Self.status(daemonSet, nodes: nodes, hash: history.hash, isProcessed: mayManage, now: now)
        let report: [Action] =
            status == daemonSet.status ? [] : [.updateStatus(.daemonSet(daemonSet.with(status)))]
        let creations = created.map { Action.create(.pod($0)) }
        let cleanup = mayManage ? history.cleanup(daemonSet, pods: claim.all) : []
        result.actions += isDoubtful ? report : creations
        for pod in plan.deleted {
            result.append(
                .delete(pod.key, uid: pod.metadata.uid, gracePeriodSeconds: nil, propagation: .background),
                telling: EventRecord(key, reason: "SuccessfulDelete", message: "Deleted pod: \(pod.metadata.name)"))
        }
        result.actions += cleanup + (isDoubtful ? creations : report)
        if !plan.isEmpty { requests.expectations.plan(key, pods: owned, deleting: plan.deleted, now: now) }
        result.events += plan.events
        result.recheckAfter = plan.recheckAfter
        // By the pods, not by the status: that counts the old pod of a node, and not the one which is to take its place.
        let minReady = daemonSet.spec.minReadySeconds
        if let wait = claim.all.nextAvailability(minReadySeconds: minReady, now: now) { result.recheck(after: wait) }
        result.retry = plan.isStuck
        return result
    }

    package mutating func observe(_ action: Action, error: ActionError?) {
        if case .refused(let key, _) = requests.observe(action, error: error) { failures.insert(key) }
    }

    package func keys(for change: WatchEvent, in view: any ClusterView) -> [ObjectKey] {
        switch change.object {
        case .daemonSet: return [change.object.key]
        case .node: return Self.keys(forNode: change, in: view)
        case .controllerRevision(let revision): return Self.keys(forRevision: revision, change, in: view)
        case .pod(let pod):
            if case .modified(.pod(let old), _) = change,
                PodFacets(from: old, to: pod).isDisjoint(with: Self.podFacets)
            {
                return []
            }
            return PodOwners.keys(.daemonSet, pod: pod, change: change) {
                Self.matching(pod.metadata, in: view).compactMap { view.object($0) }
            }
        case .namespace, .replicaSet, .deployment, .statefulSet, .job, .cronJob, .service, .podDisruptionBudget,
            .priorityClass, .persistentVolume, .persistentVolumeClaim, .storageClass, .horizontalPodAutoscaler,
            .verticalPodAutoscaler,
            .resourceQuota, .limitRange, .replicationController, .lease, .endpoints, .endpointSlice, .csiNode, .other:
            return []
        }
    }
}

// MARK: - Parts of a step

extension DaemonSetReconciler {
    private mutating func forget(_ key: ObjectKey) {
        requests.forget(key)
        failures.remove(key)
        _ = requests.takeEvents(of: key)
        if let uid = uids.removeValue(forKey: key) { backoff.forget(uid) }
    }

    private static func revisions(in view: any ClusterView, namespace: String) -> [ControllerRevision] {
        view.objects(of: .controllerRevision, namespace: namespace).compactMap { object in
            if case .controllerRevision(let revision) = object { revision } else { nil }
        }
    }

    private static func pod(
        of daemonSet: DaemonSet, on node: String, hash: String, _ placement: DaemonSetPlacement
    ) -> Pod {
        let labels = daemonSet.spec.template.labels.merging([DaemonSet.hashLabel: hash])
        return Pod(
            from: placement.template(for: node, labels: labels), ownedBy: daemonSet.metadata, kind: .daemonSet,
            generateName: daemonSet.metadata.name + "-")
    }

    private static func refuseEmptySelector(_ key: ObjectKey) -> ReconcileResult {
        ReconcileResult(events: [
            EventRecord(
                key, .warning, reason: "SelectingAll",
                message: "This daemon set is selecting all pods. A non-empty selector is required.")
        ])
    }
}

extension DaemonSet {
    func with(_ status: Status) -> DaemonSet {
        var changed = self
        changed.status = status
        return changed
    }
}
