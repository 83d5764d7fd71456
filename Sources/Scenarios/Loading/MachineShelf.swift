package import Costs
package import Machines

/// A machine type with what it costs.
package struct MachineOffer: Hashable, Sendable {
    package var type: MachineType
    package var purchase: Purchase
    package var pricePerHour: NanoDollars

    /// Creates an offer.
    package init(type: MachineType, purchase: Purchase, pricePerHour: NanoDollars) {
        self.type = type
        self.purchase = purchase
        self.pricePerHour = pricePerHour
    }
}

/// The machine types that a run could have, with the prices of its book and overlays.
package struct MachineShelf: Sendable {
    private let catalogue: MachineCatalogue
    private let prices: PriceShelf

    init(_ pools: PoolAssembly) {
        catalogue = pools.catalogue
        prices = pools.prices
    }

    /// Returns the name of the provider that sells a machine type, or nil for one of the scenario's own.
    package static func provider(of type: String) -> String? { Provider.selling(type)?.rawValue }

    /// Returns the machine type called `name` with its price, or nil when there is no such type or no such price.
    package func offer(_ name: String, purchase: Purchase) -> MachineOffer? {
        guard let type = catalogue[name], let price = prices.price(of: name, purchase: purchase) else { return nil }
        return MachineOffer(type: type, purchase: purchase, pricePerHour: price)
    }

    /// Whether there is a machine type called `name`.
    package func knows(_ name: String) -> Bool { catalogue[name] != nil }

    /// Returns up to three names that `name` may have meant, nearest first.
    package func nearestNames(to name: String) -> [String] { catalogue.nearestNames(to: name) }

    /// Returns everything with a price that `provider` sells, or that is the scenario's own, in name order.
    package func offers(of provider: String, purchase: Purchase) -> [MachineOffer] {
        catalogue.types.compactMap { type in
            let seller = Provider.selling(type.name)?.rawValue
            return (seller ?? provider) == provider ? offer(type.name, purchase: purchase) : nil
        }
    }
}
