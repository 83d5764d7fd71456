import Scenarios
import Simulation

// What is tried: sets of machines, whole and with what may be lost.

extension PlanSearch {
    /// Whether everything runs on `set`, also when what may be lost is lost.
    mutating func fits(_ set: MachineSet) -> Bool {
        var peaks: PeakDemands?
        for pools in situations(of: set) {
            plan.trials += 1
            let outcome = run.outcome(on: others + pools)
            guard outcome.fits else {
                plan.lastWaiting = outcome.waiting
                tried.insert(set)
                return false
            }
            peaks = peaks ?? outcome.demands
        }
        self.peaks = peaks
        plan.best = MachinePlan.Choice(set: set, parts: set.parts.map { (offers[$0.offer], $0.count) })
        return true
    }

    /// The machines as they are, and what is left of them when something is lost.
    func situations(of set: MachineSet) -> [[NodePool]] {
        let whole = pools(set.parts.map(\.count), of: set, zones: mold.zones)
        switch survival {
        case nil: return [whole]
        case .node?:
            return [whole]
                + set.parts.indices.map { gone in
                    let counts = set.parts.indices.map { set.parts[$0].count - ($0 == gone ? 1 : 0) }
                    return pools(counts, of: set, zones: mold.zones)
                }
        case .zone?:
            return [whole]
                + mold.zones.indices.map { gone in
                    let counts = set.parts.map { part in
                        part.count - SetFilter.count(of: part.count, inZone: gone, mold.zones.count)
                    }
                    let left = mold.zones.indices.filter { $0 != gone }.map { mold.zones[$0] }
                    return pools(counts, of: set, zones: left)
                }
        }
    }

    private func pools(_ counts: [Int], of set: MachineSet, zones: [String]) -> [NodePool] {
        zip(set.parts, counts).enumerated().compactMap { place, part in
            guard part.1 > 0 else { return nil }
            return mold.pool(offers[part.0.offer], count: part.1, name: "plan-\(place + 1)", zones: zones)
        }
    }
}
