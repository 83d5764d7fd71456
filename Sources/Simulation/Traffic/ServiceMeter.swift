import Chronology
import Observations

/// Counts the requests of one service exactly: rates are whole numbers that stay the same between two changes.
struct ServiceMeter {
    /// How the service does until the next change.
    struct Reading: Equatable {
        /// Millionths of a request a second.
        var requests: Int64 = 0
        /// Those of them that users make; the others come from other services.
        var users: Int64 = 0
        var failed: Int64 = 0
        var retries: Int64 = 0
        var p50 = Duration.zero
        var p95 = Duration.zero
        var p99 = Duration.zero
        /// Endpoints that answer.
        var endpoints: Int32 = 0
        /// Thousandths of a core that all of them use for requests.
        var cpu: Int64 = 0
        /// Thousandths of a request that are in flight.
        var inFlight: Int64 = 0
        var isViolated = false
    }

    /// An amount that accrues in 10^-15 requests, and is told in whole thousandths: parts sum to the whole.
    private struct Count {
        private var total: Int128 = 0
        private(set) var told: Int64 = 0

        mutating func accrue(_ rate: Int64, over length: Duration) {
            total += Int128(rate) * Int128(length.nanoseconds)
        }

        /// Returns the thousandths of requests that are not told yet, no more than `most`: the rest is told later.
        mutating func take(atMost most: Int64 = .max) -> Int64 {
            let amount = min(most, Int64(clamping: total / 1_000_000_000_000) - told)
            told += amount
            return amount
        }
    }

    let service: Int32
    private(set) var reading = Reading()
    private var since = Instant.start
    private var requests = Count()
    private var users = Count()
    private var failed = Count()
    private var retries = Count()
    // Thousandths of requests that were in flight where nothing came back, and are not told yet.
    private var lost: Int64 = 0
    private var lostTold: Int64 = 0
    // The stretch that ended last: more may be lost at its very end after it was closed.
    private var held: ServiceIntervalRow?
    /// How long the objective was missed.
    private(set) var violated = Duration.zero
    private(set) var worst = (p50: Duration.zero, p95: Duration.zero, p99: Duration.zero)

    init(service: Int32) { self.service = service }

    /// Thousandths of requests that were told.
    var totals: (requests: Int64, failed: Int64, retries: Int64) {
        (requests.told, failed.told + lostTold, retries.told)
    }

    /// Counts requests, in thousandths, that were answered by nobody though they had got in.
    mutating func lose(_ amount: Int64) { lost += max(0, amount) }

    /// Begins a stretch with another reading; returns one that ended and will not change any more.
    mutating func change(to next: Reading, at now: Instant) -> ServiceIntervalRow? {
        guard next != reading || lost > 0 else { return nil }
        defer { reading = next }
        return close(at: now)
    }

    /// Ends the present stretch for good; returns those that were not returned yet.
    mutating func finish(at now: Instant) -> [ServiceIntervalRow] {
        var rows = [close(at: now), held].compactMap { $0 }
        held = nil
        // Nothing comes after it that could tell the rest.
        if let last = rows.indices.last { book(lost, on: &rows[last]) }
        return rows
    }

    /// Ends the present stretch, if it has any length; returns the one before it then.
    private mutating func close(at now: Instant) -> ServiceIntervalRow? {
        guard since < now else {
            if var row = held {
                book(min(lost, row.requests - row.failed), on: &row)
                held = row
            }
            return nil
        }
        var row = stretch(until: now)
        // More cannot fail than came. What does not fit came before, or is told with the next stretch.
        book(min(lost, row.requests - row.failed), on: &row)
        if var before = held {
            book(min(lost, before.requests - before.failed), on: &before)
            held = before
        }
        defer { held = row }
        return held
    }

    /// Counts requests that were lost at the end of a stretch.
    private mutating func book(_ amount: Int64, on row: inout ServiceIntervalRow) {
        lost -= amount
        lostTold += amount
        row.failed += amount
        row.lost += amount
    }

    private mutating func stretch(until now: Instant) -> ServiceIntervalRow {
        let length = now - since
        requests.accrue(reading.requests, over: length)
        users.accrue(reading.users, over: length)
        failed.accrue(reading.failed, over: length)
        retries.accrue(reading.retries, over: length)
        var row = ServiceIntervalRow(service: service, from: since, to: now)
        row.requests = requests.take()
        // All are cut to whole thousandths, at different places.
        row.users = users.take(atMost: row.requests)
        row.failed = failed.take(atMost: row.requests)
        row.retries = retries.take()
        (row.p50, row.p95, row.p99) = (reading.p50, reading.p95, reading.p99)
        row.endpoints = reading.endpoints
        row.cpu = reading.cpu
        row.inFlight = reading.inFlight
        row.isViolated = reading.isViolated
        if reading.isViolated { violated += length }
        if reading.requests > reading.failed {
            worst = (max(worst.p50, reading.p50), max(worst.p95, reading.p95), max(worst.p99, reading.p99))
        }
        since = now
        return row
    }
}
