import KubernetesAPI
import Scenarios
import SchedulingFramework
import Simulation

/// Whether machines hold in sum what runs at the same time at most: a set that does not need not be tried.
struct SetFilter {
    /// What must hold of the sums when something is lost.
    private struct Situation {
        /// What new machines have to hold of each resource, for each peak, beside what is left of the pools that stay.
        var wanted: [[Int64]]
        var loss: Loss
    }

    /// What new machines lose.
    private enum Loss {
        case nothing, largest
        /// All machines of the zone at this place.
        case zone(Int)
    }

    private let resources: [ResourceName]
    private let situations: [Situation]
    private let rooms: [[Int64]]
    private let zones: Int

    /// `others` are the pools that stay, with the room on a machine of each; `zones` are those of new machines.
    init(
        peaks: [Demand], shares: [MachineShare], others: [(pool: NodePool, share: MachineShare)], zones: [String],
        survival: Survival?
    ) {
        var resources: [ResourceName] = []
        for peak in peaks {
            for name in peak.resources where !resources.contains(name) { resources.append(name) }
        }
        self.resources = resources
        rooms = shares.map { share in resources.map { share.amount($0) } }
        self.zones = max(1, zones.count)

        func wanted(_ left: (NodePool) -> Int) -> [[Int64]] {
            peaks.map { peak in
                resources.map { name in
                    let held = others.reduce(Int64(0)) { $0 + $1.share.amount(name) * Int64(left($1.pool)) }
                    return max(0, peak[name] - held)
                }
            }
        }
        let whole = wanted(\.count)
        switch survival {
        case nil: situations = [Situation(wanted: whole, loss: .nothing)]
        case .node?:
            // One of the new machines is lost, or one of a pool that stays.
            let rest = others.indices.filter { others[$0].pool.count > 0 }.map { place in
                wanted { $0.name == others[place].pool.name ? $0.count - 1 : $0.count }
            }
            situations = [Situation(wanted: whole, loss: .largest)] + rest.map { Situation(wanted: $0, loss: .nothing) }
        case .zone?:
            let all = PlanSearch.zones(zones, others.map(\.pool))
            situations = all.enumerated().map { place, zone in
                Situation(
                    wanted: wanted { $0.count - $0.machines(inZone: zone) },
                    loss: place < zones.count ? .zone(place) : .nothing)
            }
        }
    }

    /// How many of `count` machines, spread in turn, stand in the zone at `place`.
    static func count(of count: Int, inZone place: Int, _ zones: Int) -> Int {
        (count + zones - 1 - place) / max(1, zones)
    }

    /// Whether the sums do, also when what may be lost is lost.
    func couldDo(_ set: MachineSet) -> Bool {
        resources.indices.allSatisfy { resource in
            let whole = set.parts.reduce(Int64(0)) { $0 + rooms[$1.offer][resource] * Int64($1.count) }
            return situations.allSatisfy { situation in
                let left = whole - lost(situation.loss, of: set, resource)
                return situation.wanted.allSatisfy { $0[resource] <= left }
            }
        }
    }

    private func lost(_ loss: Loss, of set: MachineSet, _ resource: Int) -> Int64 {
        switch loss {
        case .nothing: 0
        case .largest: set.parts.map { rooms[$0.offer][resource] }.max() ?? 0
        case .zone(let place):
            set.parts.reduce(0) {
                $0 + rooms[$1.offer][resource] * Int64(Self.count(of: $1.count, inZone: place, zones))
            }
        }
    }

    /// What no set can undercut; `costs` are those of a machine each.
    func bound(_ costs: [Int64]) -> Int64 {
        let machines = zip(costs, rooms).map { DemandBound.Machine(cost: $0, room: $1) }
        var least: Int64 = 0
        for peak in situations.first?.wanted.indices ?? 0..<0 {
            let wanted = resources.indices.map { leastSum(peak, $0) }
            least = max(least, DemandBound(wanted, machines: machines).ofMany ?? 0)
        }
        return least
    }

    /// What new machines must have together of a resource at a peak.
    private func leastSum(_ peak: Int, _ resource: Int) -> Int64 {
        var least: Int64 = 0
        // Each zone's loss leaves enough, and all of them together leave every machine once fewer than there are zones.
        var sum: Int128 = 0
        for situation in situations {
            let wanted = situation.wanted[peak][resource]
            least = max(least, wanted)
            if case .zone = situation.loss { sum += Int128(wanted) }
        }
        return zones > 1 ? max(least, Int64(sum / Int128(zones - 1))) : least
    }
}
