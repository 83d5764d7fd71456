import Autoscalers
import Chronology
import Costs
import Machines
import VirtualTime

extension World {
    /// Returns terms with the spot price in force instead of one that holds for ever.
    func termsInForce(_ terms: MachineTerms) -> MachineTerms {
        guard let path = spotPath(of: terms) else { return terms }
        var terms = terms
        terms.pricePerHour = path.price(at: now)
        return terms
    }

    private func spotPath(of terms: MachineTerms) -> SpotPricePath? {
        guard let prices = setup.spotPrices, terms.purchase == Purchase.spot.rawValue else { return nil }
        if terms.pool >= 0, setup.pools[terms.pool].hasOwnPrice { return nil }
        return prices.path(of: terms.machineType, in: terms.zone)
    }

    /// Waits for the instant at which a machine pays another price.
    mutating func followSpotPrice(_ index: Int32) {
        let machine = nodes[Int(index)]
        guard !machine.isGone, let prices = setup.spotPrices, let path = spotPath(of: machine.terms) else { return }
        let next = prices.nextCharge(
            path, start: machine.launchedAt, paying: machine.terms.pricePerHour ?? .zero, at: now)
        if let next { enqueue(.spotPrice, a: index, at: next) }
    }

    /// A machine pays another price from now on.
    mutating func spotPriceChanges(_ index: Int32) {
        let machine = nodes[Int(index)]
        guard !machine.isGone, let path = spotPath(of: machine.terms) else { return }
        let price = path.price(at: now)
        nodes[Int(index)].terms.pricePerHour = price
        digest.absorb(price.amount)
        if !machine.isUnbilled, let meter = accounts.machines[Int(index)]?.meter {
            tellBill(of: Int(index))
            accounts.meter.setPrice(price, of: meter, at: now)
        }
        followSpotPrice(index)
    }

    // MARK: - What autoscalers see

    /// Brings the prices of spot machines up to date that autoscalers see: of each type the lowest of all zones.
    mutating func refreshMarket() {
        guard let prices = setup.spotPrices, !setup.market.models.isEmpty, now >= autoscaling.marketUntil else {
            return
        }
        autoscaling.marketUntil = prices.change(after: now) ?? .never
        let market = autoscaling.market ?? setup.market
        let spot = setup.market.models.map { spotPrice(of: $0.name, in: setup.market.zones) ?? $0.spotPrice }
        // Who goes by a market that is the same need not look at it again.
        if market.models.map(\.spotPrice) == spot { return }
        let models = zip(setup.market.models, spot).map { model, price in
            MachineModel(
                name: model.name, capacity: model.capacity, allocatable: model.allocatable, labels: model.labels,
                onDemandPrice: model.onDemandPrice, spotPrice: price)
        }
        autoscaling.market = MachineMarket(
            models: models, zones: setup.market.zones, regions: setup.market.regions)
    }

    /// The lowest spot price of a type in some zones, in nano-dollars; nil when none has a path.
    private func spotPrice(of type: String, in zones: [String]) -> Int64? {
        zones.compactMap { setup.spotPrices?.path(of: type, in: $0)?.price(at: now).amount }.min()
    }

    /// What a machine of a pool costs an hour now, in nano-dollars.
    func priceInForce(of pool: NodePool) -> Int64? {
        guard setup.spotPrices != nil, pool.purchase == Purchase.spot.rawValue, !pool.hasOwnPrice else {
            return pool.pricePerHour?.amount
        }
        return spotPrice(of: pool.machineType.name, in: pool.zones) ?? pool.pricePerHour?.amount
    }
}
