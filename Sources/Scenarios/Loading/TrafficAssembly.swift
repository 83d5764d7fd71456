import Costs
import Simulation

/// Finds what traffic costs: what the scenario says, or the price book of whoever sells the machines.
struct TrafficAssembly {
    let pools: PoolAssembly
    let assembly: ScenarioAssembly

    /// Returns the prices; those that no book has are recorded.
    func prices(_ section: PriceSection) -> TrafficPrices {
        var prices = TrafficPrices()
        switch section.traffic?.zone {
        case nil: break
        case .list?:
            prices.zoneOut = listed(.zoneTransferOut)
            prices.zoneIn = listed(.zoneTransferIn)
        case .each(let out, let arriving)?:
            prices.zoneOut = TrafficTariff(flat: out)
            prices.zoneIn = TrafficTariff(flat: arriving)
        }
        switch section.traffic?.internet {
        case nil: break
        case .list?:
            prices.internet = pools.seller.flatMap { pools.prices.book(of: $0).internetEgress }
            if prices.internet == nil { missing("internet_egress_usd_per_gib") }
        case .tariff(let tariff)?: prices.internet = tariff
        }
        switch section.traffic?.loadBalancer {
        case nil: break
        case .list?: prices.loadBalancer = listed(.loadBalancerTraffic)
        case .tariff(let tariff)?: prices.loadBalancer = tariff
        }
        guard section.images.isBilled else { return prices }
        func images(_ price: NanoDollars?) -> TrafficTariff? {
            price.map { TrafficTariff(flat: $0, gigabyte: TrafficTariff.decimalGigabyte) }
        }
        prices.imageRegistry = images(section.images.registry)
        prices.imageCache = images(section.images.cache)
        prices.imagePeer = images(section.images.peer)
        prices.imageCrossZone = images(section.images.crossZone)
        return prices
    }

    private func listed(_ fee: Fee) -> TrafficTariff? {
        let price = pools.seller.flatMap { pools.prices.book(of: $0).price(of: fee) }
        if price == nil { missing(fee.rawValue) }
        return price.map { TrafficTariff(flat: $0) }
    }

    private func missing(_ key: String) {
        assembly.warn("prices.traffic", "no price book has a price of \(key): it costs nothing")
    }
}
