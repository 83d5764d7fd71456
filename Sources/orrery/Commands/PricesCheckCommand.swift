import ArgumentParser
import Costs
import Foundation
import Machines

/// `orrery prices check FILE`.
struct PricesCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Checks a file with prices, and tells how they differ from the price book's.",
        discussion: """
            The file is CSV: lines key,value (provider, region, currency, date, source, control_plane_usd_per_hour, \
            block_storage_usd_per_gib_month, load_balancer_usd_per_hour, load_balancer_usd_per_gib, \
            zone_transfer_out_usd_per_gib, zone_transfer_in_usd_per_gib; and internet_egress_usd_per_gib,BOUND,PRICE for each \
            tier of GiB a month, the last one without a bound), then a line with the names of the columns, \
            then prices. A smallest file is

              type,purchase,usd_per_hour
              m5.large,on-demand,0.08
            """)

    @Argument(help: ArgumentHelp("The file.", valueName: "file"))
    var file: String

    @Flag(help: "Prints a JSON list instead.")
    var json = false

    func run() throws {
        let book = try read()
        let known = MachineCatalogue.builtIn
        for entry in book.entries where known[entry.type] == nil {
            let nearest = known.nearestNames(to: entry.type, count: 1).first.map { "; did you mean \($0)?" } ?? ""
            Console.error("\(file): warning: there is no machine type \(entry.type) in the catalogue\(nearest)")
        }
        let rows = book.entries.flatMap { entry in
            Purchase.allCases.compactMap { purchase in
                book.price(of: entry.type, purchase: purchase).map { price in
                    Row(
                        type: entry.type, purchase: purchase.rawValue, usdPerHour: price.exact,
                        listUSDPerHour: Self.list(entry.type, purchase)?.exact)
                }
            }
        }
        guard !json else {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return Console.out(String(decoding: try encoder.encode(rows), as: UTF8.self) + "\n")
        }
        var table = TextColumns([.left, .left, .right, .right])
        table.add(["TYPE", "PURCHASE", "USD/H", "LIST"])
        for row in rows { table.add([row.type, row.purchase, row.usdPerHour, row.listUSDPerHour ?? "-"]) }
        Console.out(table.text(indent: ""))
        for fee in Fee.allCases {
            if let price = book.price(of: fee) { Console.out("\(fee.rawValue)  \(price.exact)\n") }
        }
        if let tariff = book.internetEgress { Console.out("internet_egress_usd_per_gib  \(tariff.text)\n") }
    }

    private func read() throws -> PriceBook {
        guard let bytes = FileManager.default.contents(atPath: file) else {
            Console.error("\(file): error: the file cannot be read")
            throw Exit.badInput.code
        }
        do throws(PriceBookError) {
            return try PriceBook(parsing: String(decoding: bytes, as: UTF8.self))
        } catch {
            Console.error(
                "\(file):\(error.line):\(error.column): error: found \"\(error.found)\" (expected \(error.expected))"
                    + (error.nearest.first.map { "; did you mean \($0)?" } ?? ""))
            throw Exit.badInput.code
        }
    }

    private static func list(_ type: String, _ purchase: Purchase) -> NanoDollars? {
        PriceBook.builtInNames.lazy.compactMap { PriceBook.load($0)?.price(of: type, purchase: purchase) }.first
    }

    private struct Row: Encodable {
        let type: String
        let purchase: String
        let usdPerHour: String
        let listUSDPerHour: String?
    }
}
