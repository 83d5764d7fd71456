import Chronology
import Costs
import KubernetesAPI
import Machines
import Simulation

/// A pool as it was asked for, before machine type, zones and price are looked up.
struct PoolDraft {
    var name: String
    var machineType: String
    var count: Int
    /// Empty for the zones of the request.
    /// Between what sizes an autoscaler may keep it; nil when its size is fixed.
    var autoscaling: ClosedRange<Int>?
    var zones: [String] = []
    var purchase = Purchase.onDemand
    /// An hour and machine; nil for the price book's.
    var price: NanoDollars?
    var labels = StringMap()
    var taints: [Taint] = []
    var racks = 0
    /// nil for what the zones' names say.
    var region: String?
    var isRunningAtStart = true
    var reservations = ReservationSettings()
    var images: (present: [String], pulled: [String]) = ([], [])
    /// Where the machine type stands, for messages.
    var place: Place

    /// A place in a document, with its file.
    struct Place {
        var file: String
        var path: FieldPath
        var position: Position?
    }
}

/// Reads `pools` and `machineTypes`.
extension ScenarioReading {
    private enum Start: String, CaseIterable {
        case running, booting
    }

    func pool(_ reader: FieldReader) -> PoolDraft? {
        let name = dnsName("name", reader)
        let type = reader.requiredString("machineType")
        let typePosition = reader.read("machineType") { tree, _ in tree.position }
        let autoscaling = reader.object("autoscaling") { sizes($0) }.flatMap { $0 }
        if !reader.has("autoscaling") { reader.require("count", expected: "the number of machines") }
        let given = reader.int64("count", in: 0...Int64(MachineOrder.countLimit))
        let count = given.map(Int.init) ?? autoscaling?.lowerBound
        if let autoscaling, let count, !autoscaling.contains(count) {
            reader.error(
                "count", "the pool begins with \(count) machines",
                expected:
                    "a number from min (\(autoscaling.lowerBound)) to max (\(autoscaling.upperBound)) of autoscaling")
        }
        let zones = reader.oneOrMore("zones")
        for (place, zone) in zones.enumerated() {
            if zone.isEmpty { reader.error("zones", "a zone's name is empty") }
            guard zones[..<place].contains(zone) else { continue }
            reader.error("zones", "the zone \(zone) is named twice", expected: "each zone once")
        }
        let purchase: Purchase? = reader.choice("purchase")
        let price = reader.read("price") { self.price($0, path: $1) }
        let labels = reader.stringMap("labels")
        let taints = reader.objects("taints") { taint($0) }
        let racks = reader.int64("racks", in: 1...10_000)
        let region = reader.string("region")
        let start: Start? = reader.choice("start")
        let reservations = reservationSettings(reader)
        let images = reader.object("images") { poolImages($0) }
        guard let name, !type.isEmpty, let count else { return nil }
        return PoolDraft(
            name: name, machineType: type, count: count, autoscaling: autoscaling, zones: zones,
            purchase: purchase ?? .onDemand,
            price: price, labels: labels, taints: taints, racks: Int(racks ?? 0), region: region,
            isRunningAtStart: start != .booting, reservations: reservations,
            images: images ?? ([], []),
            place: PoolDraft.Place(
                file: decoding.file, path: reader.path.field("machineType"), position: typePosition))
    }

    /// Returns between what sizes an autoscaler keeps a pool.
    private func sizes(_ reader: FieldReader) -> ClosedRange<Int>? {
        let limit = Int64(MachineOrder.countLimit)
        reader.require("max", expected: "the largest number of machines")
        let least = reader.int64("min", in: 0...limit) ?? 0
        guard let most = reader.int64("max", in: 0...limit) else { return nil }
        guard least <= most else {
            reader.error("max", "found \(most)", expected: "a number from min (\(least)) on")
            return nil
        }
        return Int(least)...Int(most)
    }

    /// Returns a required name that can stand in the name of a Kubernetes object.
    func dnsName(_ field: String, _ reader: FieldReader) -> String? {
        let name = reader.requiredString(field)
        if name.isEmpty { return nil }
        let isValid =
            name.utf8.count <= 50
            && name.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
            && !name.hasPrefix("-") && !name.hasSuffix("-")
        if isValid { return name }
        reader.error(
            field, "\"\(ManifestTree.shortened(name))\" cannot be part of an object's name",
            expected: "lower-case letters, digits and hyphens, at most 50")
        return nil
    }

    private func taint(_ reader: FieldReader) -> Taint? {
        let key = reader.requiredString("key")
        let value = reader.string("value") ?? ""
        guard let effect: TaintEffect = reader.requiredChoice("effect") else { return nil }
        return Taint(key: key, value: value, effect: effect)
    }

    func machineType(_ reader: FieldReader) -> MachineType? {
        let name = reader.requiredString("name")
        reader.require("cpu", expected: "a quantity such as 4 or 3500m")
        reader.require("memory", expected: "a quantity such as 16Gi")
        let cpu = positive("cpu", reader.processors("cpu"), reader)
        let memory = positive("memory", reader.bytes("memory"), reader)
        let disk = positive("disk", reader.bytes("disk"), reader)
        let pods = reader.int64("pods", in: 1...10_000)
        let gpus = reader.int64("gpus", in: 0...1_000)
        let gpuType = reader.string("gpuType")
        let architecture: Architecture? = reader.choice("architecture")
        let reservation: Reservation? = reader.choice("reservation")
        let reservations = reservationSettings(reader)
        guard !name.isEmpty, let cpu, let memory else { return nil }
        var type = MachineType.custom(
            name: name, cpu: cpu, memory: memory, disk: disk ?? Quantity(100 << 30, format: .binarySI),
            maxPods: pods ?? 110, gpuCount: gpus ?? 0, gpuType: gpuType,
            architecture: architecture?.value ?? .amd64, reservation: reservation?.value ?? .none)
        type.settings = reservations
        return type
    }

    private func positive(_ name: String, _ quantity: Quantity?, _ reader: FieldReader) -> Quantity? {
        guard let quantity else { return nil }
        if quantity > .zero { return quantity }
        reader.error(name, "the amount must be above zero")
        return nil
    }

    // The catalogue's own enums cannot be listed, so that a message could name their cases.
    private enum Architecture: String, CaseIterable {
        case amd64, arm64

        var value: MachineType.Architecture { self == .amd64 ? .amd64 : .arm64 }
    }

    private enum Reservation: String, CaseIterable {
        case none, kubelet, eks, gke

        var value: KubeletReservation {
            switch self {
            case .none: .none
            case .kubelet: .kubelet
            case .eks: .eks
            case .gke: .gke
            }
        }
    }
}

// MARK: - Prices

/// What `prices` says; nil where it says nothing.
struct PriceSection {
    var provider: String?
    var providerPosition: Position?
    var region: String?
    var regionPosition: Position?
    var overlays: [String] = []
    var controlPlane: NanoDollars?
    var images = ImagePrices()
    var storage: StandingPrice?
    var loadBalancer: StandingPrice?
    /// nil when traffic costs nothing.
    var traffic: TrafficSection?
    /// nil when spot prices stay as they are.
    var spot: SpotSection?
    var commitments: [CommitmentDraft] = []
    /// Whether Google's sustained use discount is given.
    var hasSustainedUse = false
    var allocation = AllocationSection()
}

/// What something costs that is no machine.
enum StandingPrice {
    /// What the price book says.
    case list
    case money(NanoDollars)
}

extension ScenarioReading {
    func standingPrice(_ tree: ManifestTree, path: FieldPath) -> StandingPrice? {
        if tree.string == "list" { return .list }
        if let text = Self.plainText(tree), let amount = NanoDollars(parsing: text.drop { $0 == "$" }), amount >= .zero
        {
            return bounded(amount, tree, path: path).map { .money($0) }
        }
        wrong(tree, path: path, expected: "list, for what the price book says, or an amount of US dollars such as 0.08")
        return nil
    }

    func prices(_ reader: FieldReader) -> PriceSection {
        PriceSection(
            provider: reader.string("provider"),
            providerPosition: reader.read("provider") { tree, _ in tree.position },
            region: reader.string("region"), regionPosition: reader.read("region") { tree, _ in tree.position },
            overlays: reader.oneOrMore("overlay"),
            controlPlane: reader.read("controlPlane") { price($0, path: $1) },
            images: reader.object("egress") { imagePrices($0) } ?? ImagePrices(),
            storage: reader.read("storage") { standingPrice($0, path: $1) },
            loadBalancer: reader.read("loadBalancer") { standingPrice($0, path: $1) },
            traffic: trafficPrices(reader), spot: reader.object("spot") { spot($0) },
            commitments: reader.objects("commitments") { commitment($0) },
            hasSustainedUse: reader.bool("sustainedUse") ?? false,
            allocation: reader.object("allocation") { allocation($0) } ?? AllocationSection())
    }

    /// Returns an amount of dollars such as `0.096` or `$12.50`, not negative.
    func money(_ tree: ManifestTree, path: FieldPath) -> NanoDollars? {
        if let text = Self.plainText(tree),
            let amount = NanoDollars(parsing: text.hasPrefix("$") ? text.dropFirst() : text[...]), amount >= .zero
        {
            return amount
        }
        wrong(tree, path: path, expected: "an amount of US dollars such as 0.096 or \"$12.50\"")
        return nil
    }
}
