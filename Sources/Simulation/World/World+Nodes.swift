import Chronology
import ControlPlane
import KubernetesAPI
import Machines
import Observations
import VirtualTime

extension World {
    /// Adds a machine; it registers at once, or after it has booted.
    mutating func launch(
        _ template: Node, zone: String, machineType: String, pool: Int, purchase: String, isRunning: Bool
    ) {
        let name = template.metadata.name
        precondition(nodeByName[name] == nil, "two machines are called \(name)")
        let slot = fleet.addNode(
            nodeSetup(of: template, zone: zone, pool: pool, isRunning: isRunning), at: now)
        precondition(slot.index == Int32(nodes.count), "machines are numbered in order")
        var phase = streams.stream("kubelet.lease", purpose: name)
        let track = NodeTrack(
            row: slot.index + 1, name: name, zone: zone, pool: pool, slot: slot, template: template,
            labels: template.metadata.labels, state: .booting, since: now, isOn: isRunning,
            leasePhase: Duration(
                nanoseconds: Int64(phase.integer(below: Int(setup.parameters.leaseRenewal.nanoseconds)))))
        nodes.append(track)
        nodeByName[name] = slot.index
        openAccount(of: slot.index, machineType: machineType, purchase: purchase)
        if causes.isOpen { traceLaunch(of: slot.index) }
        if isRunning {
            register(slot.index, isNew: false)
        } else {
            fleet.powerOff(slot, at: now, into: &effects)
            boot(slot.index)
        }
        carryOutEffects()
    }

    private mutating func boot(_ index: Int32) {
        nodes[Int(index)].powerGeneration += 1
        let generation = nodes[Int(index)].powerGeneration
        var stream = streams.stream("cloud.launch", purpose: nodes[Int(index)].name, index: UInt64(generation))
        let wait = setup.parameters.cloudLaunch.sample(&stream)
        enqueue(.nodeUp, a: index, b: generation, at: now + wait)
    }

    /// A machine has booted: its kubelet starts, and registers or reports again.
    mutating func nodeCameUp(_ index: Int32, generation: Int64) {
        guard nodes[Int(index)].powerGeneration == generation, nodes[Int(index)].holds == 0 else { return }
        guard condition.isAPIServerUp else {
            // Its kubelet cannot register yet.
            enqueue(.nodeUp, a: index, b: generation, at: now + RunLimits.kubeletRetry)
            return
        }
        nodes[Int(index)].isOn = true
        if causes.isOpen { traceMachineUp(index) }
        if traffic.isOn { endpointsHavePower(index) }
        pressurePowerChanged(index)
        fleet.powerOn(nodes[Int(index)].slot, at: now, into: &effects)
        if nodes[Int(index)].isRegistered {
            let name = nodes[Int(index)].name
            apply(
                .delete(
                    Self.leaseKey(name), uid: nil, gracePeriodSeconds: nil, propagation: .background))
            apply(.patchNodeConditions(name, [readyCondition()]))
        } else {
            prepare(index)
        }
        carryOutEffects()
        postKeptStatuses(of: nodes[Int(index)].slot)
    }

    /// The ready condition as a healthy kubelet posts it.
    func readyCondition() -> Condition {
        Condition(Condition.ready, .true, reason: "KubeletReady", message: "kubelet is posting ready status", at: now)
    }

    /// Somebody wrote that a node is not ready whose kubelet is well: it puts that right when it posts next.
    mutating func correctStatus(of index: Int32) {
        guard !nodes[Int(index)].postsStatus else { return }
        nodes[Int(index)].postsStatus = true
        enqueue(.nodeStatus, a: index, at: now + RunLimits.nodeStatusPeriod)
    }

    /// Makes the Node object of a machine; one that is there from the start has been looked at before.
    mutating func register(_ index: Int32, isNew: Bool = true) {
        nodes[Int(index)].isRegistered = true
        var node = nodes[Int(index)].template
        if node.status.conditions.named(Condition.ready) == nil {
            node.status.conditions = Self.healthyConditions(at: now)
        }
        if isNew { apply(.create(.node(node))) } else { introduce(node) }
    }

    private static func healthyConditions(at now: Instant) -> [Condition] {
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
        if causes.isOpen { traceMachineDown(index) }
        if traffic.isOn { endpointsLosePower(index) }
        fleet.powerOff(nodes[Int(index)].slot, at: now, into: &effects)
        carryOutEffects()
        pressurePowerChanged(index)
        let track = nodes[Int(index)]
        guard track.isRegistered else { return }
        let period = setup.parameters.leaseRenewal.nanoseconds
        let sinceRenewal = ((now.nanoseconds - track.leasePhase.nanoseconds) % period + period) % period
        let renewed = now - Duration(nanoseconds: sinceRenewal)
        let key = Self.leaseKey(track.name)
        let lease = Lease(metadata: ObjectMeta(name: key.name, namespace: key.namespace), renewTime: renewed)
        if apply(.create(.lease(lease))) == .alreadyExists {
            apply(.update(.lease(lease)))
        }
    }

    /// Gives a machine its power back, once nothing else holds it down; it boots first.
    mutating func powerOn(_ index: Int32) {
        nodes[Int(index)].holds -= 1
        precondition(nodes[Int(index)].holds >= 0, "\(nodes[Int(index)].name) was given power twice")
        guard nodes[Int(index)].holds == 0 else { return }
        if let cause = causes.current { causes.repair(cause.link, ofNode: index) }
        boot(index)
    }
}
