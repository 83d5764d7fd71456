// Kubernetes counterpart: pkg/controller/statefulset (v1.36).
// Deliberate differences: a pod held back by a claim that goes with an earlier pod is looked at when the claim is gone,
// where upstream waits for the next change of the set or its pods.

package import ControlPlane
package import KubernetesAPI

/// Keeps the pods of stateful sets, each with a name and claims of its own, at the set's number and template.
package struct StatefulSetReconciler: Reconciler {
    package static let name = "statefulset-controller"
    package static let settings = ReconcilerSettings(workers: 5)
    private static let podFacets: PodFacets = [.added, .deleted, .phase, .readiness, .termination, .labels, .owners]
    package static let interest = ChangeInterest(
        [.statefulSet, .persistentVolumeClaim], pods: podFacets, ofOwner: .statefulSet)

    // What the answers to requests under way tell, by the object of the request.
    private var notes: [ObjectKey: StatefulSetPlan.Note] = [:]
    // Events that wait for the next step of their set.
    private var events: [ObjectKey: [EventRecord]] = [:]
    // Sets whose last step failed: the next one reports first, as what follows is likely to fail again.
    private var failed: Set<ObjectKey> = []

    package init() {}

    package mutating func reconcile(_ key: ObjectKey, in view: any ClusterView) -> ReconcileResult {
        var result = ReconcileResult(events: events.removeValue(forKey: key) ?? [])
        let reportsFirst = failed.remove(key) != nil
        guard case .statefulSet(let set)? = view.object(key) else { return result }
        let revisions = Self.revisions(of: set, in: view)
        // Upstream tries to adopt them before all else, and gives up on a set that is going away.
        if set.metadata.isDeleting, revisions.hasOrphans {
            result.retry = true
            return result
        }
        let claimed = Self.claim(set, in: view)
        var plan = StatefulSetPlan(set, pods: claimed.pods, revisions: revisions, now: view.now) { name in
            let key = ObjectKey(.persistentVolumeClaim, namespace: key.namespace, name: name)
            guard case .persistentVolumeClaim(let claim)? = view.object(key) else { return nil }
            return claim
        }
        plan.run()
        for (target, note) in plan.notes { notes[target] = note }

        var report: [Action] = []
        if plan.changesStatus {
            var reported = set
            reported.status = plan.status
            report = [.updateStatus(.statefulSet(reported))]
        }
        result.actions = revisions.changes + claimed.changes
        result.actions += reportsFirst ? report + plan.actions : plan.actions + report
        result.actions += revisions.surplus(pods: claimed.pods, limit: set.spec.revisionHistoryLimit)
        result.events += plan.events
        result.recheckAfter = claimed.pods.nextAvailability(
            minReadySeconds: set.spec.minReadySeconds, now: view.now)
        result.retry = plan.hasFailed
        return result
    }

    package mutating func observe(_ action: Action, error: ActionError?) {
        if let note = notes.removeValue(forKey: action.key) {
            events[note.set, default: []] += note.events(error)
            if error != nil { failed.insert(note.set) }
        }
    }

    package func keys(for change: WatchEvent, in view: any ClusterView) -> [ObjectKey] {
        let object = change.object
        switch object {
        case .statefulSet: return [object.key]
        case .persistentVolumeClaim(let claim):
            guard case .deleted = change else { return [] }
            return view.objects(of: .statefulSet, namespace: claim.metadata.namespace).filter { candidate in
                guard case .statefulSet(let set) = candidate else { return false }
                return set.mayWait(for: claim)
            }.map(\.key)
        case .pod(let pod):
            if case .modified(.pod(let old), _) = change,
                PodFacets(from: old, to: pod).isDisjoint(with: Self.podFacets)
            {
                return []
            }
            return PodOwners.keys(.statefulSet, pod: pod, change: change) {
                view.objects(of: .statefulSet, namespace: pod.metadata.namespace).filter { candidate in
                    guard case .statefulSet(let set) = candidate else { return false }
                    return set.spec.selector?.matches(pod.metadata.labels) ?? false
                }
            }
        case .namespace, .node, .replicaSet, .deployment, .daemonSet, .job, .cronJob, .service, .podDisruptionBudget,
            .priorityClass, .persistentVolume, .storageClass, .horizontalPodAutoscaler, .verticalPodAutoscaler,
            .resourceQuota, .limitRange,
            .replicationController, .controllerRevision, .lease, .endpoints, .endpointSlice, .csiNode, .other:
            return []
        }
    }

    /// Returns the pods that are the set's, and the adoptions and releases that this takes.
    private static func claim(_ set: StatefulSet, in view: any ClusterView) -> (pods: [Pod], changes: [Action]) {
        let orphans = view.orphanPods(inNamespace: set.metadata.namespace).filter(set.isParent)
        let claim = PodClaim(
            owner: set.metadata, kind: .statefulSet, selector: set.spec.selector,
            owned: view.pods(controlledBy: set.metadata.uid).filter(set.isParent), orphans: orphans,
            includesInactive: true)
        guard !orphans.isEmpty else { return (claim.all, claim.changes) }
        let uids = Set(orphans.map(\.metadata.uid))
        let pods = claim.all.map { pod in
            guard uids.contains(pod.metadata.uid) else { return pod }
            // The adoption makes a new version of it.
            var adopted = pod
            adopted.metadata.resourceVersion = 0
            return adopted
        }
        return (pods, claim.changes)
    }

    private static func revisions(of set: StatefulSet, in view: any ClusterView) -> StatefulSetRevisions {
        var listed: [ControllerRevision] = []
        for case .controllerRevision(let revision) in view.objects(
            of: .controllerRevision, namespace: set.metadata.namespace)
        where revision.metadata.controllerUID ?? set.metadata.uid == set.metadata.uid
            && set.spec.selector?.matches(revision.metadata.labels) ?? false
        {
            listed.append(revision)
        }
        return StatefulSetRevisions(set, listed: listed) { name in
            let key = ObjectKey(.controllerRevision, namespace: set.metadata.namespace, name: name)
            guard case .controllerRevision(let revision)? = view.object(key) else { return nil }
            return revision
        }
    }
}

extension StatefulSet {
    /// Whether a pod of the set may have waited for `claim` to go.
    fileprivate func mayWait(for claim: PersistentVolumeClaim) -> Bool {
        guard spec.whenScaled == .delete, let place = StatefulPodName(claim.metadata.name),
            ordinals.contains(place.ordinal)
        else { return false }
        return spec.volumeClaimTemplates.contains {
            claimName($0, ordinal: place.ordinal) == claim.metadata.name
        }
    }
}
