import Chronology
import Costs
import KubernetesAPI
import Machines
import Simulation

/// Makes pools of what was asked for: looks up machine types, zones and prices.
struct PoolAssembly {
    private let assembly: ScenarioAssembly
    private let document: ScenarioDocument
    let catalogue: MachineCatalogue
    let prices: PriceShelf
    private(set) var pools: [NodePool] = []
    private var burstable: BurstableCheck

    init(_ assembly: ScenarioAssembly, document: ScenarioDocument) {
        self.assembly = assembly
        burstable = BurstableCheck(assembly.diagnostics)
        self.document = document
        catalogue = MachineCatalogue.builtIn.overlaying(document.machineTypes)
        prices = PriceShelf(assembly, document: document, catalogue: catalogue)
    }

    /// The fee of the managed control plane; nothing when nobody knows who runs it.
    var controlPlanePerHour: NanoDollars {
        if let price = document.prices.controlPlane { return price }
        return seller.flatMap { prices.book(of: $0).price(of: .controlPlane) } ?? .zero
    }

    /// Who sells the machines; nil when nobody knows.
    var seller: Provider? {
        prices.provider ?? pools.lazy.compactMap { Provider.selling($0.machineType.name) }.first
    }

    /// What `price` comes to; the price book's is that of whoever sells the machines.
    func standing(_ price: StandingPrice?, _ fee: Fee) -> NanoDollars? {
        switch price {
        case nil: return nil
        case .money(let amount)?: return amount
        case .list?:
            let amount = seller.flatMap { prices.book(of: $0).price(of: fee) }
            if amount == nil {
                assembly.warn("prices", "no price book has a price of \(fee.rawValue): it costs nothing")
            }
            return amount
        }
    }

    /// The names that the machines will have, pool by pool.
    var machineNames: [String] {
        pools.flatMap { pool in
            pool.templates.map { $0.map(\.metadata.name) } ?? (0..<pool.count).map { "\(pool.name)-\($0 + 1)" }
        }
    }

    /// The values of a label that the machines will have.
    func labelValues(_ label: String) -> [String] {
        let values = pools.flatMap { pool in
            (0..<pool.count).compactMap { World.template(of: $0, in: pool).metadata.labels[label] }
        }
        return Set(values).sorted()
    }

    // MARK: - Exported nodes

    /// Makes pools of the nodes of an exported cluster.
    mutating func addExported(_ objects: [LoadedObject]) {
        let groups = ExportedNodes.groups(of: objects, catalogue: catalogue)
        let nodePools = NodePoolNames(objects, document).pools
        for group in groups {
            let price = prices.price(of: group.machineType.name, purchase: group.purchase)
            if price == nil {
                let count = group.nodes.count
                let what = group.typeName.map { "the machine type \($0)" } ?? "nodes without a machine type"
                assembly.diagnostics.add(
                    Diagnostic(
                        .warning, file: group.place.file, position: group.place.position,
                        message:
                            "no \(group.purchase == .spot ? "spot " : "")price is known of \(what): \(count) node(s) cost nothing"
                    ))
            }
            var pool = NodePool(
                name: freeName(group.poolName), machineType: group.machineType, zones: group.zones,
                count: group.nodes.count, purchase: group.purchase.rawValue, pricePerHour: price)
            pool.templates = group.nodes
            let owners = Set(group.nodes.map { $0.metadata.labels[ExportedNodes.nodePoolLabel] })
            if owners.count == 1, let owner = owners.first ?? nil, nodePools.contains(owner) { pool.nodePool = owner }
            pools.append(pool)
            burstable.look(
                at: pool.name, of: group.machineType.name, file: group.place.file, position: group.place.position)
        }
    }

    // MARK: - Asked for

    /// Makes the pools of the request or, when it has none, of the scenario; no machines at all are an error, unless
    /// `isPartial` says that some of what was given could not be read.
    mutating func addAsked(objects: [LoadedObject], later: [LoadedObject] = [], isPartial: Bool = false) {
        let hadErrors = assembly.diagnostics.hasErrors
        let asked = requested()
        let drafts = asked ?? document.pools
        for draft in drafts { add(draft) }
        checkZones()
        checkMachineNames()
        // Karpenter buys what there is to be.
        if ScenarioAssembly.hasNodePools(objects + later) { return }
        guard pools.isEmpty, drafts.isEmpty, asked == nil else { return }
        // A broken scenario may well have pools that could not be read, as a broken file may have nodes.
        if isPartial || hadErrors && assembly.request.scenario != nil { return }
        assembly.fail(
            "--machines", "there are no machines to run on",
            expected: MachineHint.text(for: objects.map(\.object), isGoogle: prices.provider == .gcp))
    }

    /// The pools that the request names; nil when it names none.
    private func requested() -> [PoolDraft]? {
        let texts = assembly.request.machineTexts
        if texts.isEmpty { return nil }
        var drafts: [PoolDraft] = []
        for text in texts {
            do throws(MachineOrder.Problem) {
                let order = try MachineOrder(parsing: text)
                let name = order.name ?? String(order.machineType.map { $0 == "." || $0 == "_" ? "-" : $0 })
                var draft = PoolDraft(
                    name: name.lowercased(), machineType: order.machineType, count: order.count,
                    place: PoolDraft.Place(file: "--machines", path: .root, position: nil))
                var number = 2
                while drafts.contains(where: { $0.name == draft.name }) {
                    guard order.name == nil else {
                        assembly.fail("--machines", "the name \"\(name)\" occurs twice")
                        break
                    }
                    draft.name = "\(name.lowercased())-\(number)"
                    number += 1
                }
                drafts.append(draft)
            } catch {
                assembly.fail("--machines", error.message, expected: error.expected)
            }
        }
        return drafts
    }

    private mutating func add(_ draft: PoolDraft) {
        guard var type = catalogue[draft.machineType] else {
            let nearest = catalogue.nearestNames(to: draft.machineType)
            assembly.diagnostics.add(
                Diagnostic(
                    .error, file: draft.place.file, position: draft.place.position, path: draft.place.path.text,
                    message: "there is no machine type \"\(ManifestTree.shortened(draft.machineType))\"",
                    expected: nearest.isEmpty
                        ? "a machine type of AWS or Google Cloud, or one under machineTypes"
                        : "such as \(nearest.joined(separator: ", "))"))
            return
        }
        type.settings = draft.reservations.over(type.settings)
        let asked = assembly.request.zoneNames
        let isGoogle = (Provider.selling(type.name) ?? prices.provider) == .gcp
        let fallback = Array(prices.zones(of: isGoogle ? .gcp : .aws).prefix(1))
        let zones = draft.zones.isEmpty ? (asked.isEmpty ? fallback : asked) : draft.zones
        for zone in draft.zones { checkZone(zone, of: type, draft.place) }
        let price = draft.price ?? prices.price(of: type.name, purchase: draft.purchase)
        if price == nil {
            assembly.diagnostics.add(
                Diagnostic(
                    .warning, file: draft.place.file, position: draft.place.position, path: draft.place.path.text,
                    message: "no \(draft.purchase.rawValue) price is known of the machine type \(type.name): "
                        + "\(draft.count) machine(s) of the pool \(draft.name) cost nothing"))
        }
        var pool = NodePool(
            name: freeName(draft.name), machineType: type, zones: zones, count: draft.count,
            purchase: draft.purchase.rawValue, pricePerHour: price)
        pool.hasOwnPrice = draft.price != nil
        pool.autoscaling = draft.autoscaling
        pool.labels = draft.labels
        pool.taints = draft.taints
        pool.racks = draft.racks
        pool.region = draft.region
        pool.isRunningAtStart = draft.isRunningAtStart
        pool.presentImages = draft.images.present
        pool.pulledImages = draft.images.pulled
        pools.append(pool)
        if draft.count > 0 || draft.autoscaling != nil {
            burstable.look(at: draft.name, of: type.name, file: draft.place.file, position: draft.place.position)
        }
    }

    private func freeName(_ name: String) -> String {
        var free = name
        var number = 2
        while pools.contains(where: { $0.name == free }) {
            free = "\(name)-\(number)"
            number += 1
        }
        return free
    }

    // MARK: - Checks

    /// Refuses zones that the request names twice, and warns of names that their provider does not give.
    private func checkAskedZones() {
        let asked = assembly.request.zoneNames
        for (place, zone) in asked.enumerated() where asked[..<place].contains(zone) {
            assembly.fail("--zones", "the zone \(zone) is named twice", expected: "each zone once")
        }
        let sellers = pools.lazy.compactMap { Provider.selling($0.machineType.name) }
        guard let seller = sellers.first else { return }
        for zone in asked where Provider.region(ofZone: zone) == nil {
            let known = prices.zones(of: seller)
            assembly.diagnostics.add(
                Diagnostic(
                    .warning, file: "--zones", message: "\(seller.rawValue) has no zone \"\(zone)\"",
                    expected: "zones such as \(known.joined(separator: ", "))",
                    nearest: NearestName.of(zone, among: known)))
        }
    }

    /// Warns of a zone of a pool that is a region, or nearly the name of a zone; other names are the scenario's own.
    private func checkZone(_ zone: String, of type: MachineType, _ place: PoolDraft.Place) {
        guard let seller = Provider.selling(type.name), Provider.region(ofZone: zone) == nil else { return }
        let known = prices.zones(of: seller)
        let nearest = NearestName.of(zone, among: known)
        let isRegion =
            Self.regionPrefixes.contains { zone.hasPrefix($0 + "-") }
            && Provider.region(ofZone: zone + (seller == .gcp ? "-a" : "a")) != nil
        guard isRegion || nearest != nil else { return }
        assembly.diagnostics.add(
            Diagnostic(
                .warning, file: place.file, position: place.position, path: place.path.text,
                message: isRegion
                    ? "\(zone) is a region of \(seller.rawValue), and no zone"
                    : "\(seller.rawValue) has no zone \"\(zone)\"",
                expected: isRegion
                    ? "zones such as \(zone)\(seller == .gcp ? "-a" : "a")"
                    : "zones such as \(known.joined(separator: ", "))",
                nearest: isRegion ? nil : nearest))
    }

    /// What the names of regions begin with.
    private static let regionPrefixes = [
        "af", "africa", "ap", "asia", "australia", "ca", "cn", "eu", "europe", "il", "me", "mx", "northamerica", "sa",
        "southamerica", "us",
    ]

    /// Warns when prices are those of another region than the machines'.
    private func checkZones() {
        checkAskedZones()
        var told: [String] = []
        for pool in pools where pool.pricePerHour != nil {
            guard let provider = Provider.selling(pool.machineType.name) else { continue }
            let origin = prices.book(of: provider).origin
            for zone in pool.zones {
                guard let region = Provider.region(ofZone: zone), region != origin.region, !told.contains(region)
                else { continue }
                told.append(region)
                assembly.warn(
                    "prices",
                    "machines are in \(region), their prices are those of \(origin.provider)/\(origin.region); "
                        + (PriceBook.load(provider: provider.rawValue, region: region) == nil
                            ? "an overlay can give others" : "prices.region can name theirs"))
            }
        }
    }

    /// Warns of quotas that the machines of the start exceed, which nobody refused when they were launched.
    func checkQuotas(_ quotas: [CloudQuota]) {
        for quota in quotas {
            var used: [String: Int64] = [:]
            for pool in pools where pool.isRunningAtStart {
                for number in 0..<pool.count {
                    let node = World.template(of: number, in: pool)
                    let region = node.metadata.labels["topology.kubernetes.io/region"] ?? ""
                    guard quota.counts(pool.machineType.name, purchase: pool.purchase, region: region) else { continue }
                    used[region, default: 0] += ((node.status.capacity[.cpu]?.milliValue ?? 0) + 999) / 1_000
                }
            }
            for (region, vcpus) in used.sorted(by: { $0.key < $1.key }) where vcpus > quota.vcpus {
                assembly.warn(
                    "cloud.quotas",
                    "the machines of the start have \(vcpus) vCPUs in \(region), more than the quota of \(quota.vcpus): "
                        + "no more are launched")
            }
        }
    }

    /// Machines of different pools can come to the same name, which would be one node.
    private func checkMachineNames() {
        let names = machineNames.sorted()
        for (name, next) in zip(names, names.dropFirst()) where name == next {
            assembly.fail("pools", "two machines are called \(name)", expected: "pools with other names")
            return
        }
    }
}
