// Counterpart: OpenCost's network costs, which go to the pod that sends. Deliberate difference: bytes are not sampled,
// rates are integrated exactly between their changes.

package import Chronology

/// Counts the bytes of each line of the bill and of each payer, and prices them by the calendar month.
///
/// A rate holds until it is set anew, so that time costs nothing. A line is priced as a whole, by the month's bytes of
/// all payers, and what it costs is shared out by the bytes of each since the last settlement, by largest remainder:
/// the parts sum to the bill. Months are those of the calendar in UTC. Memory grows with payers, not with time.
package struct TrafficMeter: Sendable {
    /// What a payer sent on a line, and what it owes for that.
    package struct Charge: Hashable, Sendable {
        package let line: TrafficLine
        package let payer: Int32
        package internal(set) var bytes: Int64
        package internal(set) var amount: NanoDollars
    }

    /// How fast a payer sends on a line.
    package struct Rate: Hashable, Sendable {
        package let line: TrafficLine
        package let payer: Int32
        /// Thousandths of a byte a second.
        package let bytes: Int64

        /// Creates a rate.
        package init(_ line: TrafficLine, payer: Int32, bytes: Int64) {
            self.line = line
            self.payer = payer
            self.bytes = bytes
        }
    }

    private struct Payer: Sendable {
        let id: Int32
        var rate: Int64 = 0
        /// 10^-12 bytes that are not told yet.
        var waiting: Int128 = 0
        /// What is settled and not handed out yet.
        var due: (bytes: Int64, amount: NanoDollars) = (0, .zero)
    }

    private struct Line: Sendable {
        var payers: [Payer] = []
        var places: [Int32: Int] = [:]
        /// Bytes of the month, and what they cost.
        var month: (bytes: Int64, cost: NanoDollars) = (0, .zero)
    }

    private let prices: TrafficPrices
    private let clock: WallClock
    private var lines = TrafficLine.allCases.map { _ in Line() }
    private var since = Instant.start
    private var monthEnd: Instant

    /// Creates a meter for a run that starts at `startDate`.
    package init(_ prices: TrafficPrices, startDate: StartDate) {
        self.prices = prices
        clock = WallClock(startDate: startDate)
        monthEnd = Self.nextMonth(after: .start, clock)
    }

    /// Sets how fast everybody sends from `now` on; whoever has no rate sends nothing.
    package mutating func setRates(_ rates: [Rate], at now: Instant) {
        accrue(to: now)
        for line in lines.indices {
            for payer in lines[line].payers.indices { lines[line].payers[payer].rate = 0 }
        }
        for rate in rates {
            precondition(rate.bytes >= 0, "nobody sends less than nothing")
            let (line, place) = place(of: rate.payer, on: rate.line)
            lines[line].payers[place].rate += rate.bytes
        }
    }

    /// Counts bytes that were sent at once.
    package mutating func add(_ bytes: Int64, on line: TrafficLine, payer: Int32, at now: Instant) {
        precondition(bytes >= 0, "nobody sends less than nothing")
        accrue(to: now)
        let (line, place) = place(of: payer, on: line)
        lines[line].payers[place].waiting += Int128(bytes) * Self.scale
    }

    /// Returns what came together since the last settlement, by line and then in the order in which payers came.
    package mutating func settle(at now: Instant) -> [Charge] {
        accrue(to: now)
        var charges: [Charge] = []
        for line in TrafficLine.allCases {
            collect(line)
            for place in lines[line.place].payers.indices {
                let payer = lines[line.place].payers[place]
                guard payer.due.bytes > 0 else { continue }
                charges.append(Charge(line: line, payer: payer.id, bytes: payer.due.bytes, amount: payer.due.amount))
                lines[line.place].payers[place].due = (0, .zero)
            }
        }
        return charges
    }

    // MARK: - Time

    /// Thousandths of a byte a second times nanoseconds, for one byte.
    private static let scale: Int128 = 1_000_000_000_000

    private mutating func accrue(to now: Instant) {
        precondition(now >= since, "a meter cannot run backward")
        while since < now {
            let end = min(now, monthEnd)
            let length = Int128((end - since).nanoseconds)
            for line in lines.indices {
                for place in lines[line].payers.indices {
                    lines[line].payers[place].waiting += Int128(lines[line].payers[place].rate) * length
                }
            }
            since = end
            if end == monthEnd { turnMonth() }
        }
    }

    /// Closes a month: what comes after it begins in the first tier again.
    private mutating func turnMonth() {
        for line in TrafficLine.allCases {
            collect(line)
            lines[line.place].month = (0, .zero)
        }
        monthEnd = Self.nextMonth(after: since, clock)
    }

    /// Prices the whole bytes that wait on a line, and shares the price out.
    private mutating func collect(_ line: TrafficLine) {
        let place = line.place
        let bytes = lines[place].payers.map { Int64($0.waiting / Self.scale) }
        let sum = bytes.reduce(0, +)
        guard sum > 0 else { return }
        lines[place].month.bytes += sum
        let cost = prices[line]?.cost(of: lines[place].month.bytes) ?? .zero
        let amount = cost - lines[place].month.cost
        lines[place].month.cost = cost
        let parts = Apportionment.largestRemainder(total: amount.amount, weights: bytes)
        for payer in bytes.indices {
            lines[place].payers[payer].waiting -= Int128(bytes[payer]) * Self.scale
            lines[place].payers[payer].due.bytes += bytes[payer]
            lines[place].payers[payer].due.amount += NanoDollars(parts[payer])
        }
    }

    private static func nextMonth(after instant: Instant, _ clock: WallClock) -> Instant {
        let date = clock.civilTime(at: instant).date
        let (year, month) = date.month == 12 ? (date.year + 1, 1) : (date.year, date.month + 1)
        guard let first = CivilDate(year: year, month: month, day: 1) else { return .never }
        return clock.instant(at: CivilTime(date: first)) ?? .never
    }

    private mutating func place(of payer: Int32, on line: TrafficLine) -> (line: Int, payer: Int) {
        let place = line.place
        if let known = lines[place].places[payer] { return (place, known) }
        lines[place].places[payer] = lines[place].payers.count
        lines[place].payers.append(Payer(id: payer))
        return (place, lines[place].payers.count - 1)
    }
}
