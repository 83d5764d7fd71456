import KubernetesAPI
import Simulation

// What is left of a pool when something is lost.

extension NodePool {
    private static let poolLabel = "orrery.dev/pool"
    private static let zoneLabel = "topology.kubernetes.io/zone"

    /// The zones in which it has machines, in the order of its own list; an empty name for machines without a zone.
    var usedZones: [String] {
        guard let templates else { return zones.isEmpty ? [""] : Array(zones.prefix(count)) }
        var used: [String] = []
        for template in templates {
            let zone = Self.zone(of: template)
            if !used.contains(zone) { used.append(zone) }
        }
        return used
    }

    /// How many of its machines stand in a zone.
    func machines(inZone zone: String) -> Int {
        if let templates { return templates.count { Self.zone(of: $0) == zone } }
        guard !zones.isEmpty else { return zone.isEmpty ? count : 0 }
        guard let place = zones.firstIndex(of: zone) else { return 0 }
        return SetFilter.count(of: count, inZone: place, zones.count)
    }

    /// Returns the pools that are left without `lost` of the machines in a zone.
    func without(_ lost: Int, inZone zone: String) -> [NodePool] {
        let there = machines(inZone: zone)
        guard lost > 0, there > 0 else { return count > 0 ? [self] : [] }
        var rest = self
        if let templates {
            var left = lost
            rest.templates = templates.reversed().filter { template in
                guard left > 0, Self.zone(of: template) == zone else { return true }
                left -= 1
                return false
            }.reversed()
            rest.count = rest.templates?.count ?? 0
            return rest.count > 0 ? [rest] : []
        }
        // Machines of the other zones stay where they are, so those of this one become a pool of their own.
        rest.count = count - there
        rest.zones.removeAll { $0 == zone }
        var own = self
        if rest.count > 0 {
            own.name = "\(name)-rest"
            // Pods may ask for the pool by its name.
            own.labels[Self.poolLabel] = labels[Self.poolLabel] ?? name
        }
        own.count = max(0, there - lost)
        own.zones = zone.isEmpty ? [] : [zone]
        return [rest, own].filter { $0.count > 0 }
    }

    private static func zone(of template: Node) -> String { template.metadata.labels[zoneLabel] ?? "" }
}
