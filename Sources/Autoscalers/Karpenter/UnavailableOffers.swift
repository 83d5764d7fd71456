import Chronology

// Counterpart: pkg/cache/unavailableofferings.go of the AWS provider.

/// The offers of which a launch found none, until they are worth another try.
struct UnavailableOffers: Sendable {
    private struct Entry: Sendable {
        var type: Int
        var bit: OfferTable.Cell
        let until: Instant
    }

    private var entries: [Entry] = []
    /// Changes with what is in it.
    private(set) var version = 0

    var isEmpty: Bool { entries.isEmpty }

    mutating func add(type: Int, bit: OfferTable.Cell, until: Instant) {
        entries.append(Entry(type: type, bit: bit, until: until))
        version += 1
    }

    /// Forgets what is over; returns when the next is.
    mutating func expire(_ now: Instant) -> Instant? {
        let count = entries.count
        entries.removeAll { $0.until <= now }
        if entries.count != count { version += 1 }
        return entries.map(\.until).min()
    }

    /// Whether an offer is among them.
    func contains(type: Int, bit: OfferTable.Cell) -> Bool { entries.contains { $0.type == type && $0.bit == bit } }

    /// Looks up their places in another table; what is no longer on sale is forgotten.
    mutating func relocate(from former: OfferTable, to table: OfferTable) {
        version += 1
        entries = entries.compactMap { entry in
            let place = entry.bit.trailingZeroBitCount
            guard former.models.indices.contains(entry.type), former.zones.indices.contains(place / 2),
                let type = table.place(of: former.models[entry.type].name),
                let zone = table.zone(named: former.zones[place / 2])
            else { return nil }
            var entry = entry
            (entry.type, entry.bit) = (type, OfferTable.bit(zone, place % 2 == 0 ? .spot : .onDemand))
            return entry
        }
    }

    /// Takes them out of `cells`.
    func subtract(from cells: inout [OfferTable.Cell]) {
        for entry in entries where cells.indices.contains(entry.type) { cells[entry.type] &= ~entry.bit }
    }
}
