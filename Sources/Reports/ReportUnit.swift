import Foundation

/// What the numbers of a report's column mean, and so how people like to read them.
///
/// CSV and JSON carry the raw number in the unit named here.
package enum ReportUnit: String, Hashable, Sendable, CaseIterable {
    /// Dollars.
    case usd
    /// Cores.
    case cores
    /// Bytes.
    case bytes
    /// Seconds.
    case duration
    /// Hundredths: 100 is all of it.
    case percent
    /// A time as RFC 3339.
    case time
}

extension ReportUnit {
    /// Returns a number in this unit for people; `largest` is the largest that stands beside it.
    func text(_ value: Double, largest: Double) -> String {
        switch self {
        case .usd: Self.dollars(value, largest: largest)
        case .cores: String(format: "%.2f", value)
        case .bytes: Self.bytes(value)
        case .duration: Self.duration(value)
        case .percent: String(format: "%.1f %%", value)
        case .time: "\(value)"
        }
    }

    /// Returns a text in this unit for people: a time loses its fraction and its zone, which is always UTC.
    func text(_ value: String) -> String {
        switch self {
        case .time where value.count >= 19 && value.dropFirst(10).first == "T":
            value.prefix(10) + " " + value.dropFirst(11).prefix(8)
        case .usd, .cores, .bytes, .duration, .percent, .time: value
        }
    }

    /// Returns dollars in whole cents, or with four decimals where `largest` is below a dollar.
    static func dollars(_ value: Double, largest: Double) -> String {
        let isSmall = largest != 0 && largest < 1
        let digits = String(format: isSmall ? "%.4f" : "%.2f", abs(value))
        let parts = digits.split(separator: ".", maxSplits: 1)
        return (value < 0 ? "-$" : "$") + grouped(String(parts[0])) + "." + parts[1]
    }

    /// Returns whole digits with a comma after each thousand.
    static func grouped(_ digits: String) -> String {
        var text = ""
        for (place, digit) in digits.enumerated() {
            if place > 0, (digits.count - place) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return text
    }

    /// Returns bytes in the binary unit that fits.
    static func bytes(_ value: Double) -> String {
        var rest = value
        for unit in ["B", "KiB", "MiB", "GiB", "TiB"] {
            if abs(rest) < 1_024 { return String(format: unit == "B" ? "%.0f " : "%.1f ", rest) + unit }
            rest /= 1_024
        }
        return String(format: "%.1f PiB", rest)
    }

    /// Returns seconds in the two units that matter.
    static func duration(_ seconds: Double) -> String {
        let sign = seconds < 0 ? "-" : ""
        let length = abs(seconds)
        if length == 0 { return "0s" }
        // By what is shown: 59.96 seconds are a minute.
        if (length * 1_000).rounded() < 1_000 { return sign + String(format: "%.0fms", length * 1_000) }
        if (length * 10).rounded() < 600 { return sign + String(format: "%.1fs", length) }
        let whole = Int64(length.rounded())
        if whole < 3_600 { return "\(sign)\(whole / 60)m\(whole % 60)s" }
        if whole < 86_400 { return "\(sign)\(whole / 3_600)h\(whole % 3_600 / 60)m" }
        return "\(sign)\(whole / 86_400)d\(whole % 86_400 / 3_600)h"
    }
}
