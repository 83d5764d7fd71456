package import Chronology
package import VirtualTime

/// A fault with a seed: when it strikes, whom, and for how long.
///
/// It keeps no state. Strikes are numbered from 0, for the fault as a whole or for each target that has its own clock,
/// and every answer depends on names and numbers only: another machine in the cluster changes nothing for the others.
package struct FaultSchedule: Sendable {
    package let spec: FaultSpec
    package let seed: Seed
    // By machine, once it is known who has a trace's outages.
    private var outages: [String: [FaultTrace.Outage]] = [:]

    /// Creates the schedule of a fault.
    package init(_ spec: FaultSpec, seed: Seed) {
        self.spec = spec
        self.seed = seed
    }

    /// Whether each target has its own clock: ask `strike(_:of:after:)` for every target, and `strike(_:after:)` never.
    package var isPerTarget: Bool {
        switch spec.timing {
        case .lifetime(_, let perTarget): perTarget
        case .trace: true
        case .at, .every, .when: false
        }
    }

    /// What has one clock for all its machines when each target has its own; nil when the machines do.
    private var clockDomain: FailureDomain? {
        if case .lifetime(_, true) = spec.timing { return spec.kind.scope.domain }
        return nil
    }

    /// Whether clocks are those of zones, racks or regions, which outlive their machines.
    package var hasClocksOfDomains: Bool { clockDomain != nil }

    /// Returns the name of the clock by which a target is struck; empty for none.
    package func clock(of target: FaultCandidate) -> String {
        guard spec.targets.matches(target) else { return "" }
        return clockDomain?.name(of: target) ?? target.name
    }

    /// Gives the outages of a trace to the machines that a cluster begins with, in their order; without a trace, nothing
    /// happens.
    package mutating func assign(to candidates: [FaultCandidate]) {
        guard case .trace(let trace) = spec.timing else { return }
        outages = trace.outages(of: candidates.filter(spec.targets.matches).map(\.name))
    }

    private func stream(_ purpose: String, _ target: String, _ number: Int) -> RandomStream {
        RandomStream(seed: seed, name: spec.name + "\n" + target, purpose: purpose, index: UInt64(number))
    }

    // Strikes of different clocks have the same numbers, and must not draw the same.
    private static func name(_ target: String, by clock: String) -> String {
        clock.isEmpty ? target : target + "\n" + clock
    }

    private func isOver(_ number: Int) -> Bool { spec.limit.map { number >= $0 } ?? false }
}

// MARK: - When

extension FaultSchedule {
    /// Returns when the fault strikes for the `number`th time, or nil for never; `last` is when its last strike healed,
    /// or the scenario's start. One that waits for something strikes when that comes true, and never by itself.
    package func strike(_ number: Int, after last: Instant) -> Instant? {
        if isOver(number) { return nil }
        switch spec.timing {
        case .at(let instant): return number == 0 ? instant : nil
        case .every(let period, let first):
            // A period of nothing would never let time pass.
            return period > .zero || number == 0 ? first + period * Int64(number) : nil
        case .when: return nil
        case .lifetime(let lifetime, let perTarget):
            return perTarget ? nil : end(of: lifetime, target: "", number, after: last)
        case .trace: return nil
        }
    }

    /// Returns when a target with its own clock is struck for the `number`th time, or nil for never; `last` is when it
    /// was made or last repaired.
    package func strike(_ number: Int, of target: FaultCandidate, after last: Instant) -> Instant? {
        let clock = clock(of: target)
        guard !isOver(number), !clock.isEmpty else { return nil }
        switch spec.timing {
        case .lifetime(let lifetime, true): return end(of: lifetime, target: clock, number, after: last)
        case .trace: return outage(number, of: target.name)?.at
        case .at, .every, .when, .lifetime(_, false): return nil
        }
    }

    private func outage(_ number: Int, of machine: String) -> FaultTrace.Outage? {
        guard let outages = outages[machine], outages.indices.contains(number) else { return nil }
        return outages[number]
    }

    private func end(of lifetime: Distribution, target: String, _ number: Int, after last: Instant) -> Instant? {
        var stream = stream("fault.lifetime", target, number)
        let length = lifetime.sample(&stream)
        let (end, isBeyond) = last.nanoseconds.addingReportingOverflow(length.nanoseconds)
        // A lifetime of nothing, drawn again and again, would hardly let time pass.
        return isBeyond ? nil : Instant(nanoseconds: max(end, last.nanoseconds + 1_000_000))
    }

    /// Returns how long the `number`th strike lasts, or nil for ever; `target` is empty unless it has its own clock.
    package func duration(of number: Int, target: String = "") -> Duration? {
        if let length = outage(number, of: target)?.length { return length }
        switch spec.duration {
        case .permanent: return nil
        case .lasting(let distribution):
            var stream = stream("fault.duration", target, number)
            return distribution.sample(&stream)
        }
    }
}

// MARK: - On what occasion

extension FaultSchedule {
    /// Returns how long after an occasion the fault strikes for the `number`th time; nil when it does not wait for one.
    package func wait(_ number: Int) -> Duration? {
        guard !isOver(number), case .when(_, let delay) = spec.timing else { return nil }
        return delay
    }

    /// Returns whether the fault follows the `number`th strike of the one that it waits for; `clock` is empty unless that
    /// one's targets have their own.
    package func follows(_ number: Int, of cause: String, clock: String = "", _ moment: FaultTrigger.Moment) -> Bool {
        guard case .when(.fault(let name, let wanted, let partsPerMillion), _) = spec.timing, name == cause,
            wanted == moment
        else { return false }
        if partsPerMillion >= 1_000_000 { return true }
        var stream = stream("fault.cascade", Self.name(cause, by: clock), number)
        return stream.integer(below: 1_000_000) < partsPerMillion
    }
}

// MARK: - Whom

extension FaultSchedule {
    /// Returns the `number`th strike against those that exist, or nil when there is nothing to strike.
    package func strike(_ number: Int, among candidates: [FaultCandidate]) -> FaultStrike? {
        let effect = spec.kind.effect(spec.settings)
        let healAfter = duration(of: number)
        if let domain = spec.kind.scope.domain {
            let names = Set(candidates.filter { spec.targets.matches($0) }.map(domain.name)).subtracting([""]).sorted()
            let chosen = choose(names, number: number)
            let nodes = candidates.filter { chosen.contains(domain.name(of: $0)) }.map(\.name).sorted()
            return chosen.isEmpty ? nil : FaultStrike(effect, on: chosen, nodes: nodes, healAfter: healAfter)
        }
        switch spec.kind.scope {
        case .nodes:
            let names = select(from: candidates, number: number).map { candidates[$0].name }
            return names.isEmpty ? nil : FaultStrike(effect, on: names, nodes: names, healAfter: healAfter)
        case .pods, .deployments:
            let names = select(from: candidates, number: number).map { candidates[$0].name }
            return names.isEmpty ? nil : FaultStrike(effect, on: names, healAfter: healAfter)
        case .images: return FaultStrike(effect, on: spec.targets.images, healAfter: healAfter)
        case .launches:
            return FaultStrike(effect, on: spec.targets.zones + spec.targets.pools, healAfter: healAfter)
        case .zones, .racks, .regions, .registries, .controllers, .controlPlane:
            return FaultStrike(effect, on: spec.targets.names, healAfter: healAfter)
        }
    }

    /// Returns the `number`th strike against one target that has its own clock, with whom it takes along; or against all
    /// machines of its zone, rack or region that has, nil when there are none any more.
    package func strike(
        _ number: Int, on target: FaultCandidate, among candidates: [FaultCandidate]
    ) -> FaultStrike? {
        let effect = spec.kind.effect(spec.settings)
        if let domain = clockDomain {
            let name = domain.name(of: target)
            let there = candidates.filter { domain.name(of: $0) == name }
            guard there.contains(where: spec.targets.matches) else { return nil }
            return FaultStrike(
                effect, on: [name], nodes: there.map(\.name).sorted(),
                healAfter: duration(of: number, target: name))
        }
        let healAfter = duration(of: number, target: target.name)
        let nodes = takenAlong(from: candidates, by: [target.name], number: number, clock: target.name)
        let chosen = spec.kind.scope.domain.map { [$0.name(of: target)] } ?? nodes
        return FaultStrike(effect, on: chosen, nodes: nodes, healAfter: healAfter)
    }

    /// Returns the positions of the candidates that the `number`th strike hits, in the order of their names.
    package func select(from candidates: [FaultCandidate], number: Int) -> [Int] {
        let matching = candidates.indices.filter { spec.targets.matches(candidates[$0]) }
            .sorted { (candidates[$0].name, $0) < (candidates[$1].name, $1) }
        var chosen = choose(matching.map { candidates[$0].name }, number: number)
        guard spec.commonCause != nil else { return matching.filter { chosen.contains(candidates[$0].name) } }
        chosen = takenAlong(from: candidates, by: chosen, number: number)
        return candidates.indices.filter { chosen.contains(candidates[$0].name) }
            .sorted { (candidates[$0].name, $0) < (candidates[$1].name, $1) }
    }

    /// Returns `chosen` with the machines of the same domains that fail with them, in name order; `clock` is whose strike
    /// it is, where each target has its own.
    private func takenAlong(
        from candidates: [FaultCandidate], by chosen: [String], number: Int, clock: String = ""
    ) -> [String] {
        guard let cause = spec.commonCause else { return chosen }
        let domains = Set(candidates.filter { chosen.contains($0.name) }.map(cause.domain.name)).subtracting([""])
        let others = candidates.filter { candidate in
            guard !chosen.contains(candidate.name), domains.contains(cause.domain.name(of: candidate)) else {
                return false
            }
            var stream = stream("fault.commonCause", Self.name(candidate.name, by: clock), number)
            return stream.integer(below: 1_000_000) < cause.partsPerMillion
        }
        return (chosen + others.map(\.name)).sorted()
    }

    /// Chooses among distinct names in name order: each draws a lot from its own stream, and the lowest lots lose.
    private func choose(_ names: [String], number: Int) -> [String] {
        let size = spec.targets.size(of: names.count)
        if size == names.count { return names }
        let lots = names.map { name in
            var stream = stream("fault.targets", name, number)
            return (lot: stream.nextUInt64(), name: name)
        }
        return lots.sorted { ($0.lot, $0.name) < ($1.lot, $1.name) }.prefix(size).map(\.name).sorted()
    }
}
