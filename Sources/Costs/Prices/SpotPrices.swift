package import Chronology

/// The changing prices of spot machines, by machine type and zone.
package struct SpotPrices: Sendable {
    /// Which price a machine pays that runs while prices change.
    package enum Billing: String, Hashable, Sendable, CaseIterable {
        /// For each hour since its launch the one in force when the hour begins, by the second: Amazon, as announced in
        /// November 2017.
        case instanceHour
        /// The one in force: Google, whose prices change at most once a day.
        case continuous
    }

    /// What has a price of its own.
    package struct Product: Hashable, Sendable {
        package let type: String
        /// Empty for all zones.
        package let zone: String

        /// Creates a product.
        package init(type: String, zone: String) {
            self.type = type
            self.zone = zone
        }
    }

    package let billing: Billing
    /// Where they come from, for the record of a run.
    package let source: String
    /// Whether chance makes them, so that another seed gives others.
    package let isDrawn: Bool
    // Only looked up.
    private let paths: [Product: SpotPricePath]
    /// When any price changes, in order.
    private let changes: [Instant]

    /// Creates the prices of products, each of which occurs once.
    package init(
        _ products: [(product: Product, path: SpotPricePath)], billing: Billing, source: String, isDrawn: Bool = false
    ) {
        self.billing = billing
        self.source = source
        self.isDrawn = isDrawn
        paths = Dictionary(uniqueKeysWithValues: products.map { ($0.product, $0.path) })
        var instants: [Instant] = []
        for instant in products.flatMap({ $0.path.steps.map(\.at) }).sorted() where instants.last != instant {
            instants.append(instant)
        }
        changes = instants
    }

    /// How many products have a price.
    package var count: Int { paths.count }

    /// Returns the path of a machine type in a zone, or nil when it has none.
    package func path(of type: String, in zone: String) -> SpotPricePath? {
        paths[Product(type: type, zone: zone)] ?? paths[Product(type: type, zone: "")]
    }

    /// Returns when a price changes next after an instant, or nil.
    package func change(after instant: Instant) -> Instant? {
        var (low, high) = (0, changes.count)
        while low < high {
            let middle = (low + high) / 2
            if changes[middle] <= instant { low = middle + 1 } else { high = middle }
        }
        return low < changes.count ? changes[low] : nil
    }

    /// Returns when a machine that was launched at `start` and pays `hourly` at `now` pays another price next, or nil.
    package func nextCharge(_ path: SpotPricePath, start: Instant, paying hourly: NanoDollars, at now: Instant)
        -> Instant?
    {
        var change = path.change(after: now)
        while let instant = change {
            let due: Instant
            switch billing {
            case .continuous: due = instant
            case .instanceHour:
                let hour = Duration.hours(1).nanoseconds
                let passed = max(0, (instant - start).nanoseconds)
                due = start + Duration(nanoseconds: (passed + hour - 1) / hour * hour)
            }
            if path.price(at: due) != hourly { return due }
            change = path.change(after: due)
        }
        return nil
    }

    /// What is told of them, by name.
    package var listed: [(name: String, value: String)] {
        [("prices.spot.billing", billing.rawValue), ("prices.spot.source", source)]
    }
}
