import Chronology
import KubernetesAPI

/// The documented form of a log of outages: columns `start`, and `end` or `duration`; `node`, `since`, `until`, and any
/// others.
enum OutageForm {
    static func read(_ table: DelimitedTable) -> FailureLog {
        var outages: [FailureLog.Outage] = []
        let (start, end, duration) = (table.column("start"), table.column("end"), table.column("duration"))
        let (node, since, until) = (table.column("node"), table.column("since"), table.column("until"))
        var dated: (isDate: Bool, line: Int)?
        for row in table.rows {
            if table.isHopeless { break }
            var isWrong = false
            func time(_ column: Int?) -> LogTime? {
                guard let column, !row.fields[column].isEmpty else { return nil }
                guard let time = LogTime(parsing: row.fields[column]) else {
                    isWrong = true
                    table.fail(
                        row, column, "\(table.header.fields[column]): \"\(row.fields[column])\" is no time",
                        expected: LogTime.example)
                    return nil
                }
                if let known = dated, known.isDate != time.isDate {
                    isWrong = true
                    table.fail(
                        row, column,
                        "\(table.header.fields[column]): \"\(row.fields[column])\" is \(time.isDate ? "a date" : "a length of time"), and line \(known.line) has \(known.isDate ? "dates" : "lengths of time")",
                        expected: "one kind of time in all lines")
                    return nil
                }
                dated = dated ?? (time.isDate, row.number)
                return time
            }
            var outage = FailureLog.Outage(line: row.number, values: row.fields)
            outage.node = node.map { row.fields[$0] } ?? ""
            if let node, outage.node.isEmpty {
                table.fail(row, node, "node: the machine has no name")
                isWrong = true
            }
            outage.start = time(start)
            outage.since = time(since)
            outage.until = time(until)
            if let finish = time(end), let end, let began = outage.start {
                let (length, isBeyond) = finish.nanoseconds.subtractingReportingOverflow(began.nanoseconds)
                if isBeyond || length < 0 {
                    table.fail(row, end, "end: \(row.fields[end]) is before the start \(row.fields[start ?? 0])")
                    isWrong = true
                } else {
                    outage.length = Duration(nanoseconds: length)
                }
            }
            if let duration, !row.fields[duration].isEmpty {
                if let end, !row.fields[end].isEmpty {
                    table.fail(row, duration, "the outage has an end and a duration", expected: "one of them")
                    isWrong = true
                } else if let length = LifetimeForm.length(row.fields[duration]) {
                    outage.length = length
                } else {
                    LifetimeForm.failLength(table, row, duration)
                    isWrong = true
                }
            }
            if outage.start == nil, !isWrong, outage.since == nil || outage.length != nil || node == nil {
                table.fail(
                    row, start ?? 0, "start: it is not said when the outage began",
                    expected: "a time, or nothing for a machine without outages, with node and since")
                isWrong = true
            }
            if !isWrong { outages.append(outage) }
        }
        return FailureLog(
            file: table.file, columns: table.header.fields, content: .outages(outages), namesNodes: node != nil)
    }
}
