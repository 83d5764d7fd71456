import CData
import KubernetesAPI

/// Machine types by name, in name order.
package struct MachineCatalogue: Hashable, Sendable {
    /// The types in name order, each name once.
    package let types: [MachineType]

    /// Creates a catalogue; of types with the same name the last one counts.
    package init(_ types: [MachineType]) {
        let ordered = types.enumerated().sorted { ($0.element.name, $0.offset) < ($1.element.name, $1.offset) }
        var kept: [MachineType] = []
        kept.reserveCapacity(ordered.count)
        for (_, type) in ordered {
            if kept.last?.name == type.name { kept.removeLast() }
            kept.append(type)
        }
        self.types = kept
    }

    /// Amazon EC2 under EKS: 20 GiB volumes, pods limited by network interfaces.
    package static let aws = MachineCatalogue(
        MachineTable.parse(
            String(cString: machine_types_aws_csv()), diskBytes: 20 << 30, maxPods: 110, reservation: .eks))

    /// Google Compute Engine under GKE: 100 GiB boot disks, 110 pods.
    package static let gcp = MachineCatalogue(
        MachineTable.parse(
            String(cString: machine_types_gcp_csv()), diskBytes: 100 << 30, maxPods: 110, reservation: .gke))

    /// All machine types that come with Orrery; the providers' names do not collide.
    package static let builtIn = MachineCatalogue(aws.types + gcp.types)

    /// Returns the catalogue with `others` added, which replace types of the same name.
    package func overlaying(_ others: [MachineType]) -> MachineCatalogue { MachineCatalogue(types + others) }

    /// The type called `name`, or nil.
    package subscript(name: String) -> MachineType? {
        var low = 0
        var high = types.count
        while low < high {
            let middle = (low + high) / 2
            if types[middle].name < name { low = middle + 1 } else { high = middle }
        }
        return low < types.count && types[low].name == name ? types[low] : nil
    }

    /// Returns up to `count` known names that `name` may have meant, nearest first, for diagnostics.
    package func nearestNames(to name: String, count: Int = 3) -> [String] {
        NearestNames.nearest(to: name, among: types.lazy.map(\.name), count: count)
    }
}
