package import Chronology
package import KubernetesAPI
import SchedulingFramework

// Kubernetes counterpart: prepareCandidateAsync, isRunningPreemption in framework/preemption/executor.go (v1.36).

extension PodScheduler {
    /// Tells that the evictions that `uid` asked for were answered. After a failure the pod is tried again at once.
    ///
    /// A host that sees no answers need not call it: the watch shows the last victim's deletion all the same.
    package mutating func evictionsFinished(preemptor uid: UID, succeeded: Bool, now: Instant) {
        preemptions.end(uid)
        queue.preempting.remove(uid)
        if !succeeded { queue.activate(uid) }
    }

    /// Begins to evict: victims without a binding yet go back in line, the rest is the host's. Returns whom it evicts.
    ///
    /// Pods that are being deleted already are left out.
    mutating func prepareEvictions(
        of victims: [PodInfo], for pod: PodInfo, by plugin: PluginName, now: Instant
    ) -> [ObjectKey] {
        var evicted: [PodInfo] = []
        for victim in victims where !victim.pod.isTerminating {
            if !preemptInMemory(victim.uid, by: plugin, now: now) { evicted.append(victim) }
        }
        if let last = evicted.last {
            preemptions.begin(pod.uid, lastVictim: last.uid, now: now)
            queue.preempting.insert(pod.uid)
        }
        return evicted.map(\.key)
    }

    /// Pods of lower priority whose status nominates them to the node lose that: there will be no room for them.
    func displaced(by pod: PodInfo, on node: String) -> [ObjectKey] {
        nominator.pods(on: node).filter {
            $0.priority < pod.priority && $0.uid != pod.uid && !($0.pod.status.nominatedNodeName ?? "").isEmpty
        }.map(\.key)
    }

    /// A pod is being deleted, or is gone: whoever waited for that may enter the queue again.
    mutating func victimLeaves(_ uid: UID) {
        if preemptions.isEmpty { return }
        for preemptor in preemptions.victimLeaves(uid) { queue.preempting.remove(preemptor) }
    }

    /// Evictions that nobody answers count as failed.
    mutating func expirePreemptions(now: Instant) {
        for preemptor in preemptions.expire(now: now) {
            queue.preempting.remove(preemptor)
            queue.activate(preemptor)
        }
    }
}
