package import Chronology
package import VirtualTime

/// How arrivals follow one another in time.
package enum ArrivalProcess: Hashable, Sendable {
    /// One after each interval of a fixed length.
    case every(Duration)
    /// A Poisson process; the curve's value is its rate in thousandths of an arrival per day.
    case poisson(Curve)
    /// A renewal process: the times between arrivals are independent draws.
    case renewal(Distribution)
    /// The rows of a trace, each at its time.
    case trace(ArrivalTrace)

    /// Thousandths of an arrival per day in one arrival a second: the unit of rates.
    package static let perSecond: Int64 = 86_400_000
}

/// One arrival process: its name, when it is at work, and how much comes at once.
package struct ArrivalSpec: Hashable, Sendable {
    /// Begins the names of what arrives, and names the process's random stream.
    package var name: String
    package var process: ArrivalProcess
    /// Before this nothing arrives; gaps are counted from here.
    package var from: Instant
    /// From here on nothing arrives any more; nil when the process goes on.
    package var until: Instant?
    /// The most arrivals; nil when nothing bounds them.
    package var limit: Int64?
    /// Objects per arrival, unless a row of a trace says otherwise.
    package var count: Int64

    /// Creates a process that begins at the start and never ends.
    package init(
        name: String, process: ArrivalProcess, from: Instant = .start, until: Instant? = nil, limit: Int64? = nil,
        count: Int64 = 1
    ) {
        self.name = name
        self.process = process
        self.from = from
        self.until = until
        self.limit = limit
        self.count = count
    }
}

/// Tells one arrival of a process after the other; it keeps nothing of those that were.
///
/// A Poisson process whose rate changes is drawn by its integral: the expected number of arrivals from one to the next
/// is exponential with mean 1. That is what thinning a faster process comes to, with one draw for each arrival and none
/// thrown away. The integral is taken in whole numbers, so that every machine gets the same instants.
package struct ArrivalClock: Sendable {
    private let spec: ArrivalSpec
    private var stream: RandomStream
    private var last: Instant
    private var row = 0
    /// How many arrivals there have been.
    package private(set) var count: Int64 = 0

    /// One arrival.
    package struct Arrival: Hashable, Sendable {
        package let at: Instant
        /// From 1.
        package let number: Int64
        /// What the trace says of it.
        package let row: ArrivalRow?

        package init(at: Instant, number: Int64, row: ArrivalRow? = nil) {
            self.at = at
            self.number = number
            self.row = row
        }
    }

    /// Creates the clock of a process; its stream depends on the seed and the process's name alone.
    package init(_ spec: ArrivalSpec, seed: Seed) {
        self.spec = spec
        stream = RandomStream(seed: seed, name: spec.name, purpose: "arrivals")
        last = spec.from
    }

    /// Returns the next arrival before `end` (and before the process's own end), or nil when there is none.
    package mutating func next(before end: Instant, on clock: WallClock) -> Arrival? {
        if let limit = spec.limit, count >= limit { return nil }
        let end = min(end, spec.until ?? .never)
        var found: ArrivalRow?
        let instant: Instant?
        switch spec.process {
        case .every(let interval): instant = later(interval, before: end)
        case .renewal(let distribution): instant = later(distribution.sample(&stream), before: end)
        case .poisson(let rate): instant = poisson(rate, before: end, on: clock)
        case .trace(let trace):
            while row < trace.rows.count, trace.rows[row].at < spec.from { row += 1 }
            found = row < trace.rows.count ? trace.rows[row] : nil
            row += 1
            instant = found.flatMap { $0.at < end ? $0.at : nil }
        }
        guard let instant else { return nil }
        last = instant
        count += 1
        return Arrival(at: instant, number: count, row: found)
    }

    private func later(_ gap: Duration, before end: Instant) -> Instant? {
        let (sum, isBeyond) = last.nanoseconds.addingReportingOverflow(gap.nanoseconds)
        return isBeyond || sum >= end.nanoseconds ? nil : Instant(nanoseconds: sum)
    }

    /// Billionths of an arrival, times this, are thousandths of an arrival a day times nanoseconds.
    private static let scale: Int128 = 86_400_000

    private mutating func poisson(_ rate: Curve, before end: Instant, on clock: WallClock) -> Instant? {
        let draw = Distribution.exponential(mean: 1).sample(&stream)
        var rest = Int128(draw.nanoseconds) * Self.scale
        var from = last
        while from < end {
            let value = Int128(rate.value(at: from, on: clock))
            let next = min(rate.nextChange(after: from, on: clock) ?? end, end)
            let area = value * Int128((next - from).nanoseconds)
            if area > rest {
                // Rounded up: the arrival comes when the integral has reached the draw.
                let wait = (rest + value - 1) / value
                return min(from + Duration(nanoseconds: Int64(clamping: wait)), next)
            }
            rest -= area
            from = next
        }
        return nil
    }
}
