import Chronology
import ControlPlane
import KubernetesAPI
import Machines
import Observations
import VirtualTime

extension World {
    /// Adds a machine; it registers at once, or after it has booted. Its cloud may have said already that it comes.
    mutating func launch(_ template: Node, on asked: MachineTerms, isRunning: Bool, isGiven: Bool = false) {
        let terms = setup.spotPrices == nil ? asked : termsInForce(asked)
        let name = template.metadata.name
        precondition(nodeByName[name] == nil, "two machines are called \(name)")
        let slot = fleet.addNode(
            nodeSetup(of: template, zone: terms.zone, pool: terms.pool, isRunning: isRunning), at: now)
        precondition(slot.index == Int32(nodes.count), "machines are numbered in order")
        var phase = streams.stream("kubelet.lease", purpose: name)
        let track = NodeTrack(
            row: slot.index + 1, name: name, terms: terms, slot: slot, template: template,
            labels: template.metadata.labels, state: .booting, since: now, isOn: isRunning,
            leasePhase: Duration(
                nanoseconds: Int64(phase.integer(below: Int(setup.parameters.leaseRenewal.nanoseconds)))))
        nodes.append(track)
        nodes[Int(slot.index)].isLaunching = !isRunning
        nodes[Int(slot.index)].launchedAt = now
        nodes[Int(slot.index)].isGiven = isGiven
        nodeByName[name] = slot.index
        openAccount(of: slot.index)
        if setup.spotPrices != nil { followSpotPrice(slot.index) }
        if causes.isOpen { traceLaunch(of: slot.index) }
        if isRunning {
            register(slot.index, isNew: false)
        } else {
            fleet.powerOff(slot, at: now, into: &effects)
            boot(slot.index)
        }
        carryOutEffects()
    }

    /// Lets a machine boot, if its cloud gives it.
    mutating func boot(_ index: Int32) {
        nodes[Int(index)].powerGeneration += 1
        let generation = nodes[Int(index)].powerGeneration
        guard let later = launchDelay(of: index) else { return }
        let boots = UInt64(generation - nodes[Int(index)].launchRepeats)
        var stream = streams.stream("cloud.launch", purpose: nodes[Int(index)].name, index: boots)
        let wait = setup.parameters.cloudLaunch.sample(&stream)
        enqueue(.nodeUp, a: index, b: generation, at: now + wait + later)
    }

    /// A machine has booted: its kubelet starts, and registers or reports again.
    mutating func nodeCameUp(_ index: Int32, generation: Int64) {
        guard nodes[Int(index)].powerGeneration == generation, nodes[Int(index)].holds == 0 else { return }
        guard condition.isAPIServerUp, nodes[Int(index)].cuts == 0 else {
            // Its kubelet cannot register yet.
            enqueue(.nodeUp, a: index, b: generation, at: now + RunLimits.kubeletRetry)
            return
        }
        nodes[Int(index)].isOn = true
        meterReach(of: index)
        nodes[Int(index)].staysNotReady = false
        nodes[Int(index)].isLaunching = false
        if causes.isOpen { traceMachineUp(index) }
        if traffic.isOn { endpointsHavePower(index) }
        pressurePowerChanged(index)
        fleet.powerOn(nodes[Int(index)].slot, at: now, into: &effects)
        if nodes[Int(index)].isRegistered {
            let name = nodes[Int(index)].name
            apply(
                .delete(
                    Self.leaseKey(name), uid: nil, gracePeriodSeconds: nil, propagation: .background))
            apply(.patchNodeConditions(name, [readyCondition(of: index)]))
            catchUp(index)
        } else {
            prepare(index)
        }
        carryOutEffects()
        postKeptStatuses(of: nodes[Int(index)].slot)
        if !faults.waves.isEmpty { maintenanceMayGoOn() }
    }

    /// The ready condition as a kubelet posts it (`nodestatus.ReadyCondition`).
    func readyCondition(of index: Int32) -> Condition {
        let faults = faultsOfKubelet(index)
        guard !faults.isEmpty else {
            return Condition(
                Condition.ready, .true, reason: "KubeletReady", message: "kubelet is posting ready status", at: now)
        }
        return Self.notReadyCondition(faults, at: now)
    }

    /// The ready condition of a kubelet that has something to complain of.
    static func notReadyCondition(_ faults: [String], at now: Instant) -> Condition {
        let message = faults.count == 1 ? faults[0] : "[\(faults.joined(separator: ", "))]"
        return Condition(Condition.ready, .false, reason: "KubeletNotReady", message: message, at: now)
    }

    /// Why a kubelet says that its node is not ready; empty when it is well.
    private func faultsOfKubelet(_ index: Int32) -> [String] {
        var faults: [String] = []
        if nodes[Int(index)].isBroken {
            faults.append("container runtime network not ready: cni plugin not initialized")
        }
        // It takes no pods until its power is cut, and must not look as if it did.
        if fleet.endsPodsOnShutdown, fleet.isShuttingDown(nodes[Int(index)].slot) { faults.append(Self.shuttingDown) }
        return faults
    }

    static let shuttingDown = "node is shutting down"

    /// A node is shown as not ready: its kubelet, or the cloud whose machine it was, has something to say to that.
    mutating func notReady(_ index: Int32) {
        if nodes[Int(index)].isOn, faultsOfKubelet(index).isEmpty { correctStatus(of: index) }
        guard nodes[Int(index)].isGone else { return }
        let period = Self.cloudMonitorPeriod.nanoseconds
        enqueue(.nodeRemoval, a: index, at: Instant(nanoseconds: (now.nanoseconds / period + 1) * period))
    }

    /// Somebody wrote that a node is not ready whose kubelet is well: it puts that right when it posts next.
    mutating func correctStatus(of index: Int32) {
        let track = nodes[Int(index)]
        guard !track.postsStatus, !track.staysNotReady, track.cuts == 0 else { return }
        nodes[Int(index)].postsStatus = true
        enqueue(.nodeStatus, a: index, at: now + RunLimits.nodeStatusPeriod)
    }

    /// Makes the Node object of a machine; one that is there from the start has been looked at before.
    mutating func register(_ index: Int32, isNew: Bool = true) {
        nodes[Int(index)].isRegistered = true
        var node = nodes[Int(index)].template
        if node.status.conditions.named(Condition.ready) == nil {
            node.status.conditions = Self.healthyConditions(at: now)
            node.status.conditions.set(readyCondition(of: index))
        }
        if isNew { apply(.create(.node(node))) } else { introduce(node) }
    }

    static func healthyConditions(at now: Instant) -> [Condition] {
        [
            Condition("MemoryPressure", .false, reason: "KubeletHasSufficientMemory", at: now),
            Condition("DiskPressure", .false, reason: "KubeletHasNoDiskPressure", at: now),
            Condition("PIDPressure", .false, reason: "KubeletHasSufficientPID", at: now),
            Condition(
                Condition.ready, .true, reason: "KubeletReady", message: "kubelet is posting ready status", at: now),
        ]
    }

    static func leaseKey(_ node: String) -> ObjectKey {
        ObjectKey(.lease, namespace: "kube-node-lease", name: node)
    }

    /// Takes the power from a machine. Its heartbeat stops with the last renewal before now.
    mutating func powerOff(_ index: Int32) {
        nodes[Int(index)].holds += 1
        nodes[Int(index)].powerGeneration += 1
        guard nodes[Int(index)].isOn else { return }
        nodes[Int(index)].isOn = false
        meterReach(of: index)
        if causes.isOpen { traceMachineDown(index) }
        if traffic.isOn { endpointsLosePower(index) }
        fleet.powerOff(nodes[Int(index)].slot, at: now, into: &effects)
        carryOutEffects()
        pressurePowerChanged(index)
        // One that is not heard has a lease that ended before.
        if nodes[Int(index)].isRegistered, nodes[Int(index)].cuts == 0 { stopHeartbeat(of: index) }
    }

    /// Gives a machine its power back, once nothing else holds it down; it boots first.
    mutating func powerOn(_ index: Int32) {
        nodes[Int(index)].holds -= 1
        precondition(nodes[Int(index)].holds >= 0, "\(nodes[Int(index)].name) was given power twice")
        guard nodes[Int(index)].holds == 0 else { return }
        if causes.isOpen { traceRepair(of: index) }
        boot(index)
    }
}
