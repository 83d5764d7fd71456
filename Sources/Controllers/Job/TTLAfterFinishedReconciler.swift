// Kubernetes counterpart: pkg/controller/ttlafterfinished (v1.36). Deliberate differences: none.

package import ControlPlane
package import KubernetesAPI
import Chronology

/// Deletes finished jobs, with their pods, `ttlSecondsAfterFinished` after they ended.
package struct TTLAfterFinishedReconciler: Reconciler {
    package static let name = "ttl-after-finished-controller"
    package static let settings = ReconcilerSettings(workers: 5)
    package static let interest = ChangeInterest([.job])

    package init() {}

    package func keys(for change: WatchEvent, in view: any ClusterView) -> [ObjectKey] {
        guard case .job(let job) = change.object, job.spec.ttlSecondsAfterFinished != nil,
            job.finishedCondition != nil
        else { return [] }
        return [change.object.key]
    }

    package mutating func reconcile(_ key: ObjectKey, in view: any ClusterView) -> ReconcileResult {
        guard let job = view.job(namespace: key.namespace, name: key.name), !job.metadata.isDeleting,
            let ttl = job.spec.ttlSecondsAfterFinished, let end = job.finishedCondition?.lastTransitionTime
        else { return .settled }
        let wait = end + .seconds(ttl) - view.now
        if wait > .zero { return ReconcileResult(recheckAfter: wait) }
        return ReconcileResult(actions: [
            .delete(key, uid: job.metadata.uid, gracePeriodSeconds: nil, propagation: .foreground)
        ])
    }
}
