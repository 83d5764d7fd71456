import Chronology
import KubernetesAPI

/// Reads a price book.
///
/// The text is CSV; empty lines and lines that start with `#` are skipped. First may come lines `key,value` with the
/// keys `provider`, `region`, `currency` (only USD), `date`, `source` and those of `Fee`, and lines
/// `internet_egress_usd_per_gib,BOUND,PRICE`, each the price up to so many GiB in a month, the last one without a bound.
/// Then comes the line with the names of the columns, then a line for each machine type. Prices are plain decimals. The columns, in any order:
///
/// * `type`, and either
/// * `purchase` (`on-demand` or `spot`) with `usd_per_hour`, a line for each price; or
/// * `on_demand_usd_per_hour` and, where wanted, `spot_usd_per_hour` or `spot_saving_percent` (a whole number that is
///   taken off the on-demand price), a line for each type.
///
/// A smallest overlay is `type,purchase,usd_per_hour` and one line such as `m5.large,on-demand,0.08`.
struct PriceBookParser {
    private enum Column: String, CaseIterable {
        case type, purchase
        case price = "usd_per_hour"
        case onDemand = "on_demand_usd_per_hour"
        case spot = "spot_usd_per_hour"
        case saving = "spot_saving_percent"
    }

    private enum Key: String, CaseIterable {
        case provider, region, currency, date, source
    }

    private var line = 0
    private var columns: [Column] = []
    private var origin = PriceBook.Origin()
    private var fees = [NanoDollars?](repeating: nil, count: Fee.allCases.count)
    private var entries: [PriceBook.Entry] = []
    private var places: [String: Int] = [:]
    private var tiers: [TrafficTariff.Tier] = []

    /// The key of the tiers of traffic to the internet.
    static let egressKey = "internet_egress_usd_per_gib"

    /// Returns the book that `text` describes, or throws what is wrong first.
    mutating func parse(_ text: String) throws(PriceBookError) -> PriceBook {
        let newline = UInt8(ascii: "\n")
        for slice in Substring(text).utf8.split(separator: newline, omittingEmptySubsequences: false) {
            line += 1
            var row = Substring(slice)
            if line == 1, row.unicodeScalars.first == "\u{FEFF}" { row.unicodeScalars.removeFirst() }
            let cells = CSVRow.cells(of: row)
            guard let first = cells.first, cells.count > 1 || !first.text.isEmpty else { continue }
            if first.text.hasPrefix("#") { continue }
            if !columns.isEmpty {
                try readPrices(cells)
            } else if cells.contains(where: { $0.text == Column.type.rawValue }) {
                try readColumns(cells)
            } else {
                try readSetting(key: first, cells: cells, row: row)
            }
        }
        guard !columns.isEmpty else {
            throw PriceBookError(
                line: line, column: 1, found: "the end",
                expected: "a line with the names of the columns, one of them type")
        }
        guard tiers.isEmpty || tiers.last?.upTo == nil else {
            throw PriceBookError(
                line: line, column: 1, found: "the end",
                expected: "a line \(Self.egressKey) without a bound, for what is beyond the others")
        }
        return PriceBook(
            origin: origin, entries: entries, fees: fees, internetEgress: TrafficTariff(tiers: tiers))
    }

    // MARK: - Lines

    private mutating func readSetting(
        key: CSVRow.Cell, cells: [CSVRow.Cell], row: Substring
    ) throws(PriceBookError) {
        if key.text == Self.egressKey { return try readTier(cells) }
        for (place, fee) in Fee.allCases.enumerated() where fee.rawValue == key.text {
            guard cells.count == 2 else { throw error(cells.last ?? key, "one price after \(key.text)") }
            fees[place] = try price(cells[1])
            return
        }
        guard let name = Key(rawValue: key.text) else {
            let known =
                Key.allCases.map(\.rawValue) + Fee.allCases.map(\.rawValue) + [Self.egressKey, Column.type.rawValue]
            throw error(key, "a setting, or the names of the columns with type among them", among: known)
        }
        // A source may hold commas: the value is the rest of the line.
        let value = CSVRow.rest(of: row)
        switch name {
        case .provider: origin.provider = value
        case .region: origin.region = value
        case .date:
            guard value.isEmpty || (try? StartDate(parsing: value)) != nil else {
                throw error(cells.count > 1 ? cells[1] : key, "a date such as 2026-07-20")
            }
            origin.date = value
        case .source: origin.source = value
        case .currency:
            guard value == "USD" else { throw error(cells.count > 1 ? cells[1] : key, "USD, the only currency") }
        }
    }

    private mutating func readTier(_ cells: [CSVRow.Cell]) throws(PriceBookError) {
        guard cells.count == 3 else {
            throw error(cells[cells.count - 1], "a bound in GiB, which may be empty, and a price")
        }
        guard tiers.isEmpty || tiers.last?.upTo != nil else { throw error(cells[1], "nothing after all that is left") }
        var bound: Int64?
        if !cells[1].text.isEmpty {
            let before = (tiers.last?.upTo ?? 0) / TrafficTariff.binaryGigabyte
            guard let gibibytes = Int64(cells[1].text), gibibytes > before, gibibytes <= 1_000_000_000 else {
                throw error(cells[1], "a whole number of GiB above \(before)")
            }
            bound = gibibytes * TrafficTariff.binaryGigabyte
        }
        tiers.append(TrafficTariff.Tier(upTo: bound, price: try price(cells[2])))
    }

    private mutating func readColumns(_ cells: [CSVRow.Cell]) throws(PriceBookError) {
        for cell in cells {
            guard let column = Column(rawValue: cell.text) else {
                throw error(cell, "the name of a column", among: Column.allCases.map(\.rawValue))
            }
            guard !columns.contains(column) else { throw error(cell, "each column once") }
            columns.append(column)
        }
        let isLong = columns.contains(.purchase)
        guard isLong == columns.contains(.price) else {
            throw error(cells[0], "the columns purchase and usd_per_hour together")
        }
        let isWide = columns.contains(.onDemand) || columns.contains(.spot)
        guard isLong != isWide else {
            throw error(cells[0], "either purchase and usd_per_hour, or on_demand_usd_per_hour or spot_usd_per_hour")
        }
        guard !columns.contains(.saving) || (columns.contains(.onDemand) && !columns.contains(.spot)) else {
            throw error(cells[0], "spot_saving_percent with on_demand_usd_per_hour and without spot_usd_per_hour")
        }
    }

    private mutating func readPrices(_ cells: [CSVRow.Cell]) throws(PriceBookError) {
        guard cells.count <= columns.count else {
            throw error(cells[columns.count], "no more cells than columns (\(columns.count))")
        }
        func cell(_ column: Column) -> CSVRow.Cell? {
            guard let place = columns.firstIndex(of: column), place < cells.count else { return nil }
            return cells[place].text.isEmpty ? nil : cells[place]
        }
        guard let type = cell(.type) else { throw error(cells[0], "a machine type in the column type") }
        if columns.contains(.purchase) {
            guard let name = cell(.purchase), let purchase = Purchase(rawValue: name.text) else {
                throw error(cell(.purchase) ?? type, "on-demand or spot", among: Purchase.allCases.map(\.rawValue))
            }
            guard let amount = cell(.price) else { throw error(type, "a price in the column usd_per_hour") }
            try set(purchase, of: type, to: price(amount))
            return
        }
        var onDemand: NanoDollars?
        if let amount = cell(.onDemand) {
            let value = try price(amount)
            try set(.onDemand, of: type, to: value)
            onDemand = value
        }
        if let amount = cell(.spot) { try set(.spot, of: type, to: price(amount)) }
        if let saving = cell(.saving) {
            guard let percent = Int64(saving.text), (0...100).contains(percent) else {
                throw error(saving, "a whole number of percent from 0 to 100")
            }
            guard let onDemand else { throw error(saving, "an on-demand price to take the saving from") }
            try set(.spot, of: type, to: onDemand.scaled(by: 100 - percent, over: 100))
        }
        if cell(.onDemand) == nil, cell(.spot) == nil { throw error(type, "at least one price for the type") }
    }

    // MARK: - Cells

    private mutating func set(
        _ purchase: Purchase, of type: CSVRow.Cell, to price: NanoDollars
    ) throws(PriceBookError) {
        let place = places[type.text] ?? entries.count
        if place == entries.count {
            places[type.text] = place
            entries.append(PriceBook.Entry(type: type.text, onDemand: nil, spot: nil))
        }
        let old: NanoDollars?
        switch purchase {
        case .onDemand: (old, entries[place].onDemand) = (entries[place].onDemand, price)
        case .spot: (old, entries[place].spot) = (entries[place].spot, price)
        }
        guard old == nil else { throw error(type, "each type once for \(purchase.rawValue)") }
    }

    private func price(_ cell: CSVRow.Cell) throws(PriceBookError) -> NanoDollars {
        guard let amount = NanoDollars(parsing: cell.text), amount >= .zero else {
            throw error(cell, "a price in dollars such as 0.096, not negative, at most nine decimals")
        }
        return amount
    }

    private func error(_ cell: CSVRow.Cell, _ expected: String, among names: [String] = []) -> PriceBookError {
        PriceBookError(
            line: line, column: cell.column, found: cell.text, expected: expected,
            nearest: NearestNames.nearest(to: cell.text, among: names, count: 3))
    }
}
