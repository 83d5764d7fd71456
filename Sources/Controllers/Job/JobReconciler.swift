// Kubernetes counterpart: pkg/controller/job (v1.36).
// Deliberate differences: the index of a pod is in its annotations and labels, not in its hostname and environment.

package import ControlPlane
package import KubernetesAPI
package import Chronology

/// Runs a job's pods until enough of them succeeded or too many failed.
package struct JobReconciler: Reconciler {
    package static let name = "job-controller"
    package static let settings = ReconcilerSettings(workers: 5)
    package static let interest = ChangeInterest([.job], pods: .all, ofOwner: .job)
    /// How long changes of pods are gathered before they are looked at (`syncJobBatchPeriod`).
    package static let batchPeriod = Duration.seconds(1)

    private var memories: [ObjectKey: JobMemory] = [:]
    private var requests = PodRequests(.job)

    package init() {}

    package mutating func reconcile(_ key: ObjectKey, in view: any ClusterView) -> ReconcileResult {
        let now = view.now
        if key.kind == .pod { return Self.releaseOrphan(key, in: view) }
        guard let job = view.job(namespace: key.namespace, name: key.name) else {
            let uid = memories.removeValue(forKey: key)?.uid
            requests.forget(key)
            return told(
                key,
                Self.release(
                    uid.map { view.pods(controlledBy: $0) }
                        ?? view.pods(inNamespace: key.namespace).filter { $0.metadata.controllerKey(.job) == key }))
        }
        if job.isManagedElsewhere { return .settled }
        var memory = memories[key] ?? JobMemory(uid: job.metadata.uid)
        if memory.uid != job.metadata.uid {
            memory = JobMemory(uid: job.metadata.uid)
            // The pods that it waits to see are another's.
            requests.forget(key)
        }
        guard job.finishedCondition == nil else {
            memories[key] = JobMemory(uid: job.metadata.uid)
            return told(key, Self.release(view.pods(controlledBy: job.metadata.uid)))
        }
        let result: ReconcileResult
        switch memory.turn(for: job, now: now) {
        case .wait(let wait): result = ReconcileResult(recheckAfter: wait)
        case .report: result = synchronise(job, key, &memory, mayCreate: false, in: view)
        case .synchronise: result = synchronise(job, key, &memory, mayCreate: true, in: view)
        }
        memories[key] = memory
        return told(key, result)
    }

    private mutating func synchronise(
        _ job: Job, _ key: ObjectKey, _ memory: inout JobMemory, mayCreate: Bool, in view: any ClusterView
    ) -> ReconcileResult {
        let now = view.now
        let owned = view.pods(controlledBy: job.metadata.uid)
        let claim = PodClaim(
            owner: job.metadata, kind: .job, selector: job.podSelector, owned: owned,
            orphans: view.orphanPods(inNamespace: key.namespace), includesInactive: true,
            finalizer: JobPlan.finalizer)
        if !memory.releasing.isEmpty {
            let held = Set(owned.lazy.filter(\.hasTrackingFinalizer).map(\.metadata.uid))
            memory.releasing.formIntersection(held)
        }
        var plan = JobPlan(job, pods: claim.all, backoff: memory.backoff, releasing: memory.releasing, now: now)
        plan.run(mayManage: requests.expectations.areMet(key, pods: owned, in: view), mayCreate: mayCreate)
        memory.backoffPlanned = plan.backoff
        if plan.created > 0 || !plan.deleted.isEmpty {
            requests.expectations.plan(key, pods: owned, deleting: plan.deleted, now: now)
        }
        var result = plan.result
        result.actions = claim.changes + result.actions
        memory.timer = result.recheckAfter.map { now + $0 }
        result.recheckAfter = memory.wait(now: now)
        return result
    }

    /// Adds the events of requests that were carried out since the last call.
    private mutating func told(_ key: ObjectKey, _ result: ReconcileResult) -> ReconcileResult {
        let earlier = requests.takeEvents(of: key)
        if earlier.isEmpty { return result }
        var result = result
        result.events = earlier + result.events
        return result
    }

    package mutating func observe(_ action: Action, error: ActionError?) {
        if case .refused(let key, _) = requests.observe(action, error: error) {
            memories[key]?.hasFailed = true
            memories[key]?.creationFailed = true
        }
        switch action {
        case .updateStatus(.job(let job)):
            let key = ObjectKey(.job, namespace: job.metadata.namespace, name: job.metadata.name)
            guard memories[key] != nil else { return }
            if error != nil {
                memories[key]?.hasFailed = true
            } else if let backoff = memories[key]?.backoffPlanned {
                memories[key]?.backoff = backoff
                memories[key]?.backoffPlanned = nil
            }
        case .update(.pod(let pod)):
            guard let key = pod.metadata.controllerKey(.job) else { return }
            if error != nil {
                memories[key]?.hasFailed = true
            } else if !pod.hasTrackingFinalizer {
                memories[key]?.releasing.insert(pod.metadata.uid)
            }
        case .create, .update, .updateStatus, .delete, .bind, .evict, .patchPodStatus, .patchMetadata, .patchNodeTaints,
            .patchNodeConditions:
            break
        }
    }

    package func keys(for change: WatchEvent, in view: any ClusterView) -> [ObjectKey] {
        let object = change.object
        switch object {
        case .job(let job):
            guard case .deleted = change else { return [object.key] }
            // Another job may have the name by the time its own key comes (`enqueueLabelSelector`).
            let left = view.pods(controlledBy: job.metadata.uid).filter(\.hasTrackingFinalizer)
            return [object.key] + left.map { KubernetesObject.pod($0).key }
        case .pod(let pod):
            var keys = PodOwners.keys(.job, pod: pod, change: change) {
                let labels = pod.metadata.labels
                let labelledUID = Job.labelledUID(labels)
                return view.objects(of: .job, namespace: pod.metadata.namespace).filter { candidate in
                    guard case .job(let job) = candidate else { return false }
                    return job.couldAdopt(labels, labelledUID: labelledUID)
                }
            }
            if pod.hasTrackingFinalizer, Self.isOrphan(pod, in: view) { keys.append(object.key) }
            return keys
        case .namespace, .node, .replicaSet, .deployment, .statefulSet, .daemonSet, .cronJob, .service,
            .podDisruptionBudget, .priorityClass, .persistentVolume, .persistentVolumeClaim, .storageClass,
            .horizontalPodAutoscaler, .verticalPodAutoscaler, .resourceQuota, .limitRange, .replicationController,
            .controllerRevision,
            .lease, .endpoints, .endpointSlice, .csiNode, .other:
            return []
        }
    }

    /// Whether no controller owns a pod any more: nobody is named, or a job that made way for another of its name. (Of
    /// one that is gone for good, the pods are released when its own key comes.)
    private static func isOrphan(_ pod: Pod, in view: any ClusterView) -> Bool {
        guard let owner = pod.metadata.controllerReference else { return true }
        guard let key = pod.metadata.controllerKey(.job), let job = view.job(namespace: key.namespace, name: key.name)
        else { return false }
        return job.metadata.uid != owner.uid
    }

    /// Takes the finalizer off a pod that no controller owns any more.
    private static func releaseOrphan(_ key: ObjectKey, in view: any ClusterView) -> ReconcileResult {
        guard let pod = view.pod(namespace: key.namespace, name: key.name), isOrphan(pod, in: view) else {
            return .settled
        }
        return release([pod])
    }

    /// Takes the finalizer off pods that a finished or deleted job left behind.
    private static func release(_ pods: [Pod]) -> ReconcileResult {
        var result = ReconcileResult()
        for pod in pods where pod.hasTrackingFinalizer { result.actions.append(JobPlan.release(pod)) }
        return result
    }
}
