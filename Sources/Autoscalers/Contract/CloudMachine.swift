package import Chronology
package import KubernetesAPI

/// A machine that was ordered from a cloud, as the cloud's own interface shows it.
package struct CloudMachine: Sendable {
    /// How far it is.
    package enum State: Hashable, Sendable {
        /// The cloud makes it, or it boots; its kubelet has not registered yet.
        case launching
        /// The cloud does not give it, for a reason such as `InsufficientCapacity`; it costs nothing and never comes.
        case failed(reason: String)
        /// Its kubelet has registered.
        case registered
        /// It is being taken away, or was lost.
        case gone
    }

    /// The name of the machine and, once there is one, of its node.
    package let name: String
    /// The group or pool of which it is one.
    package let group: String
    package let offer: MachineOffer
    package let launchedAt: Instant
    package var state: State

    /// Creates a machine.
    package init(name: String, group: String, offer: MachineOffer, launchedAt: Instant, state: State) {
        self.name = name
        self.group = group
        self.offer = offer
        self.launchedAt = launchedAt
        self.state = state
    }
}

/// A machine type in a zone under a purchase model (Karpenter's `Offering`).
package struct MachineOffer: Hashable, Sendable {
    /// The place of the type in `CloudView.types`.
    package let type: Int32
    package let zone: String
    package let purchase: Purchase
    /// In nano-dollars an hour, or nil where nobody knows.
    package let pricePerHour: Int64?

    /// How a machine is paid for (`karpenter.sh/capacity-type`).
    package enum Purchase: String, Hashable, Sendable, CaseIterable {
        case onDemand = "on-demand"
        case spot
    }

    /// Creates an offer.
    package init(type: Int32, zone: String, purchase: Purchase, pricePerHour: Int64?) {
        self.type = type
        self.zone = zone
        self.purchase = purchase
        self.pricePerHour = pricePerHour
    }
}

/// A type of machine on offer, as an autoscaler knows it before there is one (Karpenter's `InstanceType`).
package final class MachineModel: Sendable {
    package let name: String
    /// What its node will report as capacity.
    package let capacity: ResourceList
    /// What its node will leave to pods.
    package let allocatable: ResourceList
    /// What is true of every machine of the type: architecture, operating system, instance type and the provider's own labels.
    package let labels: StringMap

    /// Creates a model.
    package init(name: String, capacity: ResourceList, allocatable: ResourceList, labels: StringMap) {
        self.name = name
        self.capacity = capacity
        self.allocatable = allocatable
        self.labels = labels
    }
}

/// A group of equal machines with bounds on its size (an auto scaling group, a managed instance group).
package struct NodeGroup: Sendable {
    package let name: String
    package let minSize: Int
    package let maxSize: Int
    /// How many machines are wanted: those that were ordered and not let go.
    package var targetSize: Int
    /// What one of its machines costs and is; the zone is that of the first.
    package let offer: MachineOffer
    /// The zones over which the cloud spreads it, in turn.
    package let zones: [String]
    /// The node that a machine of the group registers, for each of the zones in the same order.
    package let templates: [Node]

    /// Creates a group.
    package init(
        name: String, minSize: Int, maxSize: Int, targetSize: Int, offer: MachineOffer, zones: [String],
        templates: [Node]
    ) {
        self.name = name
        self.minSize = minSize
        self.maxSize = maxSize
        self.targetSize = targetSize
        self.offer = offer
        self.zones = zones
        self.templates = templates
    }
}
