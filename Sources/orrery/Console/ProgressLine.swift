import Chronology
import Foundation

/// The line that tells how far a run is: virtual date, share, events a second, time left.
///
/// It is written over itself on standard error about four times a second, and only when somebody sees it.
struct ProgressLine {
    private static let period: UInt64 = 250_000_000

    private let clock: WallClock
    private let end: Instant
    private let isShown: Bool
    private let began: UInt64
    private var written: UInt64 = 0
    private var width = 0

    init(clock: WallClock, end: Instant, isQuiet: Bool) {
        self.clock = clock
        self.end = end
        isShown = !isQuiet && Console.isErrorTerminal
        began = Stopwatch.nanoseconds
    }

    /// Shows how far the run is, unless that was done a moment ago.
    mutating func show(now: Instant, events: Int64) {
        guard isShown else { return }
        let time = Stopwatch.nanoseconds
        guard time - written >= Self.period else { return }
        written = time
        let line = Self.text(
            date: String(clock.text(of: now.wholeSecond).prefix(16)).replacingOccurrences(of: "T", with: " "),
            share: end.nanoseconds > 0 ? Double(now.nanoseconds) / Double(end.nanoseconds) : 1, events: events,
            seconds: Double(time - began) / 1e9)
        let padding = String(repeating: " ", count: max(0, width - line.count))
        width = line.count
        Console.errorPart("\r" + line + padding)
    }

    /// Takes the line away.
    mutating func clear() {
        guard isShown, width > 0 else { return }
        Console.errorPart("\r" + String(repeating: " ", count: width) + "\r")
        width = 0
    }

    /// Returns the line; `share` is 0...1, `seconds` the host's time since the start.
    static func text(date: String, share: Double, events: Int64, seconds: Double) -> String {
        let rate = seconds > 0 ? Double(events) / seconds : 0
        // A first guess from less than this share jumps about too much to help anyone.
        let left = share > 0.002 ? Figures.clock(seconds * (1 - share) / share) + " left" : "…"
        return "\(date)  \(Figures.fixed(share * 100, 1))%  \(Figures.rate(rate)) events/s  \(left)"
    }
}
