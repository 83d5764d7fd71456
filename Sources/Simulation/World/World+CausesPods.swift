import Chronology
import ControlPlane
import Costs
import KubernetesAPI
import Machines
import Observations

// The chains through pods: how each is lost, who makes its successor, and how that comes to be ready.

extension World {
    /// What befell the machine of a pod, if that can trouble the pod: a node that people cordoned is well.
    func trouble(of slot: Int32) -> CauseLink? {
        let index = tracker[slot].node - 1
        guard index >= 0, let link = causes.link(ofNode: index) else { return nil }
        let node = nodes[Int(index)]
        return link.fault >= 0 || !node.isOn || node.state == .notReady ? link : nil
    }

    /// Follows a change of a pod, once everything else has.
    mutating func tracePod(_ old: Pod, _ new: Pod, _ slot: Int32) {
        if !causes.ambients.isEmpty { causes.expireAmbients(at: now) }
        let before = PodTracker.state(of: old)
        let after = PodTracker.state(of: new)
        var isHit = before == .ready && after != .ready && after != .succeeded
        var loss: CauseLink?
        if !old.isTerminating, new.isTerminating {
            // What its own controller takes away, as in a rollout, is no loss.
            if Self.owners.contains(deletionActor(of: new)) { isHit = false }
            loss = traceDeletion(of: new, slot, isHit: isHit)
        } else if !new.isTerminating, old.status.phase != .failed, new.status.phase == .failed {
            let parent = CauseDesk.later(causes.link(ofPod: slot), trouble(of: slot)) ?? causes.current?.link
            loss = parent.map {
                note(.podFailed, after: $0, by: CauseActor.kubelet, pod: slot, isHit: isHit, new.status.reason)
            }
            if let loss { lose(new, slot, loss) }
        } else if isHit {
            let parent = CauseDesk.later(
                CauseDesk.later(causes.link(ofPod: slot), trouble(of: slot)), causes.current?.link)
            loss = parent.map {
                note(.podUnready, after: $0, by: actor(or: CauseActor.kubelet), pod: slot, isHit: true)
            }
            if let loss { causes.set(loss, ofPod: slot) }
        }
        if isHit, let loss { wound(slot, loss) }
        traceProgress(old, new, slot)
        if before != after, !causes.wounds.isEmpty { settleWounds(of: slot, hasSucceeded: after == .succeeded) }
        guard causes.link(ofPod: slot) != nil else { return }
        let isWell = after == .ready && (before != .ready || Self.restarts(of: old) != Self.restarts(of: new))
        if isWell || after == .succeeded { causes.set(nil, ofPod: slot) }
    }

    private static func restarts(of pod: Pod) -> Int32 {
        pod.status.containerStatuses.reduce(0) { $0 + $1.restartCount }
    }

    /// Tells of the steps of a pod in a chain on its way to be ready.
    private mutating func traceProgress(_ old: Pod, _ new: Pod, _ slot: Int32) {
        if old.nodeName == nil, new.nodeName != nil { traceBinding(of: slot) }
        guard causes.link(ofPod: slot) != nil, !new.isTerminating else { return }
        if old.status.phase == .pending, new.status.phase == .running {
            step(.podStarted, of: slot, by: CauseActor.kubelet)
        }
        for status in new.status.containerStatuses {
            guard case .waiting(let reason) = status.state, reason.hasSuffix("BackOff"),
                let parent = causes.link(ofPod: slot), causes.isFirstBackOff(of: slot)
            else { continue }
            note(.backOff, after: parent, by: CauseActor.kubelet, pod: slot, reason)
        }
        if !old.isReady, new.isReady { step(.podReady, of: slot, by: CauseActor.kubelet) }
        if old.status.phase != .succeeded, new.status.phase == .succeeded {
            step(.podSucceeded, of: slot, by: CauseActor.kubelet)
        }
    }

    private mutating func step(
        _ kind: CauseKind, of slot: Int32, by actor: String, image: String? = nil, _ detail: String = ""
    ) {
        guard let parent = causes.link(ofPod: slot) else { return }
        causes.set(note(kind, after: parent, by: actor, pod: slot, image: image, detail), ofPod: slot)
    }

    /// A pod is bound. Of one that is in no chain it is told when a fault held the scheduler up.
    private mutating func traceBinding(of slot: Int32) {
        if causes.link(ofPod: slot) == nil {
            let created = tracker[slot].createdAt
            guard let fault = causes.delay(of: CauseActor.scheduler, since: created, at: now) else { return }
            causes.set(fault.link, ofPod: slot)
        }
        step(.podBound, of: slot, by: CauseActor.scheduler)
    }

    // MARK: - Lost

    /// Who deletes a pod.
    func deletionActor(of pod: Pod) -> String {
        let target = pod.status.conditions.named(Condition.disruptionTarget)
        let other = target?.reason == "PreemptionByScheduler" ? CauseActor.scheduler : CauseActor.kubelet
        return actor(or: verticals.isEvicting ? CauseActor.verticalUpdater : other)
    }

    /// What leads to the deletion of a pod: what befell its machine, what its workload was told, or what happened to it.
    func deletionCause(of pod: Pod, _ slot: Int32) -> CauseLink? {
        let own = causes.link(ofPod: slot)
        let actor = deletionActor(of: pod)
        if Self.nodeActors.contains(actor) {
            let index = tracker[slot].node - 1
            return (index >= 0 ? causes.link(ofNode: index) : nil) ?? CauseDesk.later(own, causes.current?.link)
        }
        if writer >= 0 {
            return pod.metadata.controllerReference.flatMap { causes.link(ofWorkload: $0.uid) } ?? own
        }
        return causes.current?.link ?? own ?? trouble(of: slot)
    }

    private mutating func traceDeletion(of pod: Pod, _ slot: Int32, isHit: Bool) -> CauseLink? {
        guard let parent = deletionCause(of: pod, slot) else { return nil }
        let actor = deletionActor(of: pod)
        let target = pod.status.conditions.named(Condition.disruptionTarget)
        let link = note(
            .podDeleted, after: parent, by: actor, pod: slot, isHit: isHit,
            target?.status == .true ? target?.reason ?? "" : "")
        let isNamed = pod.metadata.controllerReference?.kind == "StatefulSet"
        // What its own controller takes away is not made anew, but for the next revision of a stateful pod.
        if isNamed || !Self.owners.contains(actor) { lose(pod, slot, link) } else { causes.set(link, ofPod: slot) }
        return link
    }

    private mutating func lose(_ pod: Pod, _ slot: Int32, _ link: CauseLink) {
        causes.set(link, ofPod: slot)
        guard let owner = pod.metadata.controllerReference else { return }
        if causes.isLost(pod.metadata.uid, of: owner.uid) {
            causes.update(pod.metadata.uid, of: owner.uid, to: link)
            return
        }
        causes.lose(
            CauseDesk.Lost(
                uid: pod.metadata.uid, name: pod.metadata.name, isNamed: owner.kind == "StatefulSet", link: link),
            of: owner.uid)
    }

    /// A pod is gone from the API server.
    mutating func tracePod(disappeared pod: Pod, _ slot: Int32) {
        let wasReady = tracker[slot].state == .ready
        var loss: CauseLink?
        if !pod.isTerminating { loss = traceDeletion(of: pod, slot, isHit: wasReady) }
        if loss == nil, let parent = causes.link(ofPod: slot) {
            let link = note(.podGone, after: parent, by: actor(or: CauseActor.kubelet), pod: slot, isHit: wasReady)
            if let owner = pod.metadata.controllerReference {
                causes.update(pod.metadata.uid, of: owner.uid, to: link)
            }
            loss = link
        }
        if wasReady, let loss { wound(slot, loss) }
        if causes.link(ofPod: slot) != nil { causes.set(nil, ofPod: slot) }
    }

    /// The controllers that delete pods for what befell their machines.
    private static let nodeActors = [
        "taint-eviction-controller", "node-lifecycle-controller", "pod-garbage-collector-controller", CauseActor.drain,
    ]

    /// The controllers that make pods.
    private static let owners = [
        "replicaset-controller", "replicationcontroller-controller", "statefulset-controller", "daemonset-controller",
        "job-controller",
    ]

    // MARK: - Made

    /// A pod is created: in the place of one that was lost, or because its workload was told to.
    mutating func tracePod(appeared pod: Pod, _ slot: Int32) {
        let name = pod.metadata.name
        guard let owner = pod.metadata.controllerReference else {
            guard let parent = causes.current else { return }
            return causes.set(note(.podCreated, after: parent.link, by: parent.actor, pod: slot), ofPod: slot)
        }
        if let lost = causes.takeLost(of: owner.uid, name: name) {
            causes.set(note(.podReplaced, after: lost.link, by: actor(or: ""), pod: slot, lost.name), ofPod: slot)
        } else if let parent = causes.link(ofWorkload: owner.uid) {
            causes.set(note(.podCreated, after: parent, by: actor(or: ""), pod: slot), ofPod: slot)
        }
    }

    /// The scheduler finds no place for a pod in a chain.
    mutating func traceRefusal(of slot: Int32, _ message: String) {
        step(.podUnschedulable, of: slot, by: CauseActor.scheduler, message)
        causes.refused = slot
    }

    // MARK: - On the machine

    /// A container ended with an error.
    mutating func traceExit(_ exit: ExitRecord, of pod: KubeletPod) {
        guard let slot = tracker.slot(of: pod.uid), tracker[slot].state != .terminating,
            let parent = CauseDesk.later(
                CauseDesk.later(causes.link(ofPod: slot), trouble(of: slot)), causes.current?.link)
        else { return }
        let name = profiles[pod.profile].containers[Int(exit.container)].name
        let link = note(
            .containerExited, after: parent, by: CauseActor.kubelet, pod: slot,
            "\(name): \(exit.reason) (\(exit.exitCode))")
        // The API shows what becomes of the pod only later, when nobody knows any more what is being carried out.
        if causes.link(ofPod: slot) == nil { causes.set(link, ofPod: slot) }
    }

    /// Work was cut short; what it had cost is its part of what the pod has cost since it came to its machine.
    mutating func traceLostWork(of pod: KubeletPod, _ lost: Duration) {
        guard lost > .zero, let slot = tracker.slot(of: pod.uid),
            let parent = CauseDesk.later(
                CauseDesk.later(causes.link(ofPod: slot), trouble(of: slot)), causes.current?.link)
        else { return }
        var cost: Int64 = 0
        let held = (now - tracker[slot].heldSince).nanoseconds
        if let meter = tracker[slot].meter, held > 0 {
            let charge = Int128(accounts.meter.accrued(meter, at: now).total.amount)
            cost = Int64(charge * Int128(min(lost.nanoseconds, held)) / Int128(held))
        }
        note(.workLost, after: parent, by: CauseActor.kubelet, pod: slot, lost: lost, cost: cost)
    }

    /// A pull ended. Of a pod that is in no chain it is told when its registry is down.
    mutating func tracePull(of slot: Int32, _ pull: PullRecord, _ outcome: String) {
        switch pull.outcome {
        case .pulled: step(.imagePulled, of: slot, by: CauseActor.kubelet, image: pull.image, pull.image)
        case .failed:
            if causes.link(ofPod: slot) == nil, let outage = causes.registryOutage(of: pull.image) {
                causes.set(outage.link, ofPod: slot)
            }
            step(.pullFailed, of: slot, by: CauseActor.kubelet, image: pull.image, "\(pull.image): \(outcome)")
        case .cancelled, .streamed: break
        }
    }
}
