import Chronology
import RunDatabase

extension RunPage {
    /// Workloads that have a part of the bars of their own.
    private static let ownerLimit = 5

    func costSection() throws(RunDatabaseError) -> HTMLPage.Section? {
        let offset = clock.sinceMidnight(at: .start).nanoseconds
        let length = Duration.days(1).nanoseconds
        // Most rows lie within a day: those are summed here, as a large run has millions.
        let rows = try reader.query(
            """
            WITH part AS (
                SELECT from_ns, to_ns, account, controller, cpu_nanousd + memory_nanousd + gpu_nanousd + other_nanousd
                    AS amount, (from_ns + \(offset)) / \(length) AS first,
                    (max(from_ns, to_ns - 1) + \(offset)) / \(length) AS last
                FROM cost_allocation
            )
            SELECT min(p.from_ns), max(p.to_ns), t.value, coalesce(c.title, ''), sum(p.amount)
            FROM part p JOIN text t ON t.id = p.account LEFT JOIN controller_view c ON c.id = p.controller
            GROUP BY p.account, p.controller, p.first, p.last, iif(p.first = p.last, 0, p.from_ns),
                iif(p.first = p.last, 0, p.to_ns)
            ORDER BY min(p.from_ns), t.value, c.title
            """
        ).rows
        let owners = summary.controllers.prefix(Self.ownerLimit).map(\.name)
        let others = summary.controllers.count > owners.count ? ["other workloads"] : []
        var parts = owners + others
        var days: [[Double]] = []
        for row in rows {
            guard let account = row[2].string, let title = row[3].string, let amount = row[4].whole, amount != 0
            else { continue }
            let from = try reader.instant(row[0], "from_ns").nanoseconds
            let to = try reader.instant(row[1], "to_ns").nanoseconds
            let part: String
            switch account {
            case "pod": part = owners.contains(title) ? title : "other workloads"
            case "control-plane": part = "control plane"
            case _: part = account.replacing("-", with: " ")
            }
            let place = parts.firstIndex(of: part) ?? parts.count
            if place == parts.count { parts.append(part) }
            // An amount that spans several days is spread evenly over its time.
            let (first, last) = ((from + offset) / length, max(from, to - 1))
            for day in max(0, first)...max(0, (last + offset) / length) {
                while days.count <= day { days.append([]) }
                let (low, high) = (max(from, day * length - offset), min(to, (day + 1) * length - offset))
                let share = to > from ? Double(high - low) / Double(to - from) : 1
                while days[Int(day)].count <= place { days[Int(day)].append(0) }
                days[Int(day)][place] += Double(amount) / 1e9 * share
            }
        }
        guard !days.isEmpty else { return nil }
        let values = days.map { day in parts.indices.map { $0 < day.count ? day[$0] : 0 } }
        return HTMLPage.Section(
            title: "Cost by day and owner", question: "What does each day cost, and for whom?",
            body: costBody(parts, values))
    }

    private func costBody(_ parts: [String], _ days: [[Double]]) -> String {
        let largest = days.map { $0.reduce(0, +) }.max() ?? 0
        let offset = clock.sinceMidnight(at: .start)
        let labels = days.indices.map { day in
            TimeScale.label(
                clock.text(of: max(.start, Instant(nanoseconds: Duration.days(Int64(day)).nanoseconds) - offset)),
                isLong: true)
        }
        let total = days.reduce(0) { $0 + $1.reduce(0, +) }
        let bars = StackedBars(
            summary: "Stacked bars: \(days.count) days cost \(ReportUnit.dollars(total, largest: total)); the dearest "
                + "\(ReportUnit.dollars(largest, largest: largest)).",
            parts: parts, bars: zip(labels, days).map { ($0, $1) }
        ) { ReportUnit.dollars($0, largest: largest) }
        let rows = zip(labels.indices, days).map { day, values in
            let sum = values.reduce(0, +)
            return [HTMLTable.Cell.ordered(labels[day], Double(day))]
                + (values + [sum]).map { HTMLTable.Cell(ReportUnit.dollars($0, largest: largest), $0) }
        }
        return bars.html
            + HTMLTable(caption: "Dollars by day and owner", columns: ["day"] + parts + ["total"], rows: rows).folded
    }
}

extension SQLValue {
    /// The number when it is whole.
    var whole: Int64? { if case .integer(let number) = self { number } else { nil } }

    /// The number, whole or not.
    var real: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .real(let number): number
        case .null, .text, .blob: nil
        }
    }

    /// The text when it is one.
    var string: String? { if case .text(let text) = self { text } else { nil } }
}
