import Chronology
package import KubernetesAPI
import SchedulingFramework

extension PodScheduler {
    /// The gangs with a PodGroup, in the order in which they appeared; empty when no profile schedules gangs.
    package var gangs: [GangReport] { queue.gangs.reports }

    /// Follows a PodGroup.
    mutating func applyPodGroup(_ object: UnmodelledObject, isDeleted: Bool, now: Instant) {
        guard queue.gangs.isOn, let policy = object.podGroup else { return }
        let metadata = object.metadata
        let awake = queue.gangs.set(isDeleted ? nil : policy, namespace: metadata.namespace, name: metadata.name)
        for uid in awake { queue.activate(uid) }
    }

    /// Follows a pod that has not ended, before it is put in line or on its node.
    mutating func followGang(of pod: Pod) {
        guard queue.gangs.isOn else { return }
        for uid in queue.gangs.follow(pod) { queue.activate(uid) }
    }

    /// The permit phase of a member is over: its gang goes on to wait, or may run.
    mutating func gangIsPermitted(_ uid: UID, holds: [Binding.Hold], now: Instant) {
        if holds.contains(where: { $0.plugin == GangScheduling.name }) {
            for sibling in queue.gangs.beginsToWait(uid, now: now) { queue.activate(sibling) }
        } else if holds.isEmpty {
            queue.gangs.isPlaced(uid)
        }
    }

    /// Lets the rest of a gang go whose member gave up: none of them runs.
    mutating func rejectSiblings(_ siblings: [UID], now: Instant) {
        for uid in siblings {
            reject(
                pod: uid, plugin: GangScheduling.name, reason: "rejected with the other pods of its gang", now: now)
        }
    }
}
