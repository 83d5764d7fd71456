package import Chronology
package import ControlPlane
package import KubernetesAPI

/// One type of machine in one zone, paid for in one way.
package struct MachineOffer: Sendable {
    package let model: MachineModel
    package let zone: String
    package let region: String
    package let capacityType: CapacityType
    /// Nano-dollars an hour.
    package let pricePerHour: Int64

    /// Creates an offer.
    package init(_ model: MachineModel, zone: String, region: String, capacityType: CapacityType, pricePerHour: Int64) {
        self.model = model
        self.zone = zone
        self.region = region
        self.capacityType = capacityType
        self.pricePerHour = pricePerHour
    }

    /// Returns `node` as a machine of the offer registers it: with its labels and its size.
    package func node(from node: Node) -> Node {
        var node = node
        node.metadata.labels = node.metadata.labels.merging(model.labels).merging([
            OfferTable.zoneLabel: zone, OfferTable.regionLabel: region,
            OfferTable.capacityTypeLabel: capacityType.rawValue,
        ])
        node.status.capacity = model.capacity
        node.status.allocatable = model.allocatable
        return node
    }
}

/// One machine that is to be launched, of the first offer that can be had (`CreateFleet` of EC2, of type `instant`).
package struct MachineOrder: Sendable {
    /// The pool for which it is ordered, for reports and faults.
    package let pool: String
    /// In the order in which they are wanted; at least one.
    package let offers: [MachineOffer]
    /// Why it is ordered: one word in CamelCase, and more words.
    package let reason: String
    package let message: String
    /// How often a machine of this name was ordered before.
    package let attempt: Int
    /// The node as its kubelet will register it, without what follows from the offer.
    private let base: Node

    /// Creates an order of a machine whose node will be `node` with what its offer adds to it.
    package init(
        pool: String, offers: [MachineOffer], node: Node, reason: String, message: String, attempt: Int = 0
    ) {
        precondition(!offers.isEmpty, "an order is for something")
        self.pool = pool
        self.offers = offers
        self.reason = reason
        self.message = message
        self.attempt = attempt
        base = node
    }

    /// Returns the order as it is given once more, for what is left of its offers; nil when nothing is.
    package func repeated(with offers: [MachineOffer]) -> MachineOrder? {
        if offers.isEmpty { return nil }
        return MachineOrder(
            pool: pool, offers: offers, node: base, reason: reason, message: message, attempt: attempt + 1)
    }

    /// The machine's name, which is its node's.
    package var name: String { base.metadata.name }

    /// Returns the node of the offer in a place.
    package func node(_ place: Int) -> Node { offers[place].node(from: base) }
}

/// What a cloud says to an order, at once.
package struct LaunchAnswer: Sendable {
    /// What became of the order.
    package enum Outcome: Hashable, Sendable {
        /// The machine of the offer in this place comes.
        case given(Int)
        /// There is none of any offer.
        case insufficientCapacity
        /// The launch went wrong, for a reason that says nothing about what there is.
        case failed
    }

    package let order: MachineOrder
    /// The places of the offers of which there are none, as far as the cloud looked.
    package let refused: [Int]
    package let outcome: Outcome

    /// Creates an answer.
    package init(_ order: MachineOrder, refused: [Int], outcome: Outcome) {
        self.order = order
        self.refused = refused
        self.outcome = outcome
    }

    /// Whether the offer that was wanted first is given.
    package var isFirstChoice: Bool { outcome == .given(0) }
}

/// What an autoscaler makes of an answer.
package struct LaunchReply: Sendable {
    /// In place of the decision that went with the order.
    package var decisions: [ScalingDecision] = []
    package var events: [EventRecord] = []
    /// When to call again at the latest; nil for when the step wanted it.
    package var callAfter: Duration?

    /// Creates a reply that says nothing.
    package init() {}
}
