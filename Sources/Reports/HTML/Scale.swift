import Chronology
import Foundation

/// How numbers of a range stand along an axis.
struct Scale {
    let from: Double
    let to: Double
    /// The pixels of both ends; the first may be the larger one.
    let start: Double
    let end: Double

    /// Creates a scale; a range without width is widened.
    init(from: Double, to: Double, start: Double, end: Double) {
        self.from = from
        self.to = to > from ? to : from + max(1, from.magnitude * 0.1)
        self.start = start
        self.end = end
    }

    func position(_ value: Double) -> Double { start + (value - from) / (to - from) * (end - start) }

    /// Round numbers within the range, about so many.
    func ticks(_ count: Int, isWhole: Bool = false) -> [Double] {
        let wanted = Self.step((to - from) / Double(max(1, count)))
        // Nobody counts halves; 2.5 is the only step above 1 that does.
        let step = isWhole ? max(1, wanted.rounded(.up)) : wanted
        var ticks: [Double] = []
        var number = (from / step).rounded(.up)
        while number * step <= to + step * 1e-9, ticks.count < 100 {
            ticks.append(number * step)
            number += 1
        }
        return ticks
    }

    private static func step(_ rough: Double) -> Double {
        guard rough > 0, rough.isFinite else { return 1 }
        let power = pow(10, floor(log10(rough)))
        for factor in [1.0, 2, 2.5, 5] where factor * power >= rough * 0.999 { return factor * power }
        return 10 * power
    }
}

/// How the time of a run stands along an axis, with dates under it.
struct TimeScale {
    private static let steps: [Chronology.Duration] = [
        .minutes(1), .minutes(5), .minutes(15), .minutes(30), .hours(1), .hours(3), .hours(6), .hours(12), .days(1),
        .days(2), .days(7), .days(14), .days(28), .days(91), .days(182), .days(365),
    ]

    let clock: WallClock
    private let scale: Scale

    init(clock: WallClock, from: Instant, to: Instant, start: Double, end: Double) {
        self.clock = clock
        scale = Scale(from: Double(from.nanoseconds), to: Double(to.nanoseconds), start: start, end: end)
    }

    func position(_ instant: Instant) -> Double { scale.position(Double(instant.nanoseconds)) }

    /// Instants with labels, at most so many.
    func ticks(_ count: Int) -> [(at: Instant, label: String)] {
        let span = scale.to - scale.from
        let step =
            Self.steps.first { span / Double($0.nanoseconds) <= Double(count) }
            ?? .days(365 * max(1, Int64(span / 3.1536e16) / Int64(max(1, count)) + 1))
        let isLong = step >= .days(1)
        // Days begin at midnight of the calendar, wherever the run began.
        let offset = isLong ? clock.sinceMidnight(at: .start).nanoseconds : 0
        var ticks: [(at: Instant, label: String)] = []
        var at = ((Int64(scale.from) + offset) / step.nanoseconds) * step.nanoseconds - offset
        while Double(at) <= scale.to, ticks.count < 100 {
            if Double(at) >= scale.from {
                let instant = Instant(nanoseconds: at)
                ticks.append((instant, Self.label(clock.text(of: instant), isLong: isLong)))
            }
            at += step.nanoseconds
        }
        return ticks
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Returns "Jan 5", or "14:30" within a day.
    static func label(_ text: String, isLong: Bool) -> String {
        guard text.count >= 16 else { return text }
        let (month, day) = (Int(text.dropFirst(5).prefix(2)) ?? 1, Int(text.dropFirst(8).prefix(2)) ?? 1)
        let time = String(text.dropFirst(11).prefix(5))
        if !isLong, time != "00:00" { return time }
        return "\(months[min(max(month, 1), 12) - 1]) \(day)"
    }
}
