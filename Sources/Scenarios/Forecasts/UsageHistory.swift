import Chronology
package import KubernetesAPI

/// Values of one quantity at points of time, as a monitoring system exports them.
package struct UsageHistory: Sendable {
    /// A line of the file.
    package struct Sample: Hashable, Sendable {
        /// Of the file, from 1.
        package var line: Int
        /// Nanoseconds since 1970.
        package var at: Int64
        /// NaN where the file says that it is missing.
        package var value: Double
    }

    /// As it was named.
    package let file: String
    /// The name of the column of values.
    package let column: String
    /// In the order of time.
    package let samples: [Sample]

    /// What columns of times are called.
    static let timeNames = ["time", "timestamp", "date", "datetime", "period", "ts"]
    /// What columns of values are called.
    static let valueNames = ["value", "count", "requests", "usage"]

    /// Reads a CSV file whose first line names a column of times and one of values; nil, and what is wrong, when there is an
    /// error.
    ///
    /// - Parameter column: The name of the column of values; nil for the one there is beside the times.
    package static func read(_ file: LoadedFile, column: String?, _ diagnostics: Diagnostics) -> UsageHistory? {
        guard let table = DelimitedTable(file, diagnostics), !table.hasErrors else { return nil }
        let names = table.header.fields.map { $0.lowercased() }
        // "start_time" or "timestamp_ms" will do where there is nothing better.
        let guessed = names.indices.filter { names[$0].contains("time") || names[$0].contains("date") }
        let known = timeNames.lazy.compactMap { names.firstIndex(of: $0) }.first
        guard let time = known ?? (guessed.count == 1 ? guessed[0] : nil) else {
            let nearest = names.lazy.compactMap { NearestName.of($0, among: timeNames) }.first
            table.fail(
                line: table.header.number, "there is no column of times",
                expected: "a first line that names one \(timeNames.joined(separator: ", "))", nearest: nearest)
            return nil
        }
        guard let place = valuePlace(table, names, time: time, column: column) else { return nil }
        var samples: [Sample] = []
        for row in table.rows where !table.isHopeless {
            guard let at = UsageTime.nanoseconds(row.fields[time]) else {
                table.fail(row, time, "\"\(row.fields[time])\" is no time", expected: UsageTime.example)
                continue
            }
            guard let value = number(row.fields[place]) else {
                table.fail(
                    row, place, "\"\(row.fields[place])\" is no number", expected: "a decimal number, or nothing")
                continue
            }
            samples.append(Sample(line: row.number, at: at, value: value))
        }
        if table.hasErrors { return nil }
        guard samples.count >= 2 else {
            table.fail(line: table.header.number, "a history has at least two lines, and this has \(samples.count)")
            return nil
        }
        samples.sort { ($0.at, $0.line) < ($1.at, $1.line) }
        return UsageHistory(file: file.name, column: table.header.fields[place], samples: samples)
    }

    private static func valuePlace(
        _ table: DelimitedTable, _ names: [String], time: Int, column: String?
    ) -> Int? {
        let others = names.indices.filter { $0 != time }
        if let column {
            if let place = others.first(where: { names[$0] == column.lowercased() }) { return place }
            table.fail(
                line: table.header.number, "there is no column \"\(column)\"",
                expected: "one of \(others.map { table.header.fields[$0] }.joined(separator: ", "))",
                nearest: NearestName.of(column, among: table.header.fields))
            return nil
        }
        if others.count == 1 { return others[0] }
        if let place = valueNames.lazy.compactMap({ name in others.first { names[$0] == name } }).first { return place }
        table.fail(
            line: table.header.number, "it is not clear which column holds the values",
            expected: "--column with one of \(others.map { table.header.fields[$0] }.joined(separator: ", "))")
        return nil
    }

    /// Reads a value; NaN for a missing one, nil for what is no number.
    private static func number(_ text: String) -> Double? {
        if text.isEmpty || ["nan", "null", "na", "none"].contains(text.lowercased()) { return .nan }
        guard let value = Double(text), value.isFinite else { return nil }
        return value
    }
}

/// Points of time in a usage history.
enum UsageTime {
    static let example = "2026-01-31T12:00:00Z, \"2026-01-31 12:00\" (UTC), or seconds since 1970"

    /// Reads a date, or seconds or milliseconds since 1970; nil when it is none.
    static func nanoseconds(_ text: String) -> Int64? {
        if let number = Double(text) {
            // 10^11 seconds are the year 5138, and as milliseconds the year 1973.
            let seconds = number.magnitude >= 1e11 ? number / 1_000 : number
            guard seconds.magnitude < 9e9 else { return nil }
            return Int64((seconds * 1e6).rounded()) * 1_000
        }
        guard let time = LogTime(parsing: text), time.isDate else { return nil }
        return time.nanoseconds
    }
}
