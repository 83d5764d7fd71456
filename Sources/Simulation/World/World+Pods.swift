import Chronology
import ClusterStore
import ControlPlane
import Costs
import KubernetesAPI
import Machines
import Observations
import SchedulingFramework
import VirtualTime
import Workloads

extension World {
    /// Follows a change of the store: the states of pods and nodes, what they cost, and the sums.
    mutating func observe(_ change: WatchEvent) {
        defer { if accounts.standing != nil { watchStanding(change) } }
        switch change {
        case .added(.pod(let pod)): podAppeared(pod)
        case .modified(.pod(let old), .pod(let new)): podChanged(old, new)
        case .deleted(.pod(let pod)):
            podDisappeared(pod)
            leaveDisks(pod.metadata.uid)
        case .added(.node(let node)): nodeChanged(node)
        case .modified(.node(let old), .node(let node)):
            nodeChanged(node)
            if causes.isOpen { traceNode(old, node) }
            if !volumes.disks.stranded.isEmpty { reconsiderDisks() }
        case .deleted(.node(let node)):
            nodeDisappeared(node)
            if !volumes.disks.stranded.isEmpty { reconsiderDisks() }
        case .added(.persistentVolumeClaim(let claim)), .modified(_, .persistentVolumeClaim(let claim)):
            claimChanged(claim)
        case .added(.persistentVolume(let volume)), .modified(_, .persistentVolume(let volume)): volumeChanged(volume)
        case .modified(_, .podDisruptionBudget(let budget)), .deleted(.podDisruptionBudget(let budget)):
            if !drains.isEmpty { budgetMattersToDrains(budget) }
        case .modified(.deployment(let old), .deployment(let new)):
            if !faults.watches.isEmpty { rolloutChanged(old, new) }
            if causes.isOpen { traceWorkload(change) }
        case .added(.horizontalPodAutoscaler): beginMetering()
        case .added(.verticalPodAutoscaler): beginVerticalAutoscaling()
        case .added(.resourceQuota(let quota)), .modified(_, .resourceQuota(let quota)): tellQuota(quota)
        case .deleted(.resourceQuota(let quota)): tellQuota(quota, isGone: true)
        case .added, .modified, .deleted:
            if traffic.isOn { watchService(change) }
            if causes.isOpen { traceWorkload(change) }
        }
        if case .deleted(let object) = change, !work.isEmpty { work.forget(owner: object.metadata.uid) }
    }

    private mutating func podAppeared(_ pod: Pod) {
        let profile = profileIndex(of: pod)
        let controller = profiles[profile].controller
        let requests = (
            cpu: profiles[profile].requestCPU, memory: profiles[profile].requestMemory,
            gpu: profiles[profile].requestGPU
        )
        let createdAt = takeover.creation(of: pod, now: now)
        let slot = tracker.begin(
            pod, profile: profile, controller: controller, requests: requests, createdAt: createdAt, at: now)
        notePast(of: slot, pod)
        let labels = observer == nil ? "" : labelText(of: pod, profile: profile)
        if let observer {
            var row = PodRow(
                pod: tracker[slot].row, uidHigh: pod.metadata.uid.high, uidLow: pod.metadata.uid.low,
                namespace: pod.metadata.namespace, name: pod.metadata.name, controller: controller,
                requestCPU: requests.cpu,
                requestMemory: requests.memory, requestGPU: requests.gpu, priority: pod.priority,
                createdAt: createdAt, labels: labels)
            row.usesHostNetwork = pod.spec.hostNetwork
            observer.pod(row)
        }
        sums.pending.add(1, at: now)
        update(slot, pod)
        if let original = pod.specBox.original { tellAdmission(of: pod, from: original) }
        if causes.isOpen { tracePod(appeared: pod, slot) }
    }

    private mutating func podChanged(_ old: Pod, _ new: Pod) {
        guard let slot = tracker.slot(of: new.metadata.uid) else { return }
        if checksInvariants { lifecycle.watch(old, new) }
        if !drains.isEmpty, old.isReady != new.isReady { podMattersToDrains(new) }
        if traffic.isOn, old.metadata.labels != new.metadata.labels { matchEndpoint(slot, new) }
        update(slot, new)
        if !work.isEmpty, new.isTerminating || new.status.phase.isTerminal { releaseWork(of: new.metadata.uid) }
        if old.isReady, !new.isReady { correctStatus(of: new) }
        if new.status.phase.isTerminal, !old.status.phase.isTerminal { leaveDisks(new.metadata.uid) }
        // A pod that its kubelet evicted was counted then.
        if !old.isTerminating, new.isTerminating, new.status.reason != "Evicted",
            new.status.conditions.named(Condition.disruptionTarget) != nil
        {
            evictions += 1
            if causes.isRecording { disruptionBegins(of: new, slot) }
        }
        if causes.isOpen { tracePod(old, new, slot) }
    }

    /// Brings what is followed of a pod to its present state.
    private mutating func update(_ slot: Int32, _ pod: Pod) {
        let state = PodTracker.state(of: pod)
        let track = tracker[slot]
        let node = nodeRow(of: pod, last: track.node)
        // Patterns, as a comparison of states is a call into another room.
        let wasReady = if case .ready = track.state { true } else { false }
        let isReady = if case .ready = state { true } else { false }
        switch state {
        case .succeeded, .failed: track.finished = true
        case .pending, .starting, .unready, .ready, .terminating: break
        }
        if track.node != node, node > 0 { sums.pending.add(-1, at: now) }
        if let row = tracker.move(slot, to: state, node: node, at: now) { observer?.podInterval(row) }
        if !faults.watches.isEmpty { pendingPodsChanged() }
        if isReady, !track.wasReady {
            track.wasReady = true
            readyTimes.append(now - track.createdAt)
        }
        let holds = node > 0 && !pod.status.phase.isTerminal
        if holds, !track.isHolding { hold(slot, node: node) }
        if !holds, track.isHolding { release(slot) }
        for place in pod.status.containerStatuses.indices {
            track.restarts = max(track.restarts, pod.status.containerStatuses[place].restartCount)
        }
        if wasReady != isReady { follow(slot, wasReady: wasReady, isReady: isReady) }
        if traffic.isOn { followEndpoint(slot, pod) }
        if meters.isOn { meter(slot, pod) }
    }

    /// The row of a pod's node, or -1; most pods are where they were.
    private func nodeRow(of pod: Pod, last: Int32) -> Int32 {
        guard let name = pod.nodeName else { return -1 }
        if last > 0, nodes[Int(last) - 1].name == name { return last }
        return nodeByName[name].map { $0 + 1 } ?? -1
    }

    private mutating func podDisappeared(_ pod: Pod) {
        guard let slot = tracker.slot(of: pod.metadata.uid) else { return }
        if !drains.isEmpty { podMattersToDrains(pod) }
        if tracker[slot].node <= 0 { sums.pending.add(-1, at: now) }
        if tracker[slot].isHolding { release(slot) }
        follow(slot, wasReady: tracker[slot].state == .ready, isReady: false)
        if traffic.isOn { endpointDisappears(slot) }
        if meters.isOn { meters.remove(pod.metadata.uid) }
        if causes.isOpen { tracePod(disappeared: pod, slot) }
        flushAttempt(slot)
        let track = tracker[slot]
        restarts += Int64(track.restarts - track.restartsBefore)
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
        let reason = pod.status.reason
        guard let target = pod.status.conditions.named(Condition.disruptionTarget), target.status == .true else {
            return reason
        }
        // What a pod failed of stays the reason, whoever deletes it afterwards; the kubelet's mark says the same.
        let hasFailed = pod.status.phase == .failed && !reason.isEmpty && target.reason != "TerminationByKubelet"
        return hasFailed ? reason : target.reason
    }

    // MARK: - Profiles

    /// Returns the profile of a pod's workload and spec.
    mutating func profileIndex(of pod: Pod) -> Int32 {
        let controller = controllerRow(of: pod)
        let variant = faults.badRevisions.isEmpty ? 0 : variant(of: pod)
        if let known = profiles.index(controller: controller, specBox: pod.specBox, variant: variant) { return known }
        return profiles.insert(makeProfile(pod, controller: controller, variant: variant), variant: variant)
    }

    func makeProfile(_ pod: Pod, controller: Int32, variant: Int32) -> PodProfile {
        let spec = pod.spec
        let requests = SchedulingFramework.ResourceAmounts(PodRequests.total(of: spec))
        let subject = subject(of: pod, controller: controller)
        let containers = spec.initContainers + spec.containers
        let firstMain = spec.initContainers.count
        let ownRunTime = pod.metadata.annotations[ArrivingObject.runTimeAnnotation]
            .flatMap { try? Duration(parsing: $0) }
        var behaviors = containers.enumerated().map { index, container in
            let role: ContainerRole = index >= firstMain ? .main : container.isSidecar ? .sidecar : .initializing
            var behavior = setup.workloads.behavior(of: subject, container: container.name, role: role)
            if role != .main { behavior.checkpoint = nil }
            if role == .main, let ownRunTime { behavior.runTime = .after(.constant(ownRunTime.inSeconds)) }
            pin(&behavior.usage, of: container.name, controller)
            if let original = pod.specBox.original { Self.pin(&behavior.usage, of: container.name, to: original) }
            return behavior
        }
        spoil(&behaviors, from: firstMain, variant: variant)
        var profile = PodProfile(
            specBox: pod.specBox, controller: controller, requestCPU: requests.milliCPU,
            requestMemory: requests.memory, requestGPU: requests.scalar(.nvidiaGPU),
            sharedGPUMilli: GpuRequest.sharedMilli(of: requests), containers: containers, firstMain: firstMain,
            behaviors: behaviors, leaks: behaviors.contains { $0.usage.memoryLeak != nil },
            savesWork: behaviors.contains { $0.checkpoint != nil && $0.runTime != .never },
            planner: PodPlanner(containers: containers, behaviors: behaviors, needs: PodNeeds(spec)))
        if traffic.isOn { profile.followServices(traffic.services, as: subject) }
        return profile
    }

    /// Lets shares of a request be of another one than the container's, where the setup says so.
    private func pin(_ usage: inout UsageCurve, of container: String, _ controller: Int32) {
        guard !setup.usageBases.isEmpty else { return }
        let owner = controllers[controller]
        let place = ContainerPlace(
            namespace: owner.namespace, kind: owner.kind, owner: owner.name, container: container)
        guard let basis = setup.usageBases[place] else { return }
        usage.cpuBasis = basis.cpuMilli
        usage.memoryBasis = basis.memoryBytes
    }

    /// Lets shares of a request be of what the workload asks for, and not of what a VerticalPodAutoscaler made of it.
    private static func pin(_ usage: inout UsageCurve, of container: String, to original: PodSpecBox) {
        let spec = original.value
        guard let asked = (spec.initContainers + spec.containers).first(where: { $0.name == container })?.requests
        else { return }
        usage.cpuBasis = usage.cpuBasis ?? asked[.cpu]?.milliValue ?? 0
        usage.memoryBasis = usage.memoryBasis ?? asked[.memory]?.value ?? 0
    }

    /// A pod as the rules of a scenario match it.
    func subject(of pod: Pod, controller: Int32) -> WorkloadSubject {
        let owner = controllers[controller]
        return WorkloadSubject(
            ownerKind: owner.kind, ownerName: owner.name, namespace: owner.namespace,
            ownerLabels: ownerLabels(owner) ?? pod.metadata.labels, podLabels: pod.metadata.labels,
            restartPolicy: pod.spec.restartPolicy)
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
