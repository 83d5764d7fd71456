package import Chronology

/// Values from given times on, each until the next; the first one also holds before its time.
package struct SeriesShape: Hashable, Sendable {
    /// A value and the time from which it holds.
    package struct Point: Hashable, Sendable {
        /// Since the scenario's start.
        package var at: Duration
        package var value: Int64

        /// Creates a point.
        package init(at: Duration, value: Int64) {
            self.at = at
            self.value = value
        }
    }

    /// In the order of time; at least one.
    package let points: [Point]
    /// After this long the series begins again; nil when its last value stays.
    package let period: Duration?

    /// Creates a series of points in any order; of two at one time the later in the list wins. Nil when there is none,
    /// or when a period is not longer than the last point's time.
    package init?(_ points: [Point], period: Duration? = nil) {
        let sorted = points.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
        var kept: [Point] = []
        for (_, point) in sorted {
            if kept.last?.at == point.at { kept.removeLast() }
            kept.append(point)
        }
        guard let last = kept.last else { return nil }
        if let period, period <= .zero || last.at >= period { return nil }
        self.points = kept
        self.period = period
    }

    /// Splits an instant into the start of its period and the time since.
    private func place(_ instant: Instant) -> (start: Instant, time: Duration) {
        guard let period else { return (.start, instant.sinceStart) }
        let time = ((instant.nanoseconds % period.nanoseconds) + period.nanoseconds) % period.nanoseconds
        return (instant - Duration(nanoseconds: time), Duration(nanoseconds: time))
    }

    /// The number of points that are not after `time`.
    private func count(until time: Duration) -> Int {
        var low = 0
        var high = points.count
        while low < high {
            let middle = (low + high) / 2
            if points[middle].at <= time { low = middle + 1 } else { high = middle }
        }
        return low
    }

    func value(at instant: Instant) -> Int64 {
        let place = place(instant)
        let count = count(until: place.time)
        if count > 0 { return points[count - 1].value }
        // Before the first point of a later period, the last value of the period before still holds.
        return period != nil && place.start > .start ? points[points.count - 1].value : points[0].value
    }

    func nextChange(after instant: Instant) -> Instant? {
        let place = place(instant)
        let count = count(until: place.time)
        if count < points.count { return place.start + points[count].at }
        return period.map { place.start + $0 + points[0].at }
    }
}
