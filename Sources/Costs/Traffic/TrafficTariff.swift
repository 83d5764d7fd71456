/// What traffic costs by its volume in a calendar month.
///
/// The first bytes of a month go into the first tier, what is beyond its bound into the next one. A bound counts all
/// bytes of the month, as in the price lists of Amazon ("first 10 TB") and Google.
package struct TrafficTariff: Hashable, Sendable {
    /// A part of the month's volume with a price of its own.
    package struct Tier: Hashable, Sendable {
        /// Bytes of the month up to which the price holds; nil for all that is left.
        package let upTo: Int64?
        /// The price of a gigabyte.
        package let price: NanoDollars

        /// Creates a tier.
        package init(upTo: Int64?, price: NanoDollars) {
            self.upTo = upTo
            self.price = price
        }
    }

    /// Bytes of a gigabyte as providers bill transfer and load balancers.
    package static let binaryGigabyte: Int64 = 1 << 30
    /// Bytes of a gigabyte as `prices.egress` counts them.
    package static let decimalGigabyte: Int64 = 1_000_000_000

    /// In the order of their bounds; the last one has none.
    package let tiers: [Tier]
    /// Bytes for which a tier's price is.
    package let gigabyte: Int64

    /// Creates a tariff with one price for every gigabyte.
    package init(flat price: NanoDollars, gigabyte: Int64 = TrafficTariff.binaryGigabyte) {
        precondition(price >= .zero && gigabyte > 0, "a price must not be negative")
        tiers = [Tier(upTo: nil, price: price)]
        self.gigabyte = gigabyte
    }

    /// Creates a tariff of tiers; nil unless their bounds rise and only the last one has none.
    package init?(tiers: [Tier], gigabyte: Int64 = TrafficTariff.binaryGigabyte) {
        guard let last = tiers.last, last.upTo == nil, gigabyte > 0 else { return nil }
        var before: Int64 = 0
        for tier in tiers.dropLast() {
            guard let bound = tier.upTo, bound > before else { return nil }
            before = bound
        }
        guard tiers.allSatisfy({ $0.price >= .zero }) else { return nil }
        self.tiers = tiers
        self.gigabyte = gigabyte
    }

    /// Whether nothing costs anything.
    package var isFree: Bool { tiers.allSatisfy { $0.price == .zero } }

    /// Returns what `bytes` in a month cost, rounded once to the nearest nano-dollar, halves to even.
    package func cost(of bytes: Int64) -> NanoDollars {
        var product: Int128 = 0
        var begin: Int64 = 0
        for tier in tiers where begin < bytes {
            let end = min(bytes, tier.upTo ?? bytes)
            product += Int128(end - begin) * Int128(tier.price.amount)
            begin = end
        }
        return NanoDollars.quotient(product, by: Int128(gigabyte))
    }

    /// The tariff as text, such as `0` up to 100 gigabytes and `0.09` beyond: `100:0 0.09`.
    package var text: String {
        tiers.map { tier in
            guard let bound = tier.upTo else { return tier.price.exact }
            return "\(bound / gigabyte):\(tier.price.exact)"
        }.joined(separator: " ")
    }
}
