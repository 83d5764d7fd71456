import KubernetesAPI
import SchedulingFramework

// Kubernetes counterpart: provisioning/scheduling/nodeclaim.go (karpenter).

/// A machine that is to be bought: the pods that go there, and the offers on which all of them fit.
final class ClaimDraft {
    /// A type with those of its offers that are left.
    struct Option {
        let type: Int
        var cell: OfferTable.Cell
    }

    /// The place of its plan.
    let place: Int
    let plan: PoolPlan
    /// In the order of the table.
    private(set) var options: [Option]
    private(set) var used = ResourceAmounts()
    private(set) var pods: [PodInfo] = []
    /// The node that stands for it among the nodes of the trial, when pods look at others, and the offer whose labels it has.
    var shown: (node: NodeInfo, offer: Option)?
    /// The zone to which its pods have tied it.
    var zone: Int?

    init(_ place: Int, _ plan: PoolPlan, options: [Option]) {
        self.place = place
        self.plan = plan
        self.options = options
    }

    // MARK: - Room

    /// Returns how many pods like `pod` still find room on some type, by resources alone.
    func capacity(for pod: PodInfo, _ answer: ShapeOffers.Answer) -> Int {
        let wanted = pod.shape.requests
        var most = 0
        for option in options {
            guard Self.meet(option, answer) != 0 else { continue }
            let room = Self.room(plan, option.type, used, pods.count, wanted)
            if room > most { most = room }
        }
        guard most > 0, !plan.minValues.isEmpty else { return most }
        // The more pods, the fewer types are left to choose from.
        var (low, high) = (0, most)
        while low < high {
            let middle = (low + high + 1) / 2
            if narrowed(by: answer, adding: middle, of: wanted) != nil { low = middle } else { high = middle - 1 }
        }
        return low
    }

    private static func meet(_ option: Option, _ answer: ShapeOffers.Answer) -> OfferTable.Cell {
        switch answer {
        case .nothing: 0
        case .everything: option.cell
        case .some(let cells): option.cell & cells[option.type]
        }
    }

    private static func room(
        _ plan: PoolPlan, _ type: Int, _ used: ResourceAmounts, _ podCount: Int, _ wanted: ResourceAmounts
    ) -> Int {
        var count = plan.freePods[type] - Int64(podCount)
        if wanted.milliCPU > 0 { count = min(count, (plan.free[type].milliCPU - used.milliCPU) / wanted.milliCPU) }
        if wanted.memory > 0 { count = min(count, (plan.free[type].memory - used.memory) / wanted.memory) }
        if wanted.ephemeralStorage > 0 {
            let left = plan.free[type].ephemeralStorage - used.ephemeralStorage
            count = min(count, left / wanted.ephemeralStorage)
        }
        for scalar in wanted.scalars where scalar.amount > 0 {
            let left = plan.free[type].scalar(scalar.name) - used.scalar(scalar.name)
            count = min(count, left / scalar.amount)
        }
        return Int(max(0, count))
    }

    // MARK: - Pods

    /// Returns the options that are left when `count` pods more are there, or nil when that are too few.
    func narrowed(
        by answer: ShapeOffers.Answer, adding count: Int, of wanted: ResourceAmounts,
        within part: OfferPart = OfferPart()
    ) -> [Option]? {
        var left: [Option] = []
        for option in options {
            let cell = part.cut(Self.meet(option, answer), ofType: option.type)
            guard cell != 0, Self.room(plan, option.type, used, pods.count, wanted) >= count else { continue }
            left.append(Option(type: option.type, cell: cell))
        }
        return left.isEmpty || !hasEnoughValues(left) ? nil : left
    }

    /// Takes `pods` of one kind, which leaves these options.
    func take(_ new: ArraySlice<PodInfo>, leaving options: [Option]) {
        guard let first = new.first else { return }
        used.add(first.shape.requests, sign: Int64(new.count))
        pods += new
        self.options = options
    }

    /// Keeps only options that `isWanted`.
    func keep(_ isWanted: (Option) -> OfferTable.Cell) {
        options = options.compactMap { option in
            let cell = isWanted(option)
            return cell == 0 ? nil : Option(type: option.type, cell: cell)
        }
    }

    /// Keeps the cheapest ones.
    func keepFirst(_ count: Int) { options = Array(options.prefix(count)) }

    /// Whether the options still hold as many different values as the pool's requirements ask for (`minValues`).
    func hasEnoughValues(_ options: [Option]) -> Bool {
        for (key, count) in plan.minValues {
            var values: Set<String> = []
            for option in options {
                if OfferTable.isOfOffer(key) {
                    for zone in plan.table.zones.indices {
                        for capacityType in CapacityType.allCases
                        where option.cell & OfferTable.bit(zone, capacityType) != 0 {
                            if let value = plan.table.offerLabels(zone: zone, capacityType)[key] {
                                values.insert(value)
                            }
                        }
                    }
                } else if let value = plan.table.models[option.type].labels[key] {
                    values.insert(value)
                }
                if values.count >= count { break }
            }
            if values.count < count { return false }
        }
        return true
    }

    // MARK: - What it comes to

    /// Whether spot machines are among the options.
    var allowsSpot: Bool { options.contains { $0.cell & plan.table.spotBits != 0 } }

    /// Whether a spot machine would be bought.
    var buysSpot: Bool { launchOptions.contains { $0.cell & plan.table.spotBits != 0 } }

    /// The options without spot machines that cost more than the cheapest on demand (`SpotOfferingFilter`).
    private var launchOptions: [Option] {
        let table = plan.table
        guard plan.minValues.isEmpty, allowsSpot else { return options }
        let most = options.lazy.filter { $0.cell & table.onDemandBits != 0 }
            .compactMap { table.models[$0.type].onDemandPrice }.min()
        guard let most else { return options }
        return options.compactMap { option in
            guard let price = table.models[option.type].spotPrice, price > most else { return option }
            let cell = option.cell & table.onDemandBits
            return cell == 0 ? nil : Option(type: option.type, cell: cell)
        }
    }

    /// The offer that is bought: spot where there is any, the cheapest type, the zone that `load` shows least in.
    func choice(load: [Int]) -> (type: Int, zone: Int, capacityType: CapacityType, price: Int64)? {
        let table = plan.table
        let options = launchOptions
        let buysSpot = options.contains { $0.cell & table.spotBits != 0 }
        let capacityType: CapacityType = buysSpot ? .spot : .onDemand
        let bits = buysSpot ? table.spotBits : table.onDemandBits
        var best: (type: Int, price: Int64, cell: OfferTable.Cell)?
        for option in options where option.cell & bits != 0 {
            guard let price = table.models[option.type].price(capacityType) else { continue }
            let isBetter =
                best.map { known in
                    price != known.price
                        ? price < known.price : table.models[option.type].name < table.models[known.type].name
                } ?? true
            if isBetter { best = (option.type, price, option.cell) }
        }
        guard let best else { return nil }
        let zones = table.zones.indices.filter { best.cell & OfferTable.bit($0, capacityType) != 0 }
        guard let zone = zones.min(by: { (load[$0], $0) < (load[$1], $1) }) else { return nil }
        return (best.type, zone, capacityType, best.price)
    }

    /// The offers that an order names, the one of `choice` first: by price and type, then the zone that `load` shows least in.
    func offers(_ capacityType: CapacityType, typesMax: Int, load: [Int]) -> [MachineOffer] {
        let table = plan.table
        let bits = capacityType == .spot ? table.spotBits : table.onDemandBits
        var types: [(type: Int, price: Int64, cell: OfferTable.Cell)] = []
        for option in launchOptions where option.cell & bits != 0 {
            guard let price = table.models[option.type].price(capacityType) else { continue }
            types.append((option.type, price, option.cell))
        }
        types.sort { left, right in
            left.price != right.price
                ? left.price < right.price : table.models[left.type].name < table.models[right.type].name
        }
        let zones = table.zones.indices.sorted { (load[$0], $0) < (load[$1], $1) }
        var offers: [MachineOffer] = []
        for entry in types.prefix(typesMax) {
            for zone in zones where entry.cell & OfferTable.bit(zone, capacityType) != 0 {
                offers.append(table.offer(entry.type, zone: zone, capacityType))
            }
        }
        return offers
    }
}
