import Foundation
import RunDatabase

/// Numbers as the summary words them.
enum SummaryText {
    /// Returns a share of 1 in percent.
    static func percent(_ share: Double) -> String { String(format: "%.1f %%", 100 * share) }

    /// Returns nano-dollars as dollars, with the decimals that `largest` (nano-dollars) wants.
    static func dollars(_ amount: Int64, largest: Int64) -> String {
        ReportUnit.dollars(Double(amount) / 1e9, largest: Double(largest) / 1e9)
    }

    /// Returns thousandths of a core as cores.
    static func cores(_ milli: Double) -> String { String(format: "%.2f", milli / 1_000) }

    /// Returns a count with its noun, in the plural when it is not 1.
    static func count(_ number: Int64, _ noun: String) -> String {
        "\(ReportUnit.grouped("\(number)")) \(noun)\(number == 1 ? "" : "s")"
    }

    /// Returns what one pod asks for, such as "2.00 cores, 1.0 GiB".
    static func request(of pods: WaitingPods) -> String {
        var parts = ["\(cores(Double(pods.requestCPU))) cores", ReportUnit.bytes(Double(pods.requestMemory))]
        if pods.requestGPU > 0 { parts.append(count(pods.requestGPU, "GPU")) }
        return parts.joined(separator: ", ")
    }

    /// Returns `text` with spaces after it up to `width` characters.
    static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
