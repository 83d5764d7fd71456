import KubernetesAPI
import SchedulingFramework

/// Whether machines hold in sum what runs at the same time at most: a set that does not need not be tried.
struct SetFilter {
    private let resources: [ResourceName]
    /// What is wanted of each resource, for each peak.
    private let wanted: [[Int64]]
    private let rooms: [[Int64]]
    private let zones: Int
    private let survival: Survival?

    /// `others` are machines that stay, `otherCounts` of each.
    init(
        peaks: [Demand], shares: [MachineShare], others: [MachineShare], otherCounts: [Int], zones: Int,
        survival: Survival?
    ) {
        var resources: [ResourceName] = []
        for peak in peaks {
            for name in peak.resources where !resources.contains(name) { resources.append(name) }
        }
        self.resources = resources
        wanted = peaks.map { peak in
            resources.map { name in
                let held = zip(others, otherCounts).reduce(Int64(0)) { $0 + $1.0.amount(name) * Int64($1.1) }
                return max(0, peak[name] - held)
            }
        }
        rooms = shares.map { share in resources.map { share.amount($0) } }
        self.zones = zones
        self.survival = survival
    }

    /// How many of `count` machines, spread in turn, stand in the zone at `place`.
    static func count(of count: Int, inZone place: Int, _ zones: Int) -> Int {
        (count + zones - 1 - place) / max(1, zones)
    }

    /// Whether the sums do, also when what may be lost is lost.
    func couldDo(_ set: MachineSet) -> Bool {
        resources.indices.allSatisfy { resource in
            let left = set.parts.reduce(Int64(0)) { $0 + rooms[$1.offer][resource] * Int64($1.count) }
            var lost: Int64 = 0
            switch survival {
            case nil: break
            case .node?: lost = set.parts.map { rooms[$0.offer][resource] }.max() ?? 0
            case .zone?:
                // Of the zones the first has the most machines of each kind.
                lost = set.parts.reduce(0) {
                    $0 + rooms[$1.offer][resource] * Int64(Self.count(of: $1.count, inZone: 0, zones))
                }
            }
            return wanted.allSatisfy { $0[resource] <= left - lost }
        }
    }

    /// What no set can undercut; `costs` are those of a machine each.
    func bound(_ costs: [Int64]) -> Int64 {
        let machines = zip(costs, rooms).map { DemandBound.Machine(cost: $0, room: $1) }
        var least: Int64 = 0
        for peak in wanted {
            var peak = peak
            if survival == .zone, zones > 1 {
                // The zone with the most has at least its share, by any weights; the rest must do.
                peak = peak.map { Int64(Int128($0) * Int128(zones) / Int128(zones - 1)) }
            }
            least = max(least, DemandBound(peak, machines: machines).ofMany ?? 0)
        }
        return least
    }
}
