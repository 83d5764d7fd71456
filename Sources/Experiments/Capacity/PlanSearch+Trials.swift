import Scenarios
import Simulation

// What is tried: sets of machines, whole and with what may be lost, beside the pools that stay.

extension PlanSearch {
    /// Whether everything runs on `set`, also when what may be lost is lost.
    mutating func fits(_ set: MachineSet) -> Bool {
        var peaks: PeakDemands?
        for pools in situations(of: set) {
            plan.trials += 1
            let outcome = run.outcome(on: pools)
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

    /// The machines as they are, and what is left of them when something is lost; the pools that stay are among them.
    func situations(of set: MachineSet) -> [[NodePool]] {
        let whole = others + pools(of: set)
        switch survival {
        case nil: return [whole]
        case .node?:
            // The machines of a pool in one zone are alike; those of another zone are not, to pods that keep to zones.
            return [whole]
                + whole.indices.flatMap { place in
                    whole[place].usedZones.map { zone in
                        whole[..<place] + whole[place].without(1, inZone: zone) + whole[(place + 1)...]
                    }
                }
        case .zone?:
            return [whole]
                + Self.zones(mold.zones, others).map { zone in
                    whole.flatMap { $0.without($0.machines(inZone: zone), inZone: zone) }
                }
        }
    }

    /// The zones of new machines, and then those that only pools have that stay.
    static func zones(_ own: [String], _ others: [NodePool]) -> [String] {
        var zones = own
        for zone in others.flatMap(\.usedZones) where !zone.isEmpty && !zones.contains(zone) { zones.append(zone) }
        return zones
    }

    private func pools(of set: MachineSet) -> [NodePool] {
        set.parts.enumerated().map { place, part in
            mold.pool(offers[part.offer], count: part.count, name: "plan-\(place + 1)", zones: mold.zones)
        }
    }
}
