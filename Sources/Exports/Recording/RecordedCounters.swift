import Chronology
package import RunDatabase

/// What the run's database counts itself: attempts of the scheduler, outages of the control plane, and what it costs.
package struct RecordedCounters {
    let reader: RunReader
    let plan: ExportPlan
    let spool: SeriesSpool

    package init(_ reader: RunReader, _ plan: ExportPlan, into spool: SeriesSpool) {
        self.reader = reader
        self.plan = plan
        self.spool = spool
    }

    /// Puts all of it into the spool.
    package func record() throws(RunDatabaseError) {
        for (outcome, result) in [("bound", "scheduled"), ("unschedulable", "unschedulable"), ("error", "error")] {
            try recordAttempts(outcome, result)
        }
        try recordAnswers(of: .apiServer, fault: "APIServerOutage")
        try recordAnswers(of: .scheduler, fault: "SchedulerCrash")
        try recordManagementCost()
        try recordEvictions()
    }

    // MARK: - Attempts

    /// Equal failures in a row are one row of the database: they are spread evenly between the first and the last.
    private func recordAttempts(_ outcome: String, _ result: String) throws(RunDatabaseError) {
        let labels = LabelText.of(
            [("profile", "default-scheduler"), ("result", result)] + MetricTarget.scheduler.labels)
        var counter = LookCounter(plan, labels: labels)
        var stretches: [SeriesStretch] = []
        try reader.forEachRow(
            """
            WITH attempt AS (
                SELECT a.first_ns, a.last_ns, a.count FROM scheduling_attempt a JOIN text o ON o.id = a.outcome
                WHERE o.value = '\(outcome)'
            )
            SELECT first_ns AS at_ns, iif(last_ns > first_ns, 1, count) AS jump,
                iif(last_ns > first_ns, (count - 1) * 1e9 / (last_ns - first_ns), 0.0) AS slope
            FROM attempt
            UNION ALL
            SELECT last_ns, 0, -(count - 1) * 1e9 / (last_ns - first_ns) FROM attempt WHERE last_ns > first_ns
            ORDER BY at_ns
            """
        ) { row throws(RunDatabaseError) in
            let at = try reader.instant(row[0], "first_ns").nanoseconds
            counter.add(jump: row[1].double, slope: row[2].double, at: at) { stretches.append($0) }
        }
        counter.finish { stretches.append($0) }
        for stretch in stretches { try spool.add(stretch, to: DerivedFamily.schedulingAttempts.place) }
    }

    // MARK: - Outages

    private func recordAnswers(of target: MetricTarget, fault kind: String) throws(RunDatabaseError) {
        var outages: [(from: Int64, to: Int64)] = []
        try reader.forEachRow(
            "SELECT from_ns, coalesce(to_ns, 9223372036854775807) FROM fault WHERE kind = '\(kind)' ORDER BY from_ns, id"
        ) { row in
            let (from, to) = (row[0].whole, row[1].whole)
            if let last = outages.last, from <= last.to {
                outages[outages.count - 1].to = max(last.to, to)
            } else {
                outages.append((from, to))
            }
        }
        let labels = LabelText.of(target.labels)
        let end = plan.look(plan.count).nanoseconds
        var at = plan.from.nanoseconds
        func add(_ value: Double, until next: Int64) throws(RunDatabaseError) {
            let next = min(next, end)
            guard next > at else { return }
            try spool.add(
                SeriesStretch(labels: labels, from: at, to: next, value: value), to: DerivedFamily.up.place)
            at = next
        }
        for outage in outages {
            try add(1, until: outage.from)
            try add(0, until: outage.to)
        }
        try add(1, until: end)
    }

    // MARK: - Money

    private func recordManagementCost() throws(RunDatabaseError) {
        let labels = LabelText.of(MetricTarget.openCost.labels)
        var stretches: [SeriesStretch] = []
        try reader.forEachRow(
            """
            SELECT from_ns, to_ns, sum(amount_nanousd) FROM cost_asset
            WHERE kind = 'control-plane' AND to_ns > from_ns GROUP BY from_ns, to_ns ORDER BY from_ns, to_ns
            """
        ) { row throws(RunDatabaseError) in
            let from = try reader.instant(row[0], "from_ns").nanoseconds
            let to = try reader.instant(row[1], "to_ns").nanoseconds
            // Dollars of whole seconds; rounded to the nano-dollar, as the price was.
            let hourly = (row[2].double * 3_600e9 / Double(to - from)).rounded() / 1e9
            if let last = stretches.last, last.to == from, last.value == hourly {
                stretches[stretches.count - 1].to = to
            } else {
                stretches.append(SeriesStretch(labels: labels, from: from, to: to, value: hourly))
            }
        }
        for stretch in stretches { try spool.add(stretch, to: DerivedFamily.managementCost.place) }
    }
}

/// A counter that jumps and grows, as it is seen look by look.
private struct LookCounter {
    private let plan: ExportPlan
    private let labels: String
    private var value = 0.0
    private var slope = 0.0
    private var at: Int64
    private var look: Int64 = 0
    private var open: SeriesStretch?

    init(_ plan: ExportPlan, labels: String) {
        self.plan = plan
        self.labels = labels
        at = 0
    }

    /// Adds what happens at an instant that is not before the one before.
    mutating func add(jump: Double, slope change: Double, at instant: Int64, _ tell: (SeriesStretch) -> Void) {
        pass(until: instant, tell)
        value += slope * Double(instant - at) / 1e9 + jump
        slope += change
        at = instant
    }

    mutating func finish(_ tell: (SeriesStretch) -> Void) {
        pass(until: .max, tell)
        if let open { tell(open) }
        open = nil
    }

    /// Takes the looks before an instant.
    private mutating func pass(until instant: Int64, _ tell: (SeriesStretch) -> Void) {
        while look < plan.count, plan.look(look).nanoseconds < instant {
            let now = plan.look(look).nanoseconds
            // Attempts are whole; what is left of a slope after many of them is not.
            let seen = max(0, (value + slope * Double(now - at) / 1e9 + 1e-6).rounded(.down))
            if open?.value != seen {
                if var last = open {
                    last.to = now
                    tell(last)
                }
                open = SeriesStretch(labels: labels, from: now, to: now, value: seen)
            }
            look += 1
            open?.to = plan.look(look).nanoseconds
        }
    }
}

extension SQLValue {
    /// As a number; 0 for what is none.
    var double: Double {
        switch self {
        case .integer(let number): Double(number)
        case .real(let number): number
        case .null, .text, .blob: 0
        }
    }

    /// As a whole number; 0 for what is none.
    var whole: Int64 {
        switch self {
        case .integer(let number): number
        case .real(let number): Int64(number)
        case .null, .text, .blob: 0
        }
    }
}
