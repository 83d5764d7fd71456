import Chronology
import Costs
import KubernetesAPI

/// Spot prices as a file has them: CSV, or what `aws ec2 describe-spot-price-history` prints.
///
/// CSV has the columns `time`, `machine_type`, `usd_per_hour` and, where prices differ, `zone`; those of the export
/// (`Timestamp`, `InstanceType`, `SpotPrice`, `AvailabilityZone`) count as well. Of the export's products Linux counts.
struct SpotHistory {
    /// In the order in which they first occur.
    private(set) var products: [(product: SpotPrices.Product, path: SpotPricePath)] = []
    private let startDate: StartDate
    private var order: [SpotPrices.Product] = []
    private var steps: [SpotPrices.Product: [SpotPricePath.Step]] = [:]

    /// Reads a file; what is wrong with it is recorded.
    init(_ file: LoadedFile, startDate: StartDate, _ diagnostics: Diagnostics) {
        self.startDate = startDate
        if ManifestParser.isJSON(file.contents) { readExport(file, diagnostics) } else { readTable(file, diagnostics) }
        for product in order {
            if let path = SpotPricePath(steps[product] ?? []) { products.append((product, path)) }
        }
        if products.isEmpty, !diagnostics.hasErrors {
            diagnostics.add(
                Diagnostic(
                    .error, file: file.name, message: "there is no spot price", expected: "prices of Linux machines"))
        }
    }

    private mutating func add(_ type: String, _ zone: String, _ at: Instant, _ hourly: NanoDollars) {
        let product = SpotPrices.Product(type: type, zone: zone)
        if steps[product] == nil { order.append(product) }
        steps[product, default: []].append(SpotPricePath.Step(at: at, hourly: hourly))
    }

    /// The instant of a point of time; dates may lie before the start.
    private func instant(_ text: String) -> Instant? {
        guard let time = LogTime(parsing: text) else { return nil }
        guard time.isDate else { return Instant(nanoseconds: time.nanoseconds) }
        let (nanoseconds, isBeyond) = time.nanoseconds.subtractingReportingOverflow(
            startDate.unixSeconds * 1_000_000_000)
        return isBeyond ? nil : Instant(nanoseconds: nanoseconds)
    }

    private static func amount(_ text: String) -> NanoDollars? {
        NanoDollars(parsing: text).flatMap { $0 >= .zero ? $0 : nil }
    }

    // MARK: - CSV

    private struct Told: Hashable {
        var product: SpotPrices.Product
        var at: Instant
    }

    private mutating func readTable(_ file: LoadedFile, _ diagnostics: Diagnostics) {
        guard let table = DelimitedTable(file, diagnostics) else { return }
        let names = [
            ["time", "Timestamp"], ["machine_type", "InstanceType"], ["usd_per_hour", "SpotPrice"],
            ["zone", "AvailabilityZone"],
        ]
        let columns = names.map { $0.lazy.compactMap { table.column($0) }.first }
        guard let time = columns[0], let type = columns[1], let price = columns[2] else {
            let missing = zip(names, columns).filter { $0.1 == nil }.map { $0.0[0] }.filter { $0 != "zone" }
            table.fail(
                line: table.header.number, "there is no column \(missing.joined(separator: ", "))",
                expected: "time,machine_type,zone,usd_per_hour")
            return
        }
        var told: [Told: NanoDollars] = [:]
        for row in table.rows {
            if table.isHopeless { return }
            guard let at = instant(row.fields[time]) else {
                table.fail(row, time, "found \"\(row.fields[time])\"", expected: LogTime.example)
                continue
            }
            guard let amount = Self.amount(row.fields[price]) else {
                table.fail(row, price, "found \"\(row.fields[price])\"", expected: "US dollars an hour such as 0.0345")
                continue
            }
            guard !row.fields[type].isEmpty else {
                table.fail(row, type, "the machine type is missing")
                continue
            }
            let zone = columns[3].map { row.fields[$0] } ?? ""
            let product = SpotPrices.Product(type: row.fields[type], zone: zone)
            if let known = told[Told(product: product, at: at)], known != amount {
                table.fail(row, price, "the machine type has another price at this time already, \(known)")
                continue
            }
            told[Told(product: product, at: at)] = amount
            add(row.fields[type], zone, at, amount)
        }
    }

    // MARK: - The export

    private mutating func readExport(_ file: LoadedFile, _ diagnostics: Diagnostics) {
        let trees = JSONParser.parse(file.contents, file: file.name, diagnostics: diagnostics)
        guard !diagnostics.hasErrors else { return }
        guard let entries = trees.first?["SpotPriceHistory"]?.elements else {
            diagnostics.add(
                Diagnostic(
                    .error, file: file.name, message: "there is no SpotPriceHistory",
                    expected: "what aws ec2 describe-spot-price-history prints as JSON"))
            return
        }
        for entry in entries {
            if let product = entry["ProductDescription"]?.string, !product.hasPrefix("Linux/UNIX") { continue }
            guard let type = entry["InstanceType"]?.string, let time = entry["Timestamp"]?.string,
                let at = instant(time), let text = entry["SpotPrice"]?.string, let amount = Self.amount(text)
            else {
                diagnostics.add(
                    Diagnostic(
                        .error, file: file.name, position: entry.position, message: "this is no price of a machine",
                        expected: "InstanceType, Timestamp and SpotPrice as text"))
                return
            }
            add(type, entry["AvailabilityZone"]?.string ?? "", at, amount)
        }
    }
}
