import Chronology
import KubernetesAPI

/// The documented form of a list of lengths: columns `lifetime`, `censored`, `repair`, and any others.
enum LifetimeForm {
    private static let truths = [
        "yes": true, "true": true, "1": true, "no": false, "false": false, "0": false, "": false,
    ]

    static func read(_ table: DelimitedTable) -> FailureLog {
        var lifetimes: [FailureLog.Lifetime] = []
        let (lifetime, censored, repair) = (
            table.column("lifetime"), table.column("censored"), table.column("repair")
        )
        for row in table.rows {
            if table.isHopeless { break }
            var entry = FailureLog.Lifetime(line: row.number, values: row.fields)
            var isWrong = false
            func length(_ column: Int?) -> Duration? {
                guard let column, !row.fields[column].isEmpty else { return nil }
                if let length = Self.length(row.fields[column]) { return length }
                failLength(table, row, column)
                isWrong = true
                return nil
            }
            entry.lifetime = length(lifetime)
            entry.repair = length(repair)
            if let censored {
                if let truth = truths[row.fields[censored].lowercased()] {
                    entry.isCensored = truth
                } else {
                    table.fail(row, censored, "censored: found \"\(row.fields[censored])\"", expected: "yes or no")
                    isWrong = true
                }
            }
            if !isWrong, entry.lifetime == nil, entry.repair == nil {
                table.fail(row, lifetime ?? repair ?? 0, "the line has no length of time")
                isWrong = true
            }
            if !isWrong { lifetimes.append(entry) }
        }
        return FailureLog(
            file: table.file, columns: table.header.fields, content: .lifetimes(lifetimes), namesNodes: false)
    }

    // MARK: - Lengths

    /// Returns a length that is not negative: `90m`, or seconds such as `5400` or `0.25`.
    static func length(_ text: String) -> Duration? {
        guard let last = text.utf8.last else { return nil }
        let isPlain = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(last)
        if let length = try? Duration(parsing: isPlain ? text + "s" : text) { return length >= .zero ? length : nil }
        // Other programs write seconds with more digits than there are nanoseconds, or with an exponent.
        guard isPlain, let seconds = Double(text), seconds >= 0, seconds < 9e9 else { return nil }
        return Duration(nanoseconds: Int64((seconds * 1e9).rounded()))
    }

    /// Records that a field is no such length.
    static func failLength(_ table: DelimitedTable, _ row: DelimitedTable.Row, _ column: Int) {
        table.fail(
            row, column, "\(table.header.fields[column]): \"\(row.fields[column])\" is no length of time",
            expected: "such as 90m, 1h30m, or seconds, and not negative")
    }
}
