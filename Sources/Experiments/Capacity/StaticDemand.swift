import KubernetesAPI
import SchedulingFramework

/// What the workloads of manifests ask for when all of their replicas are there: where a search begins.
struct StaticDemand {
    private var total = Demand()
    private var shapes: [PodShape] = []
    private let rules: DemandRules

    init(_ objects: [KubernetesObject], _ rules: DemandRules) {
        self.rules = rules
        for object in objects {
            guard let (spec, count) = WorkloadPods.pods(of: object), count > 0 else { continue }
            let shape = PodShape(PodSpecBox(spec))
            shapes.append(shape)
            let many = min(count, 1_000_000)
            total.pods += many
            let one = rules.demand(of: shape)
            total.deviceMilli = min(Self.limit, total.deviceMilli + Self.product(one.deviceMilli, many))
            var amounts = one.amounts
            amounts.milliCPU = Self.product(amounts.milliCPU, many)
            amounts.memory = Self.product(amounts.memory, many)
            amounts.ephemeralStorage = Self.product(amounts.ephemeralStorage, many)
            for place in amounts.scalars.indices {
                amounts.scalars[place].amount = Self.product(amounts.scalars[place].amount, many)
            }
            total.amounts.add(amounts, sign: 1)
        }
    }

    /// So much that no machine has it, and so little that the sum over many workloads can be counted.
    private static let limit: Int64 = 1 << 50

    private static func product(_ amount: Int64, _ count: Int64) -> Int64 {
        let (product, overflow) = amount.multipliedReportingOverflow(by: count)
        return overflow ? limit : min(limit, product)
    }

    /// How many machines hold the sum, or nil when one of them has no room for the largest pod.
    func leastCount(on share: MachineShare) -> Int? {
        for shape in shapes {
            let one = rules.demand(of: shape)
            if rules.devicesMilli(of: shape) > share.amount(Demand.device) { return nil }
            if one.resources.contains(where: { one[$0] > share.amount($0) }) { return nil }
        }
        var count: Int64 = 1
        for name in total.resources {
            let room = share.amount(name)
            guard room > 0 else { return nil }
            count = max(count, (total[name] + room - 1) / room)
        }
        return Int(count)
    }
}
