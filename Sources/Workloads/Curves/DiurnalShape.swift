import Chronology

/// A wave with one peak a day, lower at weekends, cut into steps of the local clock.
package struct DiurnalShape: Hashable, Sendable {
    /// The lowest value, twelve hours from the peak.
    package var base: Int64
    /// The highest value.
    package var peak: Int64
    /// The local time of the peak, in minutes since midnight (0 to 1439).
    package var peakMinute: Int64
    /// What values are multiplied with on Saturdays and Sundays, in thousandths.
    package var weekendPermille: Int64
    /// The length of a step, in minutes; it divides a day.
    package var stepMinutes: Int64

    /// Creates a shape; a step that does not divide a day is replaced by 15 minutes.
    package init(
        base: Int64, peak: Int64, peakMinute: Int64 = 14 * 60, weekendPermille: Int64 = 1_000, stepMinutes: Int64 = 15
    ) {
        self.base = base
        self.peak = peak
        self.peakMinute = peakMinute
        self.weekendPermille = weekendPermille
        self.stepMinutes = stepMinutes > 0 && 1_440 % stepMinutes == 0 ? stepMinutes : 15
    }

    func value(at instant: Instant, on clock: WallClock) -> Int64 {
        let minute = clock.sinceMidnight(at: instant).wholeSeconds / 60
        let start = minute - minute % stepMinutes
        // The wave at the middle of the step stands for all of it. Two middles differ by whole minutes.
        let cosine = WaveTable.cosine(minuteOfDay: start + stepMinutes / 2 - peakMinute)
        let swing = Int128(peak - base) * Int128(WaveTable.one + cosine) / Int128(2 * WaveTable.one)
        let value = Int128(base) + swing
        guard clock.weekday(at: instant).isWeekend else { return Int64(clamping: value) }
        return Int64(clamping: value * Int128(weekendPermille) / 1_000)
    }

    func nextChange(after instant: Instant, on clock: WallClock) -> Instant {
        let step = Duration.minutes(stepMinutes)
        let rest = clock.sinceMidnight(at: instant).nanoseconds % step.nanoseconds
        return instant + (step - Duration(nanoseconds: rest))
    }
}
