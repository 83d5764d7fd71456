package import Chronology

/// How a run stands, as its database says.
package enum RunStatus: String, Hashable, Sendable {
    /// The run still goes on, or its process died: the database holds everything up to `RunRecord.reached`.
    case running
    /// The run reached its end and every assertion held.
    case complete
    /// The run reached its end and an assertion did not hold.
    case failed
}

/// What a database says about its run as a whole.
package struct RunRecord: Hashable, Sendable {
    package var scenario: String
    package var seed: UInt64
    /// The version of Orrery that ran it.
    package var version: String
    /// RFC 3339; all instants count from here.
    package var startDate: String
    package var horizon: Duration
    /// The digest of the whole run; nil until it ended.
    package var digest: String?
    /// The events handled so far.
    package var events: Int64
    /// How far the run got.
    package var reached: Instant
    package var status: RunStatus
    /// The version of the database's schema.
    package var schema: Int
    /// Whether the run was stopped before its end and could write what went on there: its digest so far is its last word.
    package var isStopped = false

    /// Whether the run reached its end.
    package var isFinished: Bool {
        switch status {
        case .running: false
        case .complete, .failed: true
        }
    }

    /// Whether the database tells how everything stood where the run ended or was stopped; not that of a process that
    /// was killed, or is still at work.
    package var isClosed: Bool { isFinished || isStopped }

    /// Up to when the ledger is closed: it is at midnight, and at the end. Of what came later only parts are written.
    package var settled: Instant {
        if isClosed { return reached }
        let day = Duration.days(1).nanoseconds
        // What came after the end of a day was written after its ledger.
        // Before version 9, days counted from the start.
        let offset = schema >= 9 ? clock.sinceMidnight(at: .start).nanoseconds : 0
        return Instant(nanoseconds: max(0, (reached.nanoseconds - 1 + offset) / day * day - offset))
    }

    /// A clock on which the run's instants can be read; in UTC.
    package var clock: WallClock {
        // The writer took the date from a scenario that had been checked.
        WallClock(startDate: (try? StartDate(parsing: startDate)) ?? StartDate(unixSeconds: 0))
    }
}

/// A text of a run with its name: an input file, or a parameter's value.
package struct RunText: Hashable, Sendable {
    package var name: String
    package var text: String
}
