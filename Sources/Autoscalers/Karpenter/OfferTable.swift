import KubernetesAPI
import SchedulingFramework

/// Everything on sale, in columns: types in the order of their lowest price, then of their names.
///
/// An offer is a type in a zone under a capacity type; the offers of a type are the bits of a cell.
final class OfferTable: Sendable {
    /// One bit for each zone and capacity type.
    typealias Cell = UInt64

    static let instanceTypeLabel = "node.kubernetes.io/instance-type"
    static let zoneLabel = "topology.kubernetes.io/zone"
    static let regionLabel = "topology.kubernetes.io/region"
    static let capacityTypeLabel = "karpenter.sh/capacity-type"

    let zones: [String]
    let regions: [String]
    let models: [MachineModel]
    /// What each type leaves to pods.
    let allocatable: [ResourceAmounts]
    let allowedPods: [Int64]
    /// What is sold of each type at all.
    let cells: [Cell]
    /// The bits of spot and of on-demand offers.
    let spotBits: Cell
    let onDemandBits: Cell
    /// The places of types by name; only looked up.
    private let places: [String: Int]

    init(_ market: MachineMarket) {
        zones = market.zones
        regions = market.regions
        func least(_ model: MachineModel) -> Int64 {
            min(model.spotPrice ?? Int64.max, model.onDemandPrice ?? Int64.max)
        }
        let sold = market.models.filter { $0.spotPrice != nil || $0.onDemandPrice != nil }
        let models = sold.sorted { left, right in
            let (first, second) = (least(left), least(right))
            return first != second ? first < second : left.name < right.name
        }
        self.models = models
        allocatable = models.map { ResourceAmounts($0.allocatable) }
        allowedPods = models.map { $0.allocatable[.pods]?.value ?? 0 }
        var spot: Cell = 0
        var onDemand: Cell = 0
        for zone in market.zones.indices {
            spot |= Self.bit(zone, .spot)
            onDemand |= Self.bit(zone, .onDemand)
        }
        (spotBits, onDemandBits) = (spot, onDemand)
        cells = models.map { ($0.spotPrice == nil ? 0 : spot) | ($0.onDemandPrice == nil ? 0 : onDemand) }
        var places: [String: Int] = [:]
        for (place, model) in models.enumerated() { places[model.name] = place }
        self.places = places
    }

    /// The bit of an offer.
    static func bit(_ zone: Int, _ capacityType: CapacityType) -> Cell {
        1 << Cell(zone * 2 + (capacityType == .spot ? 0 : 1))
    }

    /// The bits of a zone.
    static func bits(ofZone zone: Int) -> Cell { 3 << Cell(zone * 2) }

    /// The place of a type, or nil.
    func place(of type: String) -> Int? { places[type] }

    /// The place of a zone, or nil.
    func zone(named name: String) -> Int? { zones.firstIndex(of: name) }

    /// The labels of a node that stands in a zone and is paid for in this way, beside those of its type.
    func offerLabels(zone: Int, _ capacityType: CapacityType) -> StringMap {
        [
            Self.zoneLabel: zones[zone], Self.regionLabel: regions[zone],
            Self.capacityTypeLabel: capacityType.rawValue,
        ]
    }

    /// The offer of a type in a zone under a capacity type; nothing where it is not sold that way.
    func offer(_ type: Int, zone: Int, _ capacityType: CapacityType) -> MachineOffer {
        MachineOffer(
            models[type], zone: zones[zone], region: regions[zone], capacityType: capacityType,
            pricePerHour: models[type].price(capacityType) ?? 0)
    }

    /// Returns what a type costs in the way in which Karpenter would buy it: spot where a cell allows it.
    func launchPrice(_ type: Int, _ cell: Cell) -> Int64? {
        if cell & spotBits != 0, let price = models[type].spotPrice { return price }
        return cell & onDemandBits != 0 ? models[type].onDemandPrice : nil
    }

    // MARK: - Requirements

    private static let offerKeys: Set<String> = [zoneLabel, regionLabel, capacityTypeLabel]

    /// Whether a label says where a machine stands or how it is paid for, and not what it is.
    static func isOfOffer(_ key: String) -> Bool { offerKeys.contains(key) }

    /// Returns the offers of each type that meet all of `requirements`, where nodes have `labels` of their own.
    func cells(meeting requirements: [NodeSelectorRequirement], labels: StringMap) -> [Cell] {
        var cells = self.cells
        let ofOffer = requirements.filter { Self.isOfOffer($0.key) }
        if !ofOffer.isEmpty {
            var allowed: Cell = 0
            for zone in zones.indices {
                for capacityType in CapacityType.allCases
                where Self.meets(ofOffer, offerLabels(zone: zone, capacityType)) {
                    allowed |= Self.bit(zone, capacityType)
                }
            }
            for place in cells.indices { cells[place] &= allowed }
        }
        let ofType = requirements.filter { !Self.isOfOffer($0.key) }
        if !ofType.isEmpty {
            for place in cells.indices where cells[place] != 0 {
                if !Self.meets(ofType, labels.merging(models[place].labels)) { cells[place] = 0 }
            }
        }
        return cells
    }

    static func meets(_ requirements: [NodeSelectorRequirement], _ labels: StringMap) -> Bool {
        NodeSelectorTerm(matchExpressions: requirements).matches(name: "", labels: labels)
    }
}
