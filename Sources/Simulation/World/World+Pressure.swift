import Chronology
import ClusterStore
import ControlPlane
import KubernetesAPI
import Machines
import Observations
import VirtualTime

// Counterpart: the eviction manager of the kubelet and the kernel's OOM killer, for every machine on which it is known
// what pods use. A node without such pods costs nothing.

extension World {
    /// Makes the plans of all nodes that something changed on, and carries out what is due at once.
    mutating func settlePressure() {
        while let node = pressure.takeStale() {
            shareCPU(of: node)
            // What is carried out changes the node again; each step takes something away, so that this ends.
            while nodes[Int(node)].isOn, let next = pressure[node].next(notBefore: now), next.at <= now {
                carryOut(next.step, on: node)
                shareCPU(of: node)
            }
            planPressure(node)
        }
    }

    private mutating func planPressure(_ node: Int32) {
        let next = nodes[Int(node)].isOn ? pressure[node].next(notBefore: now)?.at ?? .never : .never
        guard let generation = pressure.plan(node, at: next), next <= end else { return }
        enqueue(.pressure, a: node, b: generation, at: next)
    }

    /// A step of a node is due.
    mutating func pressureIsDue(_ node: Int32, generation: Int64) {
        if pressure.isDue(node, generation: generation) { pressure.touch(node) }
    }

    private mutating func carryOut(_ step: NodePressure.Step, on node: Int32) {
        switch step {
        case .kill(let pod, let container, let isSystem): kill(container, of: pod, on: node, isSystem: isSystem)
        case .pass: runEvictionPass(on: node)
        }
        carryOutEffects()
    }

    // MARK: - The kernel

    private mutating func kill(_ container: Int32, of slot: Int32, on node: Int32, isSystem: Bool) {
        let track = tracker[slot]
        let name = profiles[track.profile].containers[Int(container)].name
        if isSystem {
            record(
                EventRecord(
                    ObjectKey(.node, name: nodes[Int(node)].name), .warning, reason: "SystemOOM",
                    message: "System OOM encountered, victim process: \(name)"),
                source: "kubelet")
        }
        pressure.oomKills += 1
        observer?.pressureKill(
            PressureKillRow(
                pod: track.row, node: node + 1, container: name, at: now, reason: "OOMKilled",
                signal: isSystem ? "system" : "limit"))
        if let known = kubeletSlot(of: slot) {
            fleet.crash(known, container: container, exitCode: 137, reason: "OOMKilled", at: now, into: &effects)
        }
        // The fleet says so too, once its effects are carried out.
        pressure[node].stop(container: Int(container), of: slot, at: now)
    }

    private func kubeletSlot(of slot: Int32) -> PodSlot? {
        let key = tracker[slot].key
        guard let pod = api.pod(namespace: key.namespace, name: key.name) else { return nil }
        return kubeletPods[pod.metadata.uid]
    }

    // MARK: - The kubelet

    private mutating func runEvictionPass(on node: Int32) {
        let machine = nodes[Int(node)].slot
        // A copy: the closure reaches for the rest of the world.
        var watched = pressure[node]
        watched.imageBytes = fleet.imageDiskUse(on: machine)
        let pass = watched.pass(at: now) {
            fleet.deleteUnusedImages(on: machine, at: now, into: &effects)
            return fleet.imageDiskUse(on: machine)
        }
        pressure[node] = watched
        if pass.hasChangedConditions { postPressure(of: node) }
        if let resource = pass.resource {
            record(
                EventRecord(
                    ObjectKey(.node, name: nodes[Int(node)].name), .warning, reason: "EvictionThresholdMet",
                    message: "Attempting to reclaim \(resource)"),
                source: "kubelet")
        }
        for eviction in pass.evictions { evict(eviction, on: node) }
    }

    private mutating func evict(_ eviction: NodePressure.Pass.Eviction, on node: Int32) {
        let track = tracker[eviction.pod]
        guard let known = kubeletSlot(of: eviction.pod),
            fleet.evict(
                known, message: eviction.message, grace: eviction.grace, isForTheNode: eviction.isForTheNode, at: now,
                into: &effects)
        else {
            pressure[node].spare(eviction.pod)
            return
        }
        evictions += 1
        if eviction.isForTheNode { pressure.lastEviction = now }
        if causes.isRecording { disruptionBegins(of: eviction.pod, by: CauseActor.kubelet, eviction.message) }
        record(EventRecord(track.key, .warning, reason: "Evicted", message: eviction.message), source: "kubelet")
        observer?.pressureKill(
            PressureKillRow(
                pod: track.row, node: node + 1, container: "", at: now, reason: "Evicted", signal: eviction.signal))
    }

    // MARK: - Conditions

    /// Tells of the conditions that a kubelet sees: its admission at once, the API server with the next node status.
    private mutating func postPressure(of node: Int32) {
        let conditions = pressure[node].manager.conditions
        fleet.setPressure(conditions, on: nodes[Int(node)].slot)
        let name = nodes[Int(node)].name
        guard nodes[Int(node)].cuts == 0 else {
            // Told when it is heard again.
            nodes[Int(node)].pressure = conditions
            return
        }
        var posted: [Condition] = []
        for condition in PressureCondition.allCases {
            let isTrue = conditions.contains(condition)
            posted.append(condition.onNode(isTrue, at: now))
        }
        let wait = Duration(nanoseconds: Int64(statusPhase(of: node)))
        send(
            .patchNodeConditions(name, posted), from: .kubelet,
            at: Self.next(in: RunLimits.nodeStatusPeriod, phase: wait, after: now) + delays.apiWrite(setup.parameters))
        for condition in PressureCondition.allCases {
            let reason = condition.eventReason(conditions.contains(condition))
            if reported(condition, of: node) == conditions.contains(condition) { continue }
            record(
                EventRecord(
                    ObjectKey(.node, name: name), .normal, reason: reason,
                    message: "Node \(name) status is now: \(reason)"),
                source: "kubelet")
        }
        nodes[Int(node)].pressure = conditions
    }

    private func reported(_ condition: PressureCondition, of node: Int32) -> Bool {
        nodes[Int(node)].pressure.contains(condition)
    }

    /// When within its period a kubelet posts its node's status.
    private func statusPhase(of node: Int32) -> Int {
        var stream = streams.stream("kubelet.nodeStatus", purpose: nodes[Int(node)].name)
        return stream.integer(below: Int(RunLimits.nodeStatusPeriod.nanoseconds))
    }

    /// Returns the first instant after `now` on a grid.
    private static func next(in period: Duration, phase: Duration, after now: Instant) -> Instant {
        let past =
            ((now.nanoseconds - phase.nanoseconds) % period.nanoseconds + period.nanoseconds) % period.nanoseconds
        return now + Duration(nanoseconds: period.nanoseconds - past)
    }

    /// The power of a machine went or came: its kubelet remembers nothing, and says so when it is back.
    mutating func pressurePowerChanged(_ node: Int32) {
        guard pressure.isWatched(node) else { return }
        pressure[node].forget()
        if nodes[Int(node)].isOn, !nodes[Int(node)].pressure.isEmpty { postPressure(of: node) }
        pressure.touch(node)
    }
}

extension PressureCondition {
    /// Returns the condition as a node's status shows it (`nodestatus.MemoryPressureCondition` and its like).
    func onNode(_ isTrue: Bool, at now: Instant) -> Condition {
        let (reason, message) =
            switch (self, isTrue) {
            case (.memory, true): ("KubeletHasInsufficientMemory", "kubelet has insufficient memory available")
            case (.memory, false): ("KubeletHasSufficientMemory", "kubelet has sufficient memory available")
            case (.disk, true): ("KubeletHasDiskPressure", "kubelet has disk pressure")
            case (.disk, false): ("KubeletHasNoDiskPressure", "kubelet has no disk pressure")
            }
        return Condition(ConditionType(rawValue), isTrue ? .true : .false, reason: reason, message: message, at: now)
    }

    /// The reason of the Event that tells of a change.
    func eventReason(_ isTrue: Bool) -> String {
        switch (self, isTrue) {
        case (.memory, true): "NodeHasInsufficientMemory"
        case (.memory, false): "NodeHasSufficientMemory"
        case (.disk, true): "NodeHasDiskPressure"
        case (.disk, false): "NodeHasNoDiskPressure"
        }
    }
}
