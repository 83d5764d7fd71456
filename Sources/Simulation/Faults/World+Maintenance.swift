import Chronology
import ClusterStore
import ControlPlane
import Faults
import KubernetesAPI
import Machines
import VirtualTime

// Counterpart: surge upgrades of GKE's node pools and EKS's managed node groups: a new machine, a drain that honours
// budgets until its time is over, the end of the old one; without surge, a drain and a restart of the machine itself.

extension World {
    /// Begins to upgrade machines, in name order.
    mutating func beginWave(_ machines: [Int32], _ plan: MaintenancePlan, slot: Int32) {
        let open = faults.open[slot]
        faults.waves.append(
            MaintenanceWave(
                slot: slot, name: "\(faults.schedules[open.fault].spec.name)\n\(open.number)", plan: plan,
                repair: open.strike.healAfter, machines: machines.map { MaintenanceWave.Machine(node: $0) }))
        enqueue(.maintenance, a: slot, b: -1, at: now)
    }

    private func wave(_ slot: Int32) -> Int? { faults.waves.firstIndex { $0.slot == slot } }

    /// Goes on with a wave: `repaired` is a machine that somebody has repaired, -1 for none, or -2 for a further try.
    mutating func maintenanceGoesOn(_ slot: Int32, repaired: Int32) {
        guard let place = wave(slot) else { return }
        if repaired == -2 { faults.waves[place].isHeldUp = false }
        if repaired >= 0 { repair(repaired, of: place) }
        // Who upgrades sees no node and can empty none; it goes on when it is answered again.
        guard condition.isAPIServerUp else {
            guard !faults.waves[place].isHeldUp else { return }
            faults.waves[place].isHeldUp = true
            enqueue(.maintenance, a: slot, b: -2, at: now + RunLimits.changeRetry)
            return
        }
        faults.waves[place].isHeldUp = false
        resumeCause(ofWave: slot)
        defer { causes.current = nil }
        for machine in faults.waves[place].machines.indices { advance(machine, of: place) }
        startNext(of: place)
        guard faults.waves[place].isOver else { return }
        faults.waves.remove(at: place)
        faultHeals(slot)
    }

    private mutating func startNext(of place: Int) {
        let plan = faults.waves[place].plan
        while faults.waves[place].active < plan.atATime,
            let machine = faults.waves[place].machines.firstIndex(where: { $0.stage == .waiting })
        {
            let node = faults.waves[place].machines[machine].node
            // A careful wave does not go on over machines that did not come back.
            if plan.waits, !faults.waves[place].broken.isEmpty { return }
            guard !nodes[Int(node)].isGone, api.node(nodes[Int(node)].name) != nil else {
                faults.waves[place].machines[machine].stage = .done
                continue
            }
            guard plan.surges, let new = replace(node) else {
                drain(machine, of: place)
                continue
            }
            faults.waves[place].machines[machine].stage = .surging
            faults.waves[place].machines[machine].replacement = new
            draw(new, of: place)
        }
    }

    private mutating func drain(_ machine: Int, of place: Int) {
        faults.waves[place].machines[machine].stage = .draining
        var options = DrainOptions.everything(on: nodes[Int(faults.waves[place].machines[machine].node)].name)
        options.timeout = faults.waves[place].plan.drainTimeout
        beginDrainInTurn(options)
    }

    /// Brings a machine of a wave one step on, if what it waits for has come.
    private mutating func advance(_ machine: Int, of place: Int) {
        let entry = faults.waves[place].machines[machine]
        let name = nodes[Int(entry.node)].name
        // Another wave, or its cloud, may have taken the machine away, or the one that was to come in its place.
        let isLost = nodes[Int(entry.node)].isGone
        switch entry.stage {
        case .waiting, .done: return
        case .surging where isLost, .draining where isLost, .restarting where isLost:
            faults.waves[place].machines[machine].stage = .done
        case .surging where nodes[Int(entry.replacement)].isGone:
            faults.waves[place].machines[machine].stage = .waiting
            faults.waves[place].machines[machine].replacement = -1
        case .surging:
            guard hasComeBack(entry.replacement, of: place) else { return }
            drain(machine, of: place)
            advance(machine, of: place)
        case .draining:
            if drains.contains(where: { $0.options.node == name }) { return }
            if entry.replacement >= 0 {
                faults.waves[place].machines[machine].stage = .done
                discard(entry.node)
                // Whoever upgrades takes the node away with its machine.
                removeNode(entry.node)
            } else {
                faults.waves[place].machines[machine].stage = .restarting
                draw(entry.node, of: place)
                powerOff(entry.node)
                powerOn(entry.node)
            }
        case .restarting:
            guard hasComeBack(entry.node, of: place) else { return }
            setUnschedulable(name, false)
            faults.waves[place].machines[machine].stage = .done
        }
    }

    /// Whether a machine runs again and, where that is waited for, is ready.
    private func hasComeBack(_ index: Int32, of place: Int) -> Bool {
        guard nodes[Int(index)].isOn, let node = api.node(nodes[Int(index)].name) else { return false }
        return node.isReady || !faults.waves[place].plan.waits && nodes[Int(index)].isBroken
    }

    // MARK: - Upgrades that fail

    /// Draws whether a machine will become ready after its upgrade.
    private mutating func draw(_ index: Int32, of place: Int) {
        let wave = faults.waves[place]
        guard wave.plan.failing > 0 else { return }
        var stream = RandomStreams(seed: setup.failureSeed).stream(
            "fault.upgrade", purpose: "\(wave.name)\n\(nodes[Int(index)].name)")
        guard stream.integer(below: 1_000_000) < wave.plan.failing else { return }
        nodes[Int(index)].isBroken = true
        faults.waves[place].broken.append(index)
        if let repair = wave.repair {
            enqueue(.maintenance, a: wave.slot, b: Int64(index), at: now + repair)
        }
    }

    private mutating func repair(_ index: Int32, of place: Int) {
        faults.waves[place].broken.removeAll { $0 == index }
        nodes[Int(index)].isBroken = false
        if nodes[Int(index)].isOn { correctStatus(of: index) }
    }

    // MARK: - What waves wait for

    /// Whether a wave empties a node.
    func isInWave(_ node: String) -> Bool {
        faults.waves.contains { wave in
            wave.machines.contains { $0.stage == .draining && nodes[Int($0.node)].name == node }
        }
    }

    /// A node changed, or a drain ended: waves look whether that is what they wait for.
    mutating func maintenanceMayGoOn() {
        for wave in faults.waves { enqueue(.maintenance, a: wave.slot, b: -1, at: now) }
    }
}
