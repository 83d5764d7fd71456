import Chronology
import ClusterStore
import Faults
import KubernetesAPI
import Machines
import Observations
import VirtualTime

extension World {
    /// A fault strikes: its effect is carried out, and its healing is scheduled.
    mutating func faultStrikes(_ fault: Int, target: Int32) {
        if faults.ended.contains(fault) { return }
        let schedule = faults.schedules[fault]
        if waitsForAPIServer(schedule.spec.kind.effect(schedule.spec.settings)) {
            enqueue(.faultStrike, a: Int32(fault), b: Int64(target), at: now + RunLimits.changeRetry)
            return
        }
        strikeHasCome(fault)
        let number = faults.numbers[fault][max(0, Int(target))]
        // Several may have been on their way when the last that the limit allows struck.
        if case .when = schedule.spec.timing, schedule.wait(number) == nil { return }
        faults.numbers[fault][max(0, Int(target))] += 1
        let candidates = candidates(for: schedule.spec.kind.scope)
        let strike: FaultStrike?
        if target < 0 {
            strike = schedule.strike(number, among: candidates)
        } else {
            let node = nodes[Int(target)]
            let isThere = !node.isGone || schedule.hasClocksOfDomains
            strike = !isThere ? nil : schedule.strike(number, on: candidate(node), among: candidates)
        }
        guard let strike else {
            findsNothing(fault, target: target)
            return
        }
        faults.rows += 1
        faults.struck.insert(schedule.spec.name)
        var open = FaultDesk.Open(
            fault: fault, target: target, number: number, strike: strike, row: faults.rows, from: now)
        open.cause = beginCause(of: open)
        let slot = faults.open.insert(open)
        begin(strike, slot: slot)
        causes.current = nil
        digest.absorb(schedule.spec.name)
        faults.openSlots.append(slot)
        if let wait = healing(of: strike) {
            enqueue(.faultHeal, a: slot, at: now + wait)
        }
        occasion(.strikes, of: fault, target: target, number)
        // A lifetime counts from the repair; a clock or a trace does not wait for it.
        switch schedule.spec.timing {
        case .lifetime, .when: return
        case .at, .every, .trace: armFault(fault, target: target, after: now, hasStruck: true)
        }
    }

    /// A fault heals: what it held down comes back, and the next lifetime begins.
    mutating func faultHeals(_ slot: Int32) {
        if waitsForAPIServer(faults.open[slot].strike.effect) {
            enqueue(.faultHeal, a: slot, at: now + RunLimits.changeRetry)
            return
        }
        faults.openSlots.removeAll { $0 == slot }
        let (strike, cause) = (faults.open[slot].strike, faults.open[slot].cause)
        beginHealing(after: cause)
        defer { endHealing(of: strike, after: cause) }
        end(strike, slot: slot)
        let open = faults.open.remove(slot)
        write(open, to: now)
        faults.healed.insert(faults.schedules[open.fault].spec.name)
        occasion(.heals, of: open.fault, target: open.target, open.number)
        if case .lifetime = faults.schedules[open.fault].spec.timing {
            armFault(open.fault, target: open.target, after: now)
        }
    }

    /// When a strike heals by the clock; nil for never, or when it ends by itself.
    private func healing(of strike: FaultStrike) -> Duration? {
        if case .maintenance = strike.effect { return nil }
        guard case .reclaim(let plan) = strike.effect else { return strike.healAfter }
        return strike.healAfter.map { $0 + plan.notice + (plan.advice ?? .zero) }
    }

    /// Tells of a fault, healed or not.
    mutating func write(_ open: FaultDesk.Open, to end: Instant) {
        let spec = faults.schedules[open.fault].spec
        observer?.fault(
            FaultRow(
                fault: open.row, name: spec.name, kind: spec.kind.name, target: Self.target(of: open.strike, spec),
                from: open.from, to: end))
    }

    static func target(of strike: FaultStrike, _ spec: FaultSpec) -> String {
        if !strike.chosen.isEmpty { return strike.chosen.joined(separator: ",") }
        return switch spec.kind.scope {
        case .registries: "all registries"
        case .controllers: "all controllers"
        case .launches: "all launches"
        case .controlPlane: strike.effect.part?.rawValue ?? ""
        case .nodes, .zones, .racks, .regions, .images, .pods, .deployments: ""
        }
    }
}

// MARK: - Who can be struck

extension World {
    /// Returns what faults of a scope choose among, now.
    private func candidates(for scope: FaultScope) -> [FaultCandidate] {
        switch scope {
        case .nodes, .zones, .racks, .regions: nodes.filter { !$0.isGone }.map(candidate)
        case .pods: runningPods()
        case .deployments:
            api.objects(of: .deployment, namespace: nil).map { object in
                let (namespace, name) = (object.metadata.namespace, object.metadata.name)
                return FaultCandidate(
                    name: "\(namespace)/\(name)", labels: object.metadata.labels,
                    workload: FaultCandidate.Workload(kind: "Deployment", namespace: namespace, name: name))
            }
        case .launches, .registries, .images, .controllers, .controlPlane: []
        }
    }

    /// Returns a machine as faults see it.
    func candidate(_ node: NodeTrack) -> FaultCandidate {
        FaultCandidate(
            name: node.name, zone: node.zone, rack: node.labels[NodePool.rackLabel] ?? "",
            region: node.labels["topology.kubernetes.io/region"] ?? "",
            pool: node.terms.poolName, labels: node.labels)
    }

    private func runningPods() -> [FaultCandidate] {
        tracker.tracks.compactMap { track in
            guard let track, track.state == .ready || track.state == .unready, track.node > 0,
                let pod = api.pod(namespace: track.key.namespace, name: track.key.name)
            else { return nil }
            var candidate = candidate(nodes[Int(track.node) - 1])
            let owner = controllers[track.controller]
            candidate.name = "\(track.key.namespace)/\(track.key.name)"
            candidate.labels = pod.metadata.labels
            candidate.workload = FaultCandidate.Workload(
                kind: owner.kind, namespace: owner.namespace, name: owner.name)
            return candidate
        }
    }
}
