package import KubernetesAPI

/// A group of equal machines with bounds on its size (an auto scaling group, a managed instance group).
package struct NodeGroup: Sendable {
    package let name: String
    package let minSize: Int
    package let maxSize: Int
    /// How many machines are wanted: those that were ordered and not let go.
    package var targetSize: Int
    package let machineType: String
    /// What one of its machines costs, in nano-dollars an hour; nil where nobody knows.
    package let pricePerHour: Int64?
    /// The zones over which the cloud spreads it, in turn.
    package let zones: [String]
    /// The node that a machine of the group registers, for each of the zones in the same order.
    package let templates: [Node]

    /// Creates a group.
    package init(
        name: String, minSize: Int, maxSize: Int, targetSize: Int, machineType: String, pricePerHour: Int64?,
        zones: [String], templates: [Node]
    ) {
        self.name = name
        self.minSize = minSize
        self.maxSize = maxSize
        self.targetSize = targetSize
        self.machineType = machineType
        self.pricePerHour = pricePerHour
        self.zones = zones
        self.templates = templates
    }
}
