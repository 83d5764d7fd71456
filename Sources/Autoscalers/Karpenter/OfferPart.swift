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

    /// Divides `options` by the values of labels, each part with its values, in the order of the options.
    func parts(of options: [ClaimDraft.Option], by keys: [String]) -> [(values: [String?], part: OfferPart)] {
        var parts: [(values: [String?], part: OfferPart)] = []
        let hasCapacityTypes = keys.contains(OfferTable.capacityTypeLabel)
        for option in options {
            for capacityType in CapacityType.allCases {
                let bits = capacityType == .spot ? table.spotBits : table.onDemandBits
                guard option.cell & bits != 0 else { continue }
                let values = keys.map { value($0, option.type, zone: 0, capacityType) }
                let found = parts.firstIndex { $0.values == values }
                let place = found ?? parts.count
                if found == nil {
                    let none = [Bool](repeating: false, count: table.models.count)
                    parts.append((values, OfferPart(bits: hasCapacityTypes ? bits : .max, types: none)))
                }
                parts[place].part.types?[option.type] = true
            }
        }
        return parts
    }
}
