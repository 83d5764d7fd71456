package import Chronology
package import KubernetesAPI
import SchedulingFramework

// Kubernetes counterpart: bindingCycle, handleBindingCycleError in schedule_one.go (v1.36).

extension PodScheduler {
    /// Tells that the binding of an assumed pod was answered. A failed one frees the node, and the pod backs off.
    ///
    /// A pod that the watch has shown bound, or gone, is left alone.
    package mutating func bindFinished(pod uid: UID, node: String, succeeded: Bool, now: Instant) {
        guard !succeeded, let record = assumed[uid] else { return }
        release(uid, now: now)
        queue.putBack(uid, info: record.info, rejectors: 0, record: record, now: now)
    }

    /// Gives up an assumption without putting the pod back in line.
    package mutating func forget(pod uid: UID, now: Instant) {
        guard assumed[uid] != nil else { return }
        release(uid, now: now)
    }
}
