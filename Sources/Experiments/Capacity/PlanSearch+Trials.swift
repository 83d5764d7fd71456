import Scenarios
import Simulation

// What is tried: sets of machines, whole and with what may be lost, beside the pools that stay.

extension PlanSearch {
    /// Whether everything runs on `set`, also when what may be lost is lost; `next` are sets that are likely to be asked for
    /// after it.
    mutating func fits(_ set: MachineSet, next: () -> [MachineSet] = { [] }) -> Bool {
        let trial = trialOrKnown(set, next)
        plan.trials += trial.runs
        if let waiting = trial.waiting {
            plan.lastWaiting = MachinePlan.Waiting(pod: waiting.pod, message: waiting.message)
            admitsWaiting = waiting.admits
            tried.insert(set)
        } else {
            peaks = trial.demands
            plan.best = MachinePlan.Choice(set: set, parts: set.parts.map { (offers[$0.offer], $0.count) })
        }
        tell?(plan)
        return trial.fits
    }

    private func trialOrKnown(_ set: MachineSet, _ next: () -> [MachineSet]) -> SetTrial {
        guard let ahead else { return trial(of: set) }
        if let known = ahead.take(set) { return known }
        ahead.begin(next().filter { $0 != set && !tried.contains($0) })
        let trial = trial(of: set)
        ahead.collect()
        return trial
    }

    /// Runs everything on `set`, and then without what may be lost, up to the first run in which a pod waits.
    func trial(of set: MachineSet) -> SetTrial {
        var trial = SetTrial()
        for pools in situations(of: set) {
            trial.runs += 1
            let outcome = run.outcome(on: pools)
            if let waiting = outcome.waiting {
                trial.waiting = SetTrial.Waiting(
                    pod: "\(waiting.pod)", message: waiting.message, admits: groups.admits(waiting.spec))
                return trial
            }
            if trial.runs == 1 { trial.demands = outcome.demands }
        }
        return trial
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
