import Foundation

/// Figures of metrics in the units in which experiments keep them.
enum MetricFigure {
    /// Returns a value as people read it; `largest` is the largest that stands beside it.
    static func text(_ value: Double, unit: String, largest: Double) -> String {
        switch unit {
        case "nanodollars": ReportUnit.dollars(value / 1e9, largest: largest / 1e9)
        case "nanoseconds": ReportUnit.duration(value / 1e9)
        case "millicores": String(format: "%.2f", value / 1e3)
        case "bytes": ReportUnit.bytes(value)
        case "permille": ReportUnit.percent.text(value / 10, largest: 100)
        case _: plain(value)
        }
    }

    /// Returns a difference with its sign.
    static func difference(_ value: Double, unit: String, largest: Double) -> String {
        let text = text(value.magnitude, unit: unit, largest: largest)
        return value < 0 ? "-" + text : value > 0 ? "+" + text : text
    }

    /// Returns a p-value as it is usual.
    static func pValue(_ value: Double) -> String { value < 0.001 ? "<0.001" : String(format: "%.3f", value) }

    private static func plain(_ value: Double) -> String {
        let isWhole = value == value.rounded()
        let digits = String(format: isWhole ? "%.0f" : value.magnitude < 10 ? "%.2f" : "%.1f", value.magnitude)
        let parts = digits.split(separator: ".", maxSplits: 1)
        let text = ReportUnit.grouped(String(parts[0])) + (parts.count > 1 ? "." + parts[1] : "")
        return value < 0 ? "-" + text : text
    }
}
