package import KubernetesAPI

/// How a machine is paid for (`karpenter.sh/capacity-type`).
package enum CapacityType: String, Hashable, Sendable, CaseIterable {
    case spot
    case onDemand = "on-demand"
}

/// A type of machine on sale, as an autoscaler knows it before there is one (Karpenter's `InstanceType`).
package struct MachineModel: Sendable {
    package let name: String
    /// What its node will report as capacity.
    package let capacity: ResourceList
    /// What its node will leave to pods.
    package let allocatable: ResourceList
    /// What is true of every machine of the type: architecture, operating system, instance type, the provider's own labels.
    package let labels: StringMap
    /// Nano-dollars an hour in any zone; nil where it is not sold that way.
    package let onDemandPrice: Int64?
    /// Nano-dollars an hour in any zone; nil where it is not sold that way.
    package let spotPrice: Int64?

    /// Creates a type.
    package init(
        name: String, capacity: ResourceList, allocatable: ResourceList, labels: StringMap, onDemandPrice: Int64?,
        spotPrice: Int64?
    ) {
        self.name = name
        self.capacity = capacity
        self.allocatable = allocatable
        self.labels = labels
        self.onDemandPrice = onDemandPrice
        self.spotPrice = spotPrice
    }

    /// Returns what an hour costs, in nano-dollars, or nil where it is not sold that way.
    package func price(_ capacityType: CapacityType) -> Int64? {
        switch capacityType {
        case .spot: spotPrice
        case .onDemand: onDemandPrice
        }
    }
}

/// What a cloud sells machine by machine: every type in every zone. Whether there are any at present shows only a launch.
package final class MachineMarket: Sendable {
    /// The most zones there may be.
    package static let zonesMax = 32

    /// In name order.
    package let models: [MachineModel]
    /// Names, in order.
    package let zones: [String]
    /// The region of each of them.
    package let regions: [String]

    /// Creates a market; of more zones than `zonesMax` the first ones count.
    package init(models: [MachineModel] = [], zones: [String] = [], regions: [String] = []) {
        precondition(zones.count == regions.count, "every zone is in a region")
        self.models = models.sorted { $0.name < $1.name }
        self.zones = Array(zones.prefix(Self.zonesMax))
        self.regions = Array(regions.prefix(Self.zonesMax))
    }
}
