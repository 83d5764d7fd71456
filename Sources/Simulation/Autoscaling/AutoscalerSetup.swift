package import Autoscalers
package import Costs
package import Machines

/// An autoscaler that a run is to have.
package struct AutoscalerSetup: Sendable {
    /// Makes the component as it is at the start, with an empty memory.
    package let make: @Sendable () -> any NodeAutoscaler

    /// Creates a setup of the component that `make` returns.
    package init(_ make: @escaping @Sendable () -> any NodeAutoscaler) { self.make = make }
}

/// The machines that a cloud sells one by one.
package struct MachineMarket: Sendable {
    /// A price of one machine type.
    package struct Listing: Sendable {
        /// The place of the type in `types`.
        package let type: Int
        package let zone: String
        package let purchase: MachineOffer.Purchase
        /// An hour; nil when the price is not known.
        package let pricePerHour: NanoDollars?

        /// Creates a listing.
        package init(type: Int, zone: String, purchase: MachineOffer.Purchase, pricePerHour: NanoDollars?) {
            self.type = type
            self.zone = zone
            self.purchase = purchase
            self.pricePerHour = pricePerHour
        }
    }

    /// In name order.
    package var types: [MachineType] = []
    /// By type, zone and purchase model.
    package var listings: [Listing] = []

    /// Creates a market that sells nothing.
    package init() {}
}
