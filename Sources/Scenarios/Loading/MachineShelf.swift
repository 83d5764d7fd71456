package import Costs
package import Machines
package import Simulation

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
    /// What pools pay by themselves; the first that names a machine type and purchase counts.
    private var ownPrices: [MachineOffer] = []

    init(_ pools: PoolAssembly) {
        catalogue = pools.catalogue
        prices = pools.prices
    }

    /// Returns the shelf on which prices that pools have of their own stand above those of the book: of `pools` first, and of
    /// several prices of theirs the lowest, then of `others`.
    package func pricing(like pools: [NodePool], then others: [NodePool]) -> MachineShelf {
        var shelf = self
        shelf.ownPrices = Self.ownPrices(of: pools) + Self.ownPrices(of: others)
        return shelf
    }

    private static func ownPrices(of pools: [NodePool]) -> [MachineOffer] {
        let offers = pools.compactMap { pool -> MachineOffer? in
            guard pool.hasOwnPrice, let price = pool.pricePerHour, let purchase = Purchase(rawValue: pool.purchase)
            else { return nil }
            return MachineOffer(type: pool.machineType, purchase: purchase, pricePerHour: price)
        }
        return offers.sorted { $0.pricePerHour < $1.pricePerHour }
    }

    /// Returns the name of the provider that sells a machine type, or nil for one of the scenario's own.
    package static func provider(of type: String) -> String? { Provider.selling(type)?.rawValue }

    /// Returns the machine type called `name` with its price, or nil when there is no such type or no such price.
    package func offer(_ name: String, purchase: Purchase) -> MachineOffer? {
        guard let type = catalogue[name] else { return nil }
        let own = ownPrices.first { $0.type.name == name && $0.purchase == purchase }?.pricePerHour
        guard let price = own ?? prices.price(of: name, purchase: purchase) else { return nil }
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
