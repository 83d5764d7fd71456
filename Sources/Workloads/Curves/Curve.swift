package import Chronology

/// A quantity over time that stays the same between known instants; its unit is its user's business.
///
/// All arithmetic is in whole numbers. Smooth shapes are cut into steps.
package struct Curve: Hashable, Sendable {
    /// What the curve is like before trend and spikes.
    package enum Shape: Hashable, Sendable {
        case constant(Int64)
        case diurnal(DiurnalShape)
        case series(SeriesShape)
    }

    package var shape: Shape
    /// Linear growth per whole day since the scenario's start, in parts per million of the shape's value.
    package var trendPerDay: Int64
    /// Times at which the value is multiplied.
    package var spikes: [Spike]

    /// Creates a curve.
    package init(_ shape: Shape, trendPerDay: Int64 = 0, spikes: [Spike] = []) {
        self.shape = shape
        self.trendPerDay = trendPerDay
        self.spikes = spikes
    }

    /// Creates a curve that never changes.
    package static func constant(_ value: Int64) -> Curve { Curve(.constant(value)) }
}

// MARK: - Reading

extension Curve {
    /// Returns the value at an instant; never below zero.
    package func value(at instant: Instant, on clock: WallClock) -> Int64 {
        var value =
            switch shape {
            case .constant(let value): value
            case .diurnal(let shape): shape.value(at: instant, on: clock)
            case .series(let shape): shape.value(at: instant)
            }
        if trendPerDay != 0 {
            let days = Int128(Self.day(of: instant))
            value = scaled(value, 1_000_000 + Int128(trendPerDay) * days, 1_000_000)
        }
        for spike in spikes where spike.isOn(at: instant) {
            value = scaled(value, Int128(spike.permille), 1_000)
        }
        return min(Self.limit, max(0, value))
    }

    /// Returns the next instant at which the value can differ, or nil when it stays for ever.
    package func nextChange(after instant: Instant, on clock: WallClock) -> Instant? {
        var next: Instant? =
            switch shape {
            case .constant: nil
            case .diurnal(let shape): shape.nextChange(after: instant, on: clock)
            case .series(let shape): shape.nextChange(after: instant)
            }
        if trendPerDay != 0 { next = earlier(next, .start + .days(Self.day(of: instant) + 1)) }
        for spike in spikes { next = earlier(next, spike.nextChange(after: instant)) }
        return next
    }

    /// No curve goes beyond, however it grows: what is made of its values can be counted.
    private static let limit: Int64 = 1 << 50

    private static func day(of instant: Instant) -> Int64 {
        max(0, instant.nanoseconds) / Duration.days(1).nanoseconds
    }

    private func scaled(_ value: Int64, _ numerator: Int128, _ denominator: Int128) -> Int64 {
        Int64(clamping: Int128(value) * numerator / denominator)
    }

    private func earlier(_ left: Instant?, _ right: Instant?) -> Instant? {
        guard let left, let right else { return left ?? right }
        return min(left, right)
    }
}
