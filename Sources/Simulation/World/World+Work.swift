import Chronology
import ClusterStore
import ControlPlane
import KubernetesAPI
import Machines
import Observations
import Workloads

// What happens to the work of containers whose runs end by themselves: what is lost when one is cut short, and who goes on.

extension World {
    /// Lays what is saved of earlier work over the plan of a pod that its kubelet begins with.
    mutating func resumeWork(of pod: Pod, profile: Int32, in plan: inout PodPlan) {
        for container in plan.runs.indices {
            plan.runs[container] = resumed(plan.runs[container], container: Int32(container), of: pod, profile: profile)
        }
    }

    /// Returns `run` as it goes when its container saves its work: the rest of a task, with the time that checkpoints take.
    mutating func resumed(_ run: RunPlan, container: Int32, of pod: Pod, profile: Int32) -> RunPlan {
        guard let rule = profiles[profile].behaviors[Int(container)].checkpoint, let drawn = run.runTime else {
            return run
        }
        let seat = Self.seat(of: pod, container: container)
        let uid = pod.metadata.uid
        var task =
            work.takeWaiting(at: seat, for: uid) { [api] other in
                guard case .pod(let former)? = api.object(uid: other) else { return true }
                return former.isTerminating || former.status.phase.isTerminal
            } ?? WorkDesk.Piece(pod: uid, total: drawn, saved: .zero)
        task.pod = uid
        work.restored += task.saved
        work.begin(task, at: seat)
        var resumed = run
        resumed.runTime = rule.length(total: task.total, saved: task.saved)
        return resumed
    }

    private static func seat(of pod: Pod, container: Int32) -> WorkDesk.Seat {
        guard let owner = pod.metadata.controllerReference else {
            return WorkDesk.Seat(owner: pod.metadata.uid, index: "", container: container)
        }
        let index =
            owner.kind == "StatefulSet"
            ? pod.metadata.name : pod.metadata.annotations["batch.kubernetes.io/job-completion-index"] ?? ""
        return WorkDesk.Seat(owner: owner.uid, index: index, container: container)
    }

    // MARK: - Ends

    /// Follows the end of a run: work that was cut short is lost from the last checkpoint on.
    mutating func followWork(_ exit: ExitRecord) {
        guard exit.exitCode != 0 || !work.isEmpty, let pod = running[Int(exit.pod.index)], pod.slot == exit.pod else {
            return
        }
        let behavior = profiles[pod.profile].behaviors[Int(exit.container)]
        let done = exit.workDone
        if let rule = behavior.checkpoint, let (seat, task) = work.end(pod: pod.uid, container: exit.container) {
            let length = rule.length(total: task.total, saved: task.saved)
            let progress = rule.progress(after: min(done, length), total: task.total, saved: task.saved)
            work.overhead += progress.overhead
            guard exit.exitCode != 0 else { return }
            tellInterruption(of: pod, exit, progress)
            guard api.object(uid: seat.owner) != nil else { return }
            work.wait(WorkDesk.Piece(pod: task.pod, total: task.total, saved: progress.saved), at: seat)
        } else if exit.exitCode != 0, behavior.runTime != .never,
            Int(exit.container) >= profiles[pod.profile].firstMain
        {
            tellInterruption(
                of: pod, exit, CheckpointRule.Progress(work: done, saved: .zero, lost: done, overhead: .zero))
        }
    }

    private mutating func tellInterruption(
        of pod: KubeletPod, _ exit: ExitRecord, _ progress: CheckpointRule.Progress
    ) {
        work.interruptions += 1
        work.lost += progress.lost
        if causes.isOpen { traceLostWork(of: pod, progress.lost) }
        observer?.lostWork(
            LostWorkRow(
                pod: pod.row, node: exit.node.index + 1,
                container: profiles[pod.profile].containers[Int(exit.container)].name, at: now, reason: exit.reason,
                exitCode: exit.exitCode, done: progress.work, lost: progress.lost, saved: progress.saved,
                overhead: progress.overhead))
    }

    /// A pod will not go on: what it was about to work, and has not begun, is free for its successor.
    mutating func releaseWork(of uid: UID) {
        guard !work.isEmpty, let slot = kubeletPods[uid], let pod = running[Int(slot.index)], pod.slot == slot else {
            return
        }
        for container in profiles[pod.profile].containers.indices
        where !fleet.isRunning(slot, container: Int32(container)) {
            guard let (seat, task) = work.end(pod: uid, container: Int32(container)),
                api.object(uid: seat.owner) != nil
            else { continue }
            work.restored -= task.saved
            work.wait(task, at: seat)
        }
    }
}
