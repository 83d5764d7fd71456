import Chronology
import ClusterStore
import ControlPlane
import Costs
import KubernetesAPI
import Observations
import SchedulingFramework
import Workloads

extension World {
    /// Follows a change of the store: the states of pods and nodes, what they cost, and the sums.
    mutating func observe(_ change: WatchEvent) {
        switch change {
        case .added(.pod(let pod)): podAppeared(pod)
        case .modified(.pod(let old), .pod(let new)): podChanged(old, new)
        case .deleted(.pod(let pod)): podDisappeared(pod)
        case .added(.node(let node)), .modified(_, .node(let node)): nodeChanged(node)
        case .deleted(.node(let node)): nodeDisappeared(node)
        case .added, .modified, .deleted: break
        }
    }

    private mutating func podAppeared(_ pod: Pod) {
        let profile = profileIndex(of: pod)
        let requests = profiles[profile]
        let slot = tracker.begin(
            pod, profile: profile, controller: requests.controller,
            requests: (requests.requestCPU, requests.requestMemory, requests.requestGPU), at: now)
        observer?.pod(
            PodRow(
                pod: tracker[slot].row, uidHigh: pod.metadata.uid.high, uidLow: pod.metadata.uid.low,
                namespace: pod.metadata.namespace, name: pod.metadata.name, controller: requests.controller,
                requestCPU: requests.requestCPU,
                requestMemory: requests.requestMemory, requestGPU: requests.requestGPU, priority: pod.priority,
                createdAt: now))
        sums.pending.add(1, at: now)
        update(slot, pod)
    }

    private mutating func podChanged(_ old: Pod, _ new: Pod) {
        guard let slot = tracker.slot(of: new.metadata.uid) else { return }
        update(slot, new)
        if old.isReady, !new.isReady { correctStatus(of: new) }
        if !old.isTerminating, new.isTerminating, new.status.conditions.named(Condition.disruptionTarget) != nil {
            evictions += 1
        }
    }

    /// Brings what is followed of a pod to its present state.
    private mutating func update(_ slot: Int32, _ pod: Pod) {
        let state = PodTracker.state(of: pod)
        let node = pod.nodeName.flatMap { nodeByName[$0] }.map { $0 + 1 } ?? -1
        let track = tracker[slot]
        let wasReady = track.state == .ready
        if track.node != node, node > 0 { sums.pending.add(-1, at: now) }
        if let row = tracker.move(slot, to: state, node: node, at: now) { observer?.podInterval(row) }
        if !track.wasReady, state == .ready {
            track.wasReady = true
            readyTimes.append(now - track.createdAt)
        }
        if state == .succeeded || state == .failed { track.finished = true }
        let holds = node > 0 && !pod.status.phase.isTerminal
        if holds, !track.isHolding { hold(slot, node: node) }
        if !holds, track.isHolding { release(slot) }
        for status in pod.status.containerStatuses where status.restartCount > track.restarts {
            track.restarts = status.restartCount
        }
        follow(slot, wasReady: wasReady, isReady: state == .ready)
    }

    private mutating func podDisappeared(_ pod: Pod) {
        guard let slot = tracker.slot(of: pod.metadata.uid) else { return }
        if tracker[slot].node <= 0 { sums.pending.add(-1, at: now) }
        if tracker[slot].isHolding { release(slot) }
        follow(slot, wasReady: tracker[slot].state == .ready, isReady: false)
        flushAttempt(slot)
        let track = tracker[slot]
        restarts += Int64(track.restarts)
        if let row = tracker.end(slot, uid: pod.metadata.uid, at: now) { observer?.podInterval(row) }
        // A container that ends on SIGTERM makes its pod Failed; people say so only of pods that nobody took away.
        let ranToItsEnd = pod.status.phase.isTerminal && (!pod.isTerminating || track.finished)
        if ranToItsEnd, pod.status.phase == .succeeded { ended.succeeded += 1 }
        if ranToItsEnd, pod.status.phase == .failed { ended.failed += 1 }
        observer?.podEnd(
            PodEndRow(
                pod: track.row, node: track.node, phase: ranToItsEnd ? pod.status.phase.rawValue : "Deleted",
                reason: endReason(of: pod),
                restarts: track.restarts, isAlive: false, endedAt: now))
    }

    private func endReason(of pod: Pod) -> String {
        if let target = pod.status.conditions.named(Condition.disruptionTarget), target.status == .true {
            return target.reason
        }
        return pod.status.reason
    }

    // MARK: - Profiles

    /// Returns the profile of a pod's workload and spec.
    mutating func profileIndex(of pod: Pod) -> Int32 {
        let controller = controllerRow(of: pod)
        if let known = profiles.index(controller: controller, specBox: pod.specBox) { return known }
        return profiles.insert(makeProfile(pod, controller: controller))
    }

    private func makeProfile(_ pod: Pod, controller: Int32) -> PodProfile {
        let spec = pod.spec
        let requests = SchedulingFramework.ResourceAmounts(PodRequests.total(of: spec))
        let owner = controllers[controller]
        let subject = WorkloadSubject(
            ownerKind: owner.kind, ownerName: owner.name, namespace: owner.namespace,
            ownerLabels: ownerLabels(owner) ?? pod.metadata.labels, podLabels: pod.metadata.labels,
            restartPolicy: spec.restartPolicy)
        let containers = spec.initContainers + spec.containers
        let firstMain = spec.initContainers.count
        let behaviors = containers.enumerated().map { index, container in
            let role: ContainerRole = index >= firstMain ? .main : container.isSidecar ? .sidecar : .initializing
            return setup.workloads.behavior(of: subject, container: container.name, role: role)
        }
        return PodProfile(
            specBox: pod.specBox, controller: controller, requestCPU: requests.milliCPU,
            requestMemory: requests.memory, requestGPU: requests.scalar(.nvidiaGPU), containers: containers,
            firstMain: firstMain, behaviors: behaviors)
    }

    private func ownerLabels(_ owner: ControllerDirectory.Entry) -> StringMap? {
        guard let kind = ObjectKind(name: owner.kind) else { return nil }
        return api.object(ObjectKey(kind, namespace: owner.namespace, name: owner.name))?.metadata.labels
    }

    /// Returns the row of the workload at the top of the pod's ownership chain; a bare pod is its own.
    private mutating func controllerRow(of pod: Pod) -> Int32 {
        let reference = pod.metadata.controllerReference
        if let reference, let row = controllers.row(ofOwner: reference.uid) { return row }
        var kind = reference?.kind ?? "Pod"
        var name = reference?.name ?? pod.metadata.name
        // A chain is short: Pod, ReplicaSet, Deployment, or Pod, Job, CronJob.
        for _ in 0..<4 {
            guard let known = ObjectKind(name: kind), known != .pod,
                let next = api.object(ObjectKey(known, namespace: pod.metadata.namespace, name: name))?
                    .metadata.controllerReference
            else { break }
            (kind, name) = (next.kind, next.name)
        }
        let entry = ControllerDirectory.Entry(namespace: pod.metadata.namespace, kind: kind, name: name)
        let (row, isNew) = controllers.row(of: entry, owner: reference?.uid)
        if isNew {
            observer?.controller(
                ControllerRow(controller: row, namespace: entry.namespace, kind: entry.kind, name: entry.name))
        }
        return row
    }
}
