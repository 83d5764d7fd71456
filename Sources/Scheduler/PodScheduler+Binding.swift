package import Chronology
package import KubernetesAPI
package import SchedulingFramework

// Kubernetes counterpart: bindingCycle, handleBindingCycleError in schedule_one.go (v1.36).

extension PodScheduler {
    /// Returns whether the binding of an assumed pod may go on, after the attempt asked for `updates`: success, wait (ask
    /// again when something changed), or a rejection or error: then the host is to report the binding as failed.
    ///
    /// Upstream gives up after `bindTimeoutSeconds`, 600 by default.
    package func preBindVerdict(pod uid: UID) -> Verdict {
        guard let reservation = reservations[uid] else { return .success }
        guard let node = cache.node(reservation.node) else {
            return Verdict(.error, reasons: ["failed to get node \"\(reservation.node)\""])
        }
        for plugin in profiles[reservation.profile].preBinds {
            let verdict = plugin.preBind(
                reservation.pod, to: node, in: cache.snapshot, state: reservation.state)
            if !verdict.isSuccess { return verdict }
        }
        return .success
    }

    /// Gives back what plugins set aside for a pod that does not get to its node.
    mutating func unreserve(_ uid: UID) {
        if reservations.isEmpty { return }
        guard let reservation = reservations.removeValue(forKey: uid) else { return }
        for plugin in profiles[reservation.profile].reserves.reversed() {
            plugin.unreserve(reservation.pod, on: reservation.node, in: cache.snapshot, state: reservation.state)
        }
    }

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
