import KubernetesAPI
import SchedulingFramework

/// A part of what is on sale: some offers of some types.
struct OfferPart {
    var bits = OfferTable.Cell.max
    /// By type; nil for all.
    var types: [Bool]?

    /// What of a type's offers is in it.
    func cut(_ cell: OfferTable.Cell, ofType type: Int) -> OfferTable.Cell {
        if let types, !types[type] { return 0 }
        return cell & bits
    }

    /// What of it stands in a zone.
    func inZone(_ zone: Int?) -> OfferPart {
        guard let zone else { return self }
        return OfferPart(bits: bits & OfferTable.bits(ofZone: zone), types: types)
    }
}

/// The labels by which the rules of a pod tell its neighbours from others.
enum OfferDomains {
    private static let own: Set<String> = [OfferTable.zoneLabel, OfferTable.regionLabel, PoolPlan.poolLabel, hostLabel]
    private static let hostLabel = "kubernetes.io/hostname"

    /// The keys beside zone, host and pool by which pods of a shape are kept apart or together.
    static func keys(of shape: PodShape) -> [String] {
        var keys: [String] = []
        for key in allKeys(of: shape) where !own.contains(key) && !keys.contains(key) { keys.append(key) }
        return keys
    }

    private static func allKeys(of shape: PodShape) -> [String] {
        let near = shape.spec.affinity?.podAffinity?.required ?? []
        let far = shape.spec.affinity?.podAntiAffinity?.required ?? []
        return spreadKeys(of: shape) + near.map(\.topologyKey) + far.map(\.topologyKey)
    }

    /// The keys over whose values pods of a shape are spread, hosts aside.
    static func spreadKeys(of shape: PodShape) -> [String] {
        shape.spec.topologySpreadConstraints.map(\.topologyKey).filter { $0 != hostLabel }
    }
}

extension PoolPlan {
    /// The value of a label on nodes of an offer.
    func value(_ key: String, _ type: Int, zone: Int, _ capacityType: CapacityType) -> String? {
        switch key {
        case OfferTable.zoneLabel: table.zones[zone]
        case OfferTable.regionLabel: table.regions[zone]
        case OfferTable.capacityTypeLabel: capacityType.rawValue
        default: table.models[type].labels[key] ?? labels[key]
        }
    }

    /// Divides `options` by the values of labels, in the order of the options.
    func groups(of options: [ClaimDraft.Option], by keys: [String]) -> [OfferGroup] {
        var groups: [OfferGroup] = []
        // Only looked up.
        var places: [[String?]: Int] = [:]
        let hasCapacityTypes = keys.contains(OfferTable.capacityTypeLabel)
        for option in options {
            for capacityType in CapacityType.allCases {
                let bits = capacityType == .spot ? table.spotBits : table.onDemandBits
                guard option.cell & bits != 0 else { continue }
                let values = keys.map { value($0, option.type, zone: 0, capacityType) }
                let place = places[values] ?? groups.count
                if place == groups.count {
                    places[values] = place
                    groups.append(OfferGroup(values: values, bits: hasCapacityTypes ? bits : .max))
                }
                groups[place].types.append(option.type)
            }
        }
        return groups
    }
}

/// The offers whose nodes have the same values of some labels.
struct OfferGroup {
    let values: [String?]
    let bits: OfferTable.Cell
    var types: [Int] = []
    /// Whether there is no pod on any node that has one of the values.
    var isFresh = false

    /// The group out of `count` types.
    func part(of count: Int) -> OfferPart {
        var chosen = [Bool](repeating: false, count: count)
        for type in types { chosen[type] = true }
        return OfferPart(bits: bits, types: chosen)
    }
}
