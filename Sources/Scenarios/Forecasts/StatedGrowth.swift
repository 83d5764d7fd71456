import Foundation

/// Growth that the user expects beside what the history shows: a share for each stretch of time, compounded.
package struct StatedGrowth: Hashable, Sendable {
    /// As it was written.
    package let text: String
    private let factor: Double
    /// In seconds.
    private let period: Double

    /// The stretches that growth can be stated for, in days.
    private static let periods: [(name: String, days: Double)] = [
        ("day", 1), ("week", 7), ("month", 365.0 / 12), ("year", 365),
    ]

    /// What such a growth looks like.
    package static let example = "a share for a day, week, month or year such as 5%/month or -2%/week"

    /// Reads `5%/month`; nil for anything else, and for what would leave nothing.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].hasSuffix("%"), let percent = Double(parts[0].dropLast()), percent.isFinite,
            percent > -100, percent <= 10_000, let period = Self.periods.first(where: { $0.name == parts[1] })
        else { return nil }
        self.text = text
        factor = 1 + percent / 100
        self.period = period.days * 86_400
    }

    /// Returns what demand is multiplied by after a number of seconds.
    package func factor(after seconds: Double) -> Double { pow(factor, seconds / period) }
}
