import Chronology
import Costs
import Experiments
import Foundation
import KubernetesAPI
import Observations
import Scheduler
import SchedulingFramework
import Simulation

/// Amounts and money as the answers about capacity write them.
enum CapacityText {
    /// Hours of a month, as clouds count them.
    static let monthHours: Int64 = 730

    /// What a price an hour comes to in a month, in dollars and cents.
    static func monthly(_ price: NanoDollars) -> String { price.scaled(by: monthHours, over: 1).description }

    /// What of a scenario's prices the answers leave out, as they sum list prices.
    static func uncountedPrices(_ setup: WorldSetup) -> [String] {
        var names: [String] = []
        if !setup.commitments.commitments.isEmpty { names.append("commitments") }
        if setup.commitments.hasSustainedUse { names.append("sustained use discounts") }
        if setup.spotPrices != nil { names.append("changing spot prices") }
        return names
    }

    /// The line that says so; empty when nothing is left out.
    static func uncounted(_ names: [String]) -> String {
        guard let last = names.last else { return "" }
        let all = names.count == 1 ? last : names.dropLast().joined(separator: ", ") + " and " + last
        return "  list prices: \(all) not counted; the bills of two runs tell what they make of it\n"
    }

    /// Tenths of a per cent, such as "3.1 %".
    static func share(_ part: Int64, of whole: Int64) -> String {
        guard whole > 0 else { return part > 0 ? "-" : "0 %" }
        let tenths = (Int128(part) * 1000 + Int128(whole) / 2) / Int128(whole)
        return "\(tenths / 10).\(tenths % 10) %"
    }

    /// What pods ask for, such as "2.5 CPU, 4.00 GiB".
    static func amounts(_ amounts: SchedulingFramework.ResourceAmounts) -> String {
        var parts = ["\(Quantity(milli: amounts.milliCPU)) CPU", Figures.bytes(amounts.memory)]
        if amounts.ephemeralStorage > 0 { parts.append("\(Figures.bytes(amounts.ephemeralStorage)) of disk") }
        for scalar in amounts.scalars where scalar.amount > 0 { parts.append("\(scalar.amount) \(scalar.name.text)") }
        return parts.joined(separator: ", ")
    }

    static func pods(_ count: Int) -> String { count == 1 ? "1 pod" : "\(Figures.grouped(Int64(count))) pods" }

    static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
    }
}
