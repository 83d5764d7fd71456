import Chronology
import ControlPlane
import KubernetesAPI
import Machines

/// What was there when a run went on from a live cluster.
struct TakeoverDesk {
    /// Whether objects of the export are being brought in.
    var isUnderWay = false
    /// The pods that were there.
    var pods: Int64 = 0

    /// When a pod that appears now was created, before the start for one that was there: reports tell them apart by
    /// that.
    func creation(of pod: Pod, now: Instant) -> Instant {
        isUnderWay ? min(pod.metadata.creationTimestamp, .start - Duration(nanoseconds: 1)) : now
    }
}

extension World {
    /// Brings in the objects of the input: those of a live cluster as they stood, and without anybody starting anew.
    mutating func introduceObjects() {
        takeover.isUnderWay = setup.cluster != nil
        if takeover.isUnderWay { for index in nodes.indices { takeOver(Int32(index)) } }
        for object in setup.objects { introduce(object) }
        guard let cluster = setup.cluster else { return }
        takeover.isUnderWay = false
        for host in hosts { host.reconciler.resume(in: api) }
        for waiting in cluster.waiting {
            record(
                EventRecord(waiting.pod, .warning, reason: "FailedScheduling", message: waiting.message),
                source: waiting.source)
        }
    }

    /// A machine that nobody heard of when its cluster was exported has no power, for all that anybody knows; one whose
    /// kubelet said that it was not ready goes on saying so.
    private mutating func takeOver(_ index: Int32) {
        switch nodes[Int(index)].template.status.conditions.named(Condition.ready)?.status {
        case .unknown:
            powerOff(index)
            nodes[Int(index)].isLost = true
        case .false: nodes[Int(index)].staysNotReady = true
        case .true, nil: break
        }
    }

    /// Notes what a pod that was there went through before anybody looked.
    mutating func notePast(of slot: Int32, _ pod: Pod) {
        guard takeover.isUnderWay else { return }
        takeover.pods += 1
        tracker[slot].wasReady = pod.status.phase != .pending
        let restarts = pod.status.containerStatuses.map(\.restartCount).max() ?? 0
        tracker[slot].restarts = restarts
        tracker[slot].restartsBefore = restarts
    }

    /// The grace that a kubelet gives a pod: what is left of it, when the deletion was under way before the start.
    func grace(of pod: Pod) -> Duration {
        let whole = Duration.seconds(
            pod.metadata.deletionGracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds)
        guard setup.cluster != nil, let due = pod.metadata.deletionTimestamp, due - whole < .start else { return whole }
        return max(.seconds(1), due - now)
    }
}
