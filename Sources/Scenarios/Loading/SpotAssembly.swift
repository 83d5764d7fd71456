import Autoscalers
import Chronology
import Costs
import KubernetesAPI
import Machines
import Simulation
import VirtualTime

/// Makes the paths of spot prices that a scenario asks for.
struct SpotAssembly {
    let pools: PoolAssembly
    let assembly: ScenarioAssembly

    /// The most prices of a run.
    private static let stepsLimit: Int64 = 4_000_000

    /// Returns the prices of `section` for a run; nil when there are none.
    func prices(_ section: SpotSection?, for setup: WorldSetup) -> SpotPrices? {
        guard let section else { return nil }
        let billing = section.billing ?? (pools.seller == .gcp ? .continuous : .instanceHour)
        if let path = section.history {
            guard let file = assembly.ledger.readFile(path, .scenario) else { return nil }
            let history = SpotHistory(file, startDate: setup.startDate, assembly.diagnostics)
            let known = history.products.filter { pools.catalogue[$0.product.type] != nil }
            if known.count < history.products.count {
                let count = history.products.count - known.count
                assembly.warn(file.name, "\(count) machine type(s) in a zone are in no catalogue: they are left out")
            }
            return known.isEmpty ? nil : SpotPrices(known, billing: billing, source: path)
        }
        guard let generator = section.generated else { return nil }
        let products = products(of: setup)
        let steps = setup.horizon.nanoseconds / generator.every.nanoseconds + 1
        guard Int64(products.count) * steps <= Self.stepsLimit else {
            assembly.fail(
                section.path.text,
                "\(products.count) machine types in zones would change \(steps) times each",
                expected: "at most \(Self.stepsLimit) prices: fewer machine types, or a longer every")
            return nil
        }
        let paths = products.compactMap { product -> (product: SpotPrices.Product, path: SpotPricePath)? in
            guard let mean = pools.prices.price(of: product.type, purchase: .spot) else { return nil }
            let most = pools.prices.price(of: product.type, purchase: .onDemand) ?? mean
            let stream = RandomStream(
                seed: setup.spotSeed, name: "spot.price", purpose: "\(product.type) \(product.zone)")
            let drawn = Self.path(about: mean, most: max(mean, most), generator, steps: steps, stream)
            guard let path = SpotPricePath(drawn) else { return nil }
            return (product: product, path: path)
        }
        return paths.isEmpty ? nil : SpotPrices(paths, billing: billing, source: "generated", isDrawn: true)
    }

    /// What of spot machines a run can have: those of its pools, and all that Karpenter may buy.
    private func products(of setup: WorldSetup) -> [SpotPrices.Product] {
        var products: [SpotPrices.Product] = []
        var seen = Set<SpotPrices.Product>()
        func add(_ type: String, _ zones: [String]) {
            for zone in zones {
                let product = SpotPrices.Product(type: type, zone: zone)
                if seen.insert(product).inserted { products.append(product) }
            }
        }
        for pool in setup.pools where pool.purchase == Purchase.spot.rawValue && !pool.hasOwnPrice {
            add(pool.machineType.name, pool.zones)
        }
        for model in setup.market.models where model.spotPrice != nil { add(model.name, setup.market.zones) }
        return products
    }

    /// Draws a price that is pulled back to `mean`, and stays between a fifth of it and `most`.
    ///
    /// Plain arithmetic alone, so that the prices are the same on any machine; amounts of whole hundredths of a cent, as
    /// Amazon quotes them.
    static func path(
        about mean: NanoDollars, most: NanoDollars, _ generator: SpotSection.Generator, steps: Int64,
        _ stream: RandomStream
    ) -> [SpotPricePath.Step] {
        var stream = stream
        let (volatility, reversion) = (Double(generator.volatility) / 1e6, Double(generator.reversion) / 1e6)
        let ceiling = Double(most.amount) / Double(max(1, mean.amount))
        var factor = 1.0
        return (0..<steps).map { number in
            let price = Int64((factor * Double(mean.amount) / 100_000).rounded()) * 100_000
            // The sum of twelve uniform numbers less six is as good as normal.
            var shock = -6.0
            for _ in 0..<12 { shock += stream.uniform() }
            factor += reversion * (1 - factor) + volatility * shock
            factor = min(ceiling, max(0.2, factor))
            return SpotPricePath.Step(at: .start + generator.every * number, hourly: NanoDollars(price))
        }
    }
}
