import KubernetesAPI

/// What machines and fees cost, by machine type and purchase model, in one region of one provider.
///
/// Two books with the same prices are equal and have the same canonical text.
package struct PriceBook: Hashable, Sendable {
    /// The prices of one machine type; nil where it is not sold that way.
    package struct Entry: Hashable, Sendable {
        package let type: String
        /// Nano-dollars an hour.
        package var onDemand: NanoDollars?
        /// Nano-dollars an hour.
        package var spot: NanoDollars?
    }

    /// Where the prices come from; empty where the book does not say.
    package struct Origin: Hashable, Sendable {
        package var provider = ""
        package var region = ""
        /// The date of the prices, as the book writes it.
        package var date = ""
        package var source = ""

        /// Creates an origin that says nothing.
        package init() {}
    }

    /// Where the prices come from.
    package let origin: Origin
    /// The prices of machines, ordered by type, each type once.
    package let entries: [Entry]
    private let fees: [NanoDollars?]
    /// What traffic to the internet costs; nil where the book does not say.
    package let internetEgress: TrafficTariff?

    init(origin: Origin, entries: [Entry], fees: [NanoDollars?], internetEgress: TrafficTariff? = nil) {
        precondition(fees.count == Fee.allCases.count, "a price book has a place for every fee")
        self.origin = origin
        self.entries = entries.sorted { $0.type < $1.type }
        self.fees = fees
        self.internetEgress = internetEgress
    }

    /// Reads a price book from CSV text; see `PriceBookParser` for the format.
    package init(parsing csv: String) throws(PriceBookError) {
        var parser = PriceBookParser()
        self = try parser.parse(csv)
    }

    /// Returns the price of a machine of `type` an hour, or nil where the book has none.
    package func price(of type: String, purchase: Purchase) -> NanoDollars? {
        guard let entry = entry(type) else { return nil }
        switch purchase {
        case .onDemand: return entry.onDemand
        case .spot: return entry.spot
        }
    }

    /// Returns what `fee` costs in its unit, or nil where the book does not say.
    package func price(of fee: Fee) -> NanoDollars? {
        for (place, candidate) in Fee.allCases.enumerated() where candidate == fee { return fees[place] }
        return nil
    }

    /// Returns up to `count` machine types that `type` may have meant, nearest first, for diagnostics.
    package func nearestNames(to type: String, count: Int = 3) -> [String] {
        NearestNames.nearest(to: type, among: entries.lazy.map(\.type), count: count)
    }

    /// Returns this book with the prices of `overlay` in place of its own, purchase by purchase.
    ///
    /// The overlay may add types. Where it does not name its origin, this book's stands; both sources are kept.
    package func overlaying(_ overlay: PriceBook) -> PriceBook {
        var merged: [Entry] = []
        var rest = overlay.entries[...]
        for var entry in entries {
            while let next = rest.first, next.type < entry.type { merged.append(rest.removeFirst()) }
            if let next = rest.first, next.type == entry.type {
                rest.removeFirst()
                entry.onDemand = next.onDemand ?? entry.onDemand
                entry.spot = next.spot ?? entry.spot
            }
            merged.append(entry)
        }
        merged.append(contentsOf: rest)

        var origin = origin
        let other = overlay.origin
        if !other.provider.isEmpty { origin.provider = other.provider }
        if !other.region.isEmpty { origin.region = other.region }
        if !other.date.isEmpty { origin.date = other.date }
        origin.source = [origin.source, other.source].filter { !$0.isEmpty }.joined(separator: "; overlaid by ")
        return PriceBook(
            origin: origin, entries: merged, fees: zip(fees, overlay.fees).map { own, new in new ?? own },
            internetEgress: overlay.internetEgress ?? internetEgress)
    }

    private func entry(_ type: String) -> Entry? {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].type < type { low = middle + 1 } else { high = middle }
        }
        return low < entries.count && entries[low].type == type ? entries[low] : nil
    }
}

// MARK: - Text

extension PriceBook {
    /// The whole book as CSV in a fixed order, for digests and for the run database; parses back to an equal book.
    package var canonicalText: String {
        var text = ""
        for (key, value) in [
            ("provider", origin.provider), ("region", origin.region), ("currency", "USD"), ("date", origin.date),
            ("source", origin.source),
        ] where !value.isEmpty {
            text += "\(key),\(value)\n"
        }
        for (fee, price) in zip(Fee.allCases, fees) {
            if let price { text += "\(fee.rawValue),\(price.exact)\n" }
        }
        for tier in internetEgress?.tiers ?? [] {
            let bound = tier.upTo.map { String($0 / TrafficTariff.binaryGigabyte) } ?? ""
            text += "\(PriceBookParser.egressKey),\(bound),\(tier.price.exact)\n"
        }
        text += "type,purchase,usd_per_hour\n"
        for entry in entries {
            for purchase in Purchase.allCases {
                let price =
                    switch purchase {
                    case .onDemand: entry.onDemand
                    case .spot: entry.spot
                    }
                if let price { text += "\(entry.type),\(purchase.rawValue),\(price.exact)\n" }
            }
        }
        return text
    }
}
