import ArgumentParser
import Costs
import Foundation
import KubernetesAPI
import Machines

/// One machine type of a price book, with what the machine has.
struct PriceRow: Encodable {
    let book: String
    let type: String
    let family: String
    let vcpu: Double
    let memoryGiB: Double
    let gpus: Int64
    let gpuType: String?
    /// The GPUs as people read them, such as `1/8` for a slice, which counts as one.
    let gpuPart: String
    let architecture: String
    /// US dollars an hour, exactly; nil where it is not sold so.
    let onDemand: String?
    let spot: String?
    let date: String
    let source: String

    /// Everything about the type, for `show`.
    var details: String {
        var lines = [
            "\(type)  \(book)", "  vCPU        \(Self.short(vcpu))", "  memory      \(Self.short(memoryGiB)) GiB",
        ]
        if gpus > 0 { lines.append("  GPUs        \(gpuPart) \(gpuType ?? "")") }
        lines.append("  processor   \(architecture)")
        lines.append("  on demand   \(onDemand.map { "$\($0) an hour" } ?? "not sold")")
        lines.append("  spot        \(spot.map { "$\($0) an hour" } ?? "not known")")
        lines.append("  date        \(date)")
        lines.append("  source      \(source)")
        return lines.joined(separator: "\n") + "\n"
    }

    /// A figure without decimals that do not matter.
    static func short(_ value: Double) -> String {
        value == value.rounded() ? String(Int64(value)) : String(value)
    }
}

/// What of the price books is listed.
struct PriceFilter {
    let vcpu: ClosedRange<Int64>?
    let memory: ClosedRange<Int64>?
    let gpu: ClosedRange<Int64>?
    let architecture: String?
    let family: String?

    /// Reads `4` or `4-16`.
    static func range(_ text: String) -> ClosedRange<Int64>? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Int64($0) }
        guard let first = parts.first, let low = first, low >= 0 else { return nil }
        if parts.count == 1 { return low...low }
        guard parts.count == 2, let high = parts[1], high >= low else { return nil }
        return low...high
    }

    func takes(_ row: PriceRow) -> Bool {
        func lies(_ value: Double, _ range: ClosedRange<Int64>?) -> Bool {
            range.map { value >= Double($0.lowerBound) && value <= Double($0.upperBound) } ?? true
        }
        return lies(row.vcpu, vcpu) && lies(row.memoryGiB, memory) && lies(Double(row.gpus), gpu)
            && (architecture ?? row.architecture) == row.architecture && (family ?? row.family) == row.family
    }
}

/// The price books as rows and text.
enum PriceListing {
    /// Returns the book called `name`, or `all`; without a name all, or those that runs go by without a region.
    static func books(named name: String?, isHome: Bool = false) throws -> [PriceBook] {
        guard let name, name != "all" else {
            let names = name == nil && isHome ? PriceBook.builtInNames.prefix(2) : PriceBook.builtInNames[...]
            return names.compactMap { PriceBook.load($0) }
        }
        if let book = PriceBook.load(name) { return [book] }
        throw unknown("price book", name, among: PriceBook.builtInNames)
    }

    /// Tells that there is no such thing, and returns what ends the command.
    static func unknown(_ what: String, _ name: String, among names: [String]) -> ExitCode {
        let nearest = NearestName.of(name, among: names).map { "; did you mean \"\($0)\"?" } ?? ""
        let all = names.count <= 12 ? " (there are: \(names.joined(separator: ", ")))" : ""
        Console.error("error: there is no \(what) \"\(name)\"\(all)\(nearest)")
        return Exit.badInput.code
    }

    /// Returns the machine types of a book, in name order.
    static func rows(of book: PriceBook) -> [PriceRow] {
        book.entries.compactMap { entry in
            guard let type = MachineCatalogue.builtIn[entry.type] else { return nil }
            return PriceRow(
                book: "\(book.origin.provider)/\(book.origin.region)", type: entry.type,
                family: InstanceSize.family(of: entry.type), vcpu: Double(type.milliCPU) / 1_000,
                memoryGiB: Double(type.memoryBytes) / Double(1 << 30), gpus: type.gpuCount, gpuType: type.gpuType,
                gpuPart: type.gpuText,
                architecture: type.architecture.rawValue, onDemand: entry.onDemand?.exact, spot: entry.spot?.exact,
                date: book.origin.date, source: book.origin.source)
        }
    }

    /// Orders by on-demand price, then by name.
    static func isCheaper(_ left: PriceRow, _ right: PriceRow) -> Bool {
        func price(_ row: PriceRow) -> Int64 {
            row.onDemand.flatMap { NanoDollars(parsing: $0) }?.amount ?? .max
        }
        return (price(left), left.type, left.book) < (price(right), right.type, right.book)
    }

    static func text(_ rows: [PriceRow]) -> String {
        var table = TextColumns([.left, .left, .right, .right, .right, .left, .right, .right])
        table.add(["TYPE", "BOOK", "VCPU", "GIB", "GPUS", "ARCH", "ON-DEMAND", "SPOT"])
        for row in rows {
            table.add([
                row.type, row.book, PriceRow.short(row.vcpu), PriceRow.short(row.memoryGiB), row.gpuPart,
                row.architecture, row.onDemand ?? "-", row.spot ?? "-",
            ])
        }
        return table.text(indent: "")
    }

    static func json(_ rows: [PriceRow]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(rows), as: UTF8.self) + "\n"
    }
}
