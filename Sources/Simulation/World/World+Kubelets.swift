import Chronology
import ClusterStore
import ControlPlane
import KubernetesAPI
import Machines
import VirtualTime

/// A pod as its kubelet knows it; a class, because every status passes through it and must not be copied to do so.
final class KubeletPod {
    let slot: PodSlot
    let key: ObjectKey
    let uid: UID
    let profile: Int32
    /// Its row in the run database.
    let row: Int32
    /// The latest status that has not been posted yet.
    var unposted: PodStatus?
    var isPosting = false

    init(slot: PodSlot, key: ObjectKey, uid: UID, profile: Int32, row: Int32) {
        self.slot = slot
        self.key = key
        self.uid = uid
        self.profile = profile
        self.row = row
    }
}

extension World {
    /// Hands the changes that are due to the kubelets of the nodes they concern.
    mutating func deliverToKubelets() {
        let count = toKubelets.count(dueAt: now)
        for place in 0..<count {
            switch toKubelets[place].change {
            case .added(.pod(let pod)), .modified(_, .pod(let pod)): kubeletSees(pod)
            case .deleted(.pod(let pod)): kubeletForgets(pod.metadata.uid)
            case .added, .modified, .deleted: break
            }
        }
        if let due = toKubelets.drop(count) { enqueue(.deliverToKubelets, at: due) }
        carryOutEffects()
    }

    /// Shows a pod to its kubelet; `isAttached` when its volumes were waited for.
    mutating func kubeletSees(_ pod: Pod, isAttached: Bool = false) {
        guard let name = pod.nodeName, let row = nodeByName[name], nodes[Int(row)].cuts == 0 else { return }
        let uid = pod.metadata.uid
        let slot: PodSlot
        if let known = kubeletPods[uid] {
            slot = known
        } else {
            // The pod may have gone while the news was on its way.
            guard !pod.status.phase.isTerminal, api.object(uid: uid) != nil else { return }
            if !isAttached, waitsForVolumes(pod) { return }
            slot = start(pod, on: nodes[Int(row)].slot)
        }
        if pod.isTerminating {
            fleet.terminate(slot, gracePeriod: grace(of: pod), at: now, into: &effects)
            if traffic.isOn { endpointIsToldToStop(pod, slot) }
        }
    }

    private mutating func start(_ pod: Pod, on node: NodeSlot) -> PodSlot {
        let profile = profileIndex(of: pod)
        let key = pod.key
        var plan = profiles[profile].planner.plan(
            for: key, seed: setup.seed, images: profiles[profile].images, isMeasured: profiles[profile].hasUsage)
        if profiles[profile].savesWork { resumeWork(of: pod, profile: profile, in: &plan) }
        // A pod that ran before anybody looked has statuses already.
        let hasPast =
            pod.status.phase == .running || !pod.status.containerStatuses.isEmpty
            || !pod.status.initContainerStatuses.isEmpty
        let slot =
            hasPast
            ? fleet.adopt(pod, plan: plan, on: node, at: now, into: &effects)
            : fleet.assign(pod, plan: plan, to: node, at: now, into: &effects)
        if profiles[profile].images.isEmpty { profiles[profile].images = fleet.imageNumbers(of: slot) }
        kubeletPods[pod.metadata.uid] = slot
        while running.count <= Int(slot.index) { running.append(nil) }
        let tracked = tracker.slot(of: pod.metadata.uid)
        let row = tracked.map { tracker[$0].row } ?? -1
        running[Int(slot.index)] = KubeletPod(
            slot: slot, key: key, uid: pod.metadata.uid, profile: profile, row: row)
        if pressure.isWatched(node.index), let tracked {
            fleet.setSpeed(slot, permille: workSpeed(of: tracker[tracked]), at: now, into: &effects)
        }
        return slot
    }

    mutating func kubeletForgets(_ uid: UID) {
        if faults.cutNodes > 0, let slot = kubeletPods[uid], isCut(slot) { return }
        releaseWork(of: uid)
        if !volumes.busy.isEmpty { volumes.busy.remove(uid) }
        guard let slot = kubeletPods.removeValue(forKey: uid) else { return }
        let first = effects.count
        fleet.forget(slot, at: now, into: &effects)
        // What was killed just now has nobody to tell of it any more.
        for case .exit(let exit) in effects[first...] { followWork(exit) }
        running[Int(slot.index)] = nil
    }

    private func kubeletPod(_ slot: PodSlot) -> KubeletPod? {
        guard let pod = running[Int(slot.index)], pod.slot == slot else { return nil }
        return pod
    }

    /// Carries out what the machines did since the last call, in causal order.
    mutating func carryOutEffects() {
        guard !effects.isEmpty else { return }
        // Carrying out an effect can bring more of them, which come after.
        var index = 0
        while index < effects.count {
            carryOut(effects[index])
            index += 1
        }
        effects.removeAll(keepingCapacity: true)
    }

    private mutating func carryOut(_ effect: MachineEffect) {
        switch effect {
        case .status(let slot, let status):
            guard let pod = kubeletPod(slot) else { return }
            pod.unposted = status
            if !pod.isPosting {
                pod.isPosting = true
                let due = now + delays.kubeletStatus(setup.parameters)
                enqueue(.kubeletStatus, a: slot.index, b: Int64(slot.generation), at: due)
            }
        case .timer(let instant, let timer):
            queue.schedule(timer.event(kind: WorldEvent.machine.rawValue), at: instant)
        case .removed(let slot):
            guard let pod = kubeletPod(slot), !isCut(slot) else { return }
            let due = now + delays.kubeletStatus(setup.parameters) + delays.apiWrite(setup.parameters)
            send(
                .delete(pod.key, uid: pod.uid, gracePeriodSeconds: 0, propagation: nil), from: .kubelet, at: due)
        case .runWanted(let slot, let container, let restart):
            guard let pod = kubeletPod(slot) else { return }
            var run = profiles[pod.profile].planner.run(
                of: pod.key, container: Int(container), restart: restart, seed: setup.seed)
            if profiles[pod.profile].savesWork, case .pod(let object)? = api.object(uid: pod.uid) {
                run = resumed(run, container: container, of: object, profile: pod.profile)
            }
            fleet.setRun(run, of: slot, container: container)
        case .pull(let pull): record(pull)
        case .running(let slot, let container): containerRuns(container, of: slot)
        case .exit(let exit):
            followWork(exit)
            record(exit)
            containerEnded(exit)
        case .event(let slot, let event):
            guard let pod = kubeletPod(slot) else { return }
            record(
                EventRecord(
                    pod.key, event.isWarning ? .warning : .normal, reason: event.reason, message: event.message),
                source: "kubelet")
        case .shutDown(let node): machineMayGo(node)
        case .imageRun(let run): record(run)
        case .prepared(let node):
            if nodes[Int(node.index)].isOn, !nodes[Int(node.index)].isRegistered { register(node.index) }
        case .images(let node):
            let index = Int(node.index)
            if pressure.isWatched(node.index) {
                pressure[node.index].imageBytes = fleet.imageDiskUse(on: node)
                pressure.touch(node.index)
            }
            guard !nodes[index].postsStatus else { return }
            nodes[index].postsStatus = true
            enqueue(.nodeStatus, a: node.index, at: now + RunLimits.nodeStatusPeriod)
        }
    }

    /// Writes the latest status of a pod. Should its machine have lost power meanwhile, it keeps it for later.
    mutating func postPodStatus(slot: Int32, generation: Int32) {
        guard let pod = running[Int(slot)], pod.slot.generation == generation, let posted = pod.unposted else { return }
        guard condition.isAPIServerUp else {
            enqueue(.kubeletStatus, a: slot, b: Int64(generation), at: now + RunLimits.kubeletRetry)
            return
        }
        pod.isPosting = false
        guard let node = fleet.node(of: pod.slot), fleet.isOn(node), !isCut(pod.slot) else { return }
        pod.unposted = nil
        guard case .pod(let object)? = api.object(uid: pod.uid) else { return }
        let first = changes.count
        let status = object.status.merging(posted: posted)
        // Nobody is to be told of a status that cannot be written.
        do { try api.store.updateStatus(ofPod: pod.uid, to: status, now: now, into: &changes) } catch { return }
        publishChanges(from: first)
    }

    /// Somebody wrote that a pod is not ready that is: its kubelet puts that right when it compares next.
    mutating func correctStatus(of pod: Pod) {
        guard let slot = kubeletPods[pod.metadata.uid], let known = kubeletPod(slot), known.unposted == nil,
            let node = fleet.node(of: slot), fleet.isOn(node), let posted = fleet.status(of: slot),
            posted.conditions.isTrue(Condition.ready)
        else { return }
        // News of its own is posted before that.
        known.unposted = posted
        enqueue(.kubeletStatus, a: slot.index, b: Int64(slot.generation), at: now + RunLimits.kubeletRetry)
    }

    /// Posts what a machine could not post before it lost power.
    mutating func postKeptStatuses(of node: NodeSlot) {
        for slot in fleet.pods(on: node) {
            guard let pod = kubeletPod(slot), pod.unposted != nil, !pod.isPosting else { continue }
            pod.isPosting = true
            let due = now + delays.kubeletStatus(setup.parameters)
            enqueue(.kubeletStatus, a: slot.index, b: Int64(slot.generation), at: due)
        }
    }

    /// Writes the images that a node has.
    mutating func postNodeStatus(_ index: Int32) {
        guard condition.isAPIServerUp else {
            enqueue(.nodeStatus, a: index, at: now + RunLimits.nodeStatusPeriod)
            return
        }
        nodes[Int(index)].postsStatus = false
        guard nodes[Int(index)].isOn, nodes[Int(index)].cuts == 0, var node = api.node(nodes[Int(index)].name) else {
            return
        }
        node.status.images = fleet.images(on: nodes[Int(index)].slot)
        if !node.isReady, !nodes[Int(index)].staysNotReady {
            node.status.conditions.set(readyCondition(of: index))
        }
        node.metadata.resourceVersion = 0
        apply(.updateStatus(.node(node)))
    }
}
