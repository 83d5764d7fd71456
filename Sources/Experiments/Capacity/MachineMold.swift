package import Costs
import KubernetesAPI
package import Machines
package import Scenarios
package import Simulation

/// What new machines have in common with those that they stand in for: labels, taints, zones and images.
package struct MachineMold {
    private let pool: NodePool
    /// Over which the machines of each kind are spread in turn.
    package let zones: [String]
    package let purchase: Purchase
    /// Whether pools pay something else than the book says.
    package let hasOwnPrices: Bool
    /// Labels that each machine gets from its pool, zone and type.
    private static let ownLabels = Set(
        [
            "kubernetes.io/hostname", NodeLabels.system, NodeLabels.architecture, "node.kubernetes.io/instance-type",
            "orrery.dev/pool", "topology.kubernetes.io/zone", "topology.kubernetes.io/region", NodePool.rackLabel,
        ] + NodeLabels.olderNames)

    /// Takes the mold of `pools`, which have the same labels and taints; `zones` are theirs unless others are named.
    package init?(_ pools: [NodePool], zones: [String]) {
        guard var pool = pools.first, Self.areAlike(pools) else { return nil }
        (pool.labels, pool.taints) = Self.marks(of: pool)
        pool.templates = nil
        pool.autoscaling = nil
        pool.isRunningAtStart = true
        self.pool = pool
        let own = pools.flatMap(\.zones)
        var all: [String] = []
        for zone in zones.isEmpty ? own : zones where !all.contains(zone) { all.append(zone) }
        self.zones = all
        hasOwnPrices = pools.contains(where: \.hasOwnPrice)
        purchase = Purchase(rawValue: pool.purchase) ?? .onDemand
    }

    /// Whether its machines are what a list of types, counts and zones makes, and no more.
    package var isPlain: Bool {
        pool.labels.isEmpty && pool.taints.isEmpty && pool.machineType.settings == ReservationSettings()
            && purchase == .onDemand && pool.racks == 0 && pool.region == nil && pool.presentImages.isEmpty
            && pool.pulledImages.isEmpty && !hasOwnPrices
    }

    /// Whether pods see no difference between the machines of `pools` but their size and place.
    package static func areAlike(_ pools: [NodePool]) -> Bool {
        guard let first = pools.first.map(marks) else { return true }
        return pools.allSatisfy { marks(of: $0) == first }
    }

    private static func marks(of pool: NodePool) -> (labels: StringMap, taints: [Taint]) {
        guard let templates = pool.templates, let first = templates.first else { return (pool.labels, pool.taints) }
        var labels = StringMap()
        for pair in first.metadata.labels.pairs where !ownLabels.contains(pair.key) {
            if templates.allSatisfy({ $0.metadata.labels[pair.key] == pair.value }) { labels[pair.key] = pair.value }
        }
        let taints = first.spec.taints.filter { taint in templates.allSatisfy { $0.spec.taints.contains(taint) } }
        return (labels, taints)
    }

    /// Returns the machine type of an offer with what the pool reserves on it.
    package func type(of offer: MachineOffer) -> MachineType {
        var type = offer.type
        type.settings = pool.machineType.settings.over(type.settings)
        return type
    }

    /// Returns a pool of `count` machines in `zones`.
    package func pool(_ offer: MachineOffer, count: Int, name: String, zones: [String]) -> NodePool {
        var pool = pool
        pool.name = name
        pool.machineType = type(of: offer)
        pool.count = count
        pool.zones = zones
        pool.purchase = offer.purchase.rawValue
        pool.pricePerHour = offer.pricePerHour
        return pool
    }
}
