import Chronology
import Faults
import KubernetesAPI
import Machines
import Observations
import VirtualTime

/// The faults of a run: their schedules, and what is broken now.
struct FaultDesk {
    /// A strike that has not healed.
    struct Open {
        let fault: Int
        let target: Int32
        let number: Int
        let effect: FaultEffect
        let row: Int32
        let from: Instant
    }

    var schedules: [FaultSchedule] = []
    var open = Slab<Open>()
    // Strikes so far, by fault, or by fault and node where each node has its own clock.
    var numbers: [[Int]] = []
    var rows: Int32 = 0
    // What is open, in order of striking, for the end of the run.
    var openSlots: [Int32] = []
    // How many faults hold each registry down, by host; the empty name is all of them.
    var registryHolds: [(name: String, count: Int)] = []
}

extension World {
    /// Schedules the first strike of every fault.
    mutating func armFaults() {
        for (index, spec) in setup.faults.enumerated() {
            var schedule = FaultSchedule(spec, seed: setup.seed)
            if case .trace = spec.timing { schedule.assign(to: nodes.map(candidate)) }
            faults.schedules.append(schedule)
            faults.numbers.append([Int](repeating: 0, count: schedule.isPerTarget ? nodes.count : 1))
            if schedule.isPerTarget {
                for node in nodes.indices { armFault(index, target: Int32(node), after: .start) }
            } else {
                armFault(index, target: -1, after: .start)
            }
        }
    }

    private mutating func armFault(_ fault: Int, target: Int32, after last: Instant) {
        let number = faults.numbers[fault][max(0, Int(target))]
        let schedule = faults.schedules[fault]
        let next =
            target < 0
            ? schedule.strike(number, after: last)
            : schedule.strike(number, of: candidate(nodes[Int(target)]), after: last)
        guard let next, next <= end else { return }
        enqueue(.faultStrike, a: Int32(fault), b: Int64(target), at: max(next, now))
    }

    private func candidate(_ node: NodeTrack) -> FaultCandidate {
        FaultCandidate(
            name: node.name, zone: node.zone, pool: node.pool < 0 ? "" : setup.pools[node.pool].name,
            labels: node.labels)
    }

    /// A fault strikes: its effect is carried out, and its healing is scheduled.
    mutating func faultStrikes(_ fault: Int, target: Int32) {
        let schedule = faults.schedules[fault]
        let number = faults.numbers[fault][max(0, Int(target))]
        faults.numbers[fault][max(0, Int(target))] += 1
        let effect =
            target < 0
            ? schedule.effect(of: number, among: nodes.map(candidate))
            : schedule.effect(of: number, on: candidate(nodes[Int(target)]))
        guard let effect else { return }
        faults.rows += 1
        let open = FaultDesk.Open(
            fault: fault, target: target, number: number, effect: effect, row: faults.rows, from: now)
        begin(effect)
        digest.absorb(schedule.spec.name)
        let slot = faults.open.insert(open)
        faults.openSlots.append(slot)
        if let wait = healing(of: effect) {
            enqueue(.faultHeal, a: slot, at: now + wait)
        }
        // A lifetime counts from the repair; a clock or a trace does not wait for it.
        if case .lifetime = schedule.spec.timing { return }
        armFault(fault, target: target, after: now)
    }

    private func healing(of effect: FaultEffect) -> Duration? {
        switch effect {
        case .crashNodes(_, let wait), .outageOfZones(_, _, let wait), .outageOfRegistries(_, let wait): wait
        case .rebootNodes(_, let downtime): downtime
        case .crashControllers(_, let wait), .slowControllers(_, _, let wait), .lossOfWatch(let wait),
            .outageOfAPIServer(let wait), .slowAPIServer(_, let wait), .crashScheduler(let wait):
            wait
        }
    }

    private mutating func begin(_ effect: FaultEffect) {
        switch effect {
        case .crashNodes(let names, _), .rebootNodes(let names, _), .outageOfZones(_, let names, _):
            for name in names { if let node = nodeByName[name] { powerOff(node) } }
        case .outageOfRegistries(let names, _):
            for name in names.isEmpty ? [""] : names { holdRegistry(name, by: 1) }
        case .crashControllers(let names, _): crashControllers(names)
        case .slowControllers(let names, let delay, _): slowControllers(names, by: delay)
        case .lossOfWatch: dropWatch()
        case .outageOfAPIServer: stopAPIServer()
        case .slowAPIServer(let delay, _): slowAPIServer(by: delay)
        case .crashScheduler: crashScheduler()
        }
    }

    private mutating func holdRegistry(_ name: String, by change: Int) {
        let place: Int
        if let found = faults.registryHolds.firstIndex(where: { $0.name == name }) {
            place = found
        } else {
            place = faults.registryHolds.count
            faults.registryHolds.append((name, 0))
        }
        let before = faults.registryHolds[place].count
        faults.registryHolds[place].count += change
        let after = faults.registryHolds[place].count
        guard (before == 0) != (after == 0) else { return }
        fleet.setRegistry(name.isEmpty ? nil : name, isUp: after == 0, at: now, into: &effects)
        carryOutEffects()
    }

    /// A fault heals: what it held down comes back, and the next lifetime begins.
    mutating func faultHeals(_ slot: Int32) {
        let open = faults.open.remove(slot)
        faults.openSlots.removeAll { $0 == slot }
        switch open.effect {
        case .crashNodes(let names, _), .rebootNodes(let names, _), .outageOfZones(_, let names, _):
            for name in names { if let node = nodeByName[name] { powerOn(node) } }
        case .outageOfRegistries(let names, _):
            for name in names.isEmpty ? [""] : names { holdRegistry(name, by: -1) }
        case .crashControllers(let names, _): restartControllers(names)
        case .slowControllers(let names, let delay, _): slowControllers(names, by: .zero - delay)
        case .lossOfWatch: restoreWatch()
        case .outageOfAPIServer: startAPIServer()
        case .slowAPIServer(let delay, _): slowAPIServer(by: .zero - delay)
        case .crashScheduler: restartScheduler()
        }
        write(open, to: now)
        if case .lifetime = faults.schedules[open.fault].spec.timing {
            armFault(open.fault, target: open.target, after: now)
        }
    }

    /// Tells of a fault, healed or not.
    mutating func write(_ open: FaultDesk.Open, to end: Instant) {
        let spec = faults.schedules[open.fault].spec
        observer?.fault(
            FaultRow(
                fault: open.row, name: spec.name, kind: spec.kind.name, target: Self.target(of: open.effect),
                from: open.from, to: end))
    }

    private static func target(of effect: FaultEffect) -> String {
        switch effect {
        case .crashNodes(let names, _), .rebootNodes(let names, _): names.joined(separator: ",")
        case .outageOfZones(let zones, _, _): zones.joined(separator: ",")
        case .outageOfRegistries(let names, _): names.isEmpty ? "all registries" : names.joined(separator: ",")
        case .crashControllers(let names, _), .slowControllers(let names, _, _):
            names.isEmpty ? "all controllers" : names.joined(separator: ",")
        case .lossOfWatch: "the watch of the controllers"
        case .outageOfAPIServer, .slowAPIServer: "kube-apiserver"
        case .crashScheduler: "kube-scheduler"
        }
    }
}
