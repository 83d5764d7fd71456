import RunDatabase

extension RunPage {
    /// The upper ends of the bins, in seconds, with their labels.
    private static let bins: [(limit: Double, label: String)] = [
        (1, "1s"), (2, "2s"), (5, "5s"), (10, "10s"), (20, "20s"), (30, "30s"), (60, "1m"), (120, "2m"), (300, "5m"),
        (600, "10m"), (1_800, "30m"), (3_600, "1h"), (.infinity, "more"),
    ]

    func waitingSection() throws(RunDatabaseError) -> HTMLPage.Section? {
        let waits = try reader.query(
            """
            SELECT (min(i.from_ns) - p.created_ns) / 1e9 FROM pod p JOIN pod_interval i ON i.pod = p.id
                JOIN pod_state s ON s.id = i.state
            WHERE s.name = 'ready' AND p.created_ns >= 0 GROUP BY p.id ORDER BY p.id
            """
        ).rows.compactMap { $0[0].real }
        let bound = try reader.query(
            """
            SELECT sum(to_ns - from_ns) / 1e9 FROM pod_interval i JOIN pod_state s ON s.id = i.state
            WHERE s.name = 'pending'
            """
        ).rows.first?[0].real
        guard !waits.isEmpty else { return nil }
        var counts = Self.bins.map { (label: $0.label, count: 0) }
        for wait in waits {
            let place = Self.bins.firstIndex { wait <= $0.limit } ?? counts.count - 1
            counts[place].count += 1
        }
        let sorted = waits.sorted()
        // The nearest rank, as in the metrics of a run.
        func quantile(_ percent: Int) -> String { ReportUnit.duration(sorted[(sorted.count * percent + 99) / 100 - 1]) }
        let words =
            "\(ReportUnit.grouped("\(waits.count)")) pods: half were ready within \(quantile(50)), 95 % within "
            + "\(quantile(95)), the last after \(ReportUnit.duration(sorted[sorted.count - 1]))."
        let chart = ColumnChart(summary: "Columns: \(words)", bins: counts)
        let rows = zip(Self.bins, counts).map { bin, entry in
            [
                .ordered(
                    bin.limit.isFinite ? "up to \(entry.label)" : "more", bin.limit.isFinite ? bin.limit : 1e9),
                HTMLTable.Cell("\(entry.count)", Double(entry.count)),
                HTMLTable.Cell(
                    SummaryText.percent(Double(entry.count) / Double(waits.count)),
                    Double(entry.count) / Double(waits.count)),
            ]
        }
        let unbound = bound.map { " Pods were bound to no node for \(ReportUnit.duration($0)) in all." } ?? ""
        let never = summary.totals.podsPending
        let waiting = never > 0 ? " \(never) pods were still pending at the end." : ""
        return HTMLPage.Section(
            title: "Pending time", question: "How long did pods wait from their creation until they were ready?",
            body: chart.html + "<p>\(Markup.escaped(words + unbound + waiting))</p>\n"
                + HTMLTable(caption: "Pods by time until ready", columns: ["time", "pods", "share"], rows: rows).folded)
    }
}
