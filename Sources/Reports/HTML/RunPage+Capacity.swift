import Chronology
import RunDatabase

extension RunPage {
    /// Stretches of a chart at most: more than that no screen shows.
    private static let stretchLimit = 400

    /// Sums over a stretch of a chart, weighted by time.
    private struct Stretch {
        var time = 0.0
        /// Allocatable, requested and used.
        var cpu = [0.0, 0.0, 0.0]
        var memory = [0.0, 0.0, 0.0]
    }

    func capacitySection() throws(RunDatabaseError) -> HTMLPage.Section? {
        let capacity = try reader.query(
            """
            SELECT from_ns, to_ns, allocatable_cpu_milli, requested_cpu_milli, allocatable_memory_bytes,
                requested_memory_bytes FROM capacity_interval ORDER BY id
            """
        ).rows
        let usage = try reader.query(
            """
            SELECT from_ns, to_ns, sum(cpu_milli * pods), sum(memory_bytes * pods) FROM demand_interval
            GROUP BY from_ns, to_ns ORDER BY from_ns, to_ns
            """
        ).rows
        let end = reader.run.reached.nanoseconds
        guard !capacity.isEmpty, end > 0 else { return nil }
        let count = min(Self.stretchLimit, capacity.count)
        let length = max(1, end / Int64(count) + (end % Int64(count) > 0 ? 1 : 0))
        var stretches = [Stretch](repeating: Stretch(), count: count)
        func add(
            _ row: [SQLValue], _ body: (inout Stretch, Double, [Double]) -> Void
        ) throws(RunDatabaseError) {
            let from = try reader.instant(row[0], "from_ns").nanoseconds
            let to = min(try reader.instant(row[1], "to_ns").nanoseconds, end)
            guard from < to, from >= 0 else { return }
            let numbers = row.dropFirst(2).map { $0.real ?? 0 }
            for place in (from / length)...((to - 1) / length) where place < count {
                let part = min(to, (place + 1) * length) - max(from, place * length)
                body(&stretches[Int(place)], Double(part), numbers)
            }
        }
        for row in capacity {
            try add(row) { stretch, part, numbers in
                stretch.time += part
                stretch.cpu[0] += numbers[0] * part
                stretch.cpu[1] += numbers[1] * part
                stretch.memory[0] += numbers[2] * part
                stretch.memory[1] += numbers[3] * part
            }
        }
        for row in usage {
            try add(row) { stretch, part, numbers in
                stretch.cpu[2] += numbers[0] * part
                stretch.memory[2] += numbers[1] * part
            }
        }
        let isUsed = !usage.isEmpty
        func levels(_ values: KeyPath<Stretch, [Double]>, scale: Double) -> [(
            from: Instant, to: Instant, levels: [Double?]
        )] {
            stretches.enumerated().map { place, stretch in
                let from = Instant(nanoseconds: Int64(place) * length)
                let sums = stretch[keyPath: values].prefix(isUsed ? 3 : 2)
                return (
                    from, min(from + Duration(nanoseconds: length), reader.run.reached),
                    sums.map { stretch.time > 0 ? $0 / stretch.time / scale : nil }
                )
            }
        }
        let cpu = levels(\.cpu, scale: 1_000)
        let memory = levels(\.memory, scale: 1_073_741_824)
        let body =
            "<h3>CPU</h3>\n"
            + chart(cpu, "cores", isUsed, summary.fullness?.cpu) { MetricFigure.text($0, unit: "count", largest: $0) }
            + "<h3>Memory</h3>\n" + chart(memory, "GiB", isUsed, summary.fullness?.memory) { Self.gibibytes($0) }
        return HTMLPage.Section(
            title: "Capacity, requests and usage",
            question:
                "How full are the machines: of what pods may ask for, how much is requested and how much is used?",
            body: body)
    }

    private static func gibibytes(_ value: Double) -> String {
        MetricFigure.text(value, unit: "count", largest: value) + " GiB"
    }

    private func chart(
        _ stretches: [(from: Instant, to: Instant, levels: [Double?])], _ unit: String, _ isUsed: Bool,
        _ fullness: Fullness?,
        text: @escaping (Double) -> String
    ) -> String {
        let names =
            ["allocatable", "requested"]
            + (isUsed ? ["used" + (fullness.map { RunSummary.assumption(of: $0) } ?? "")] : [])
        func mean(_ name: Int) -> Double {
            // The last stretch may be shorter than the others.
            let parts = stretches.map { ($0.levels[name], Double(($0.to - $0.from).nanoseconds)) }
            let known = parts.reduce(0) { $0 + ($1.0 == nil ? 0 : $1.1) }
            return known > 0 ? parts.reduce(0) { $0 + ($1.0 ?? 0) * $1.1 } / known : 0
        }
        let means = names.indices.map { "\(names[$0]) \(text(mean($0)))" }.joined(separator: ", ")
        let lines = SteppedLines(
            summary: "Lines over time, means of the run: \(means).", names: names, stretches: stretches, clock: clock,
            marks: marks, text: text)
        let rows = stretches.map { stretch in
            [HTMLTable.Cell.ordered(time(stretch.from), Double(stretch.from.nanoseconds) / 1e9)]
                + stretch.levels.map { HTMLTable.Cell($0.map(text) ?? "", $0) }
        }
        return lines.html
            + HTMLTable(caption: "Means by stretch of time, in \(unit)", columns: ["from"] + names, rows: rows).folded
    }
}
