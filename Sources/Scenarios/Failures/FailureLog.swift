package import Chronology
package import KubernetesAPI

/// What somebody wrote down about failures: outages with their times, or only how long things lasted.
package struct FailureLog: Sendable {
    /// An outage, or a machine that was watched and had none.
    package struct Outage: Hashable, Sendable {
        /// The line of the file, from 1.
        package var line: Int
        /// The machine's name; empty when the log does not tell machines apart.
        package var node = ""
        /// Nil for a machine that had no outage.
        package var start: LogTime?
        /// Nil when nobody saw the end.
        package var length: Duration?
        /// From when on the machine was watched, and until when; nil when nobody wrote it down.
        package var since: LogTime?
        package var until: LogTime?
        /// By column.
        package var values: [String]
    }

    /// How long something lasted.
    package struct Lifetime: Hashable, Sendable {
        package var line: Int
        package var lifetime: Duration?
        /// Whether it lasted longer than that, nobody knows how much.
        package var isCensored = false
        package var repair: Duration?
        /// By column.
        package var values: [String]
    }

    /// What the lines of the file are.
    package enum Content: Sendable {
        case outages([Outage])
        case lifetimes([Lifetime])
    }

    /// As it was named.
    package let file: String
    /// By these an entry's values can be asked for.
    package let columns: [String]
    package let content: Content
    /// Whether there is a column that tells machines apart.
    package let namesNodes: Bool

    /// Returns the place of a column, in whichever case its name is written.
    package func column(_ name: String) -> Int? {
        columns.firstIndex(of: name) ?? columns.firstIndex { $0.lowercased() == name.lowercased() }
    }
}

// MARK: - Reading

extension FailureLog {
    /// Reads a file in any of the forms, which its first line tells apart; nil, and what is wrong, when there is an error.
    package static func read(_ file: LoadedFile, _ diagnostics: Diagnostics) -> FailureLog? {
        guard let table = DelimitedTable(file, diagnostics) else { return nil }
        let log: FailureLog
        if LosAlamosForm.isMet(by: table) {
            log = LosAlamosForm.read(table)
        } else if table.column("start") != nil {
            log = OutageForm.read(table)
        } else if table.column("lifetime") != nil || table.column("repair") != nil {
            log = LifetimeForm.read(table)
        } else {
            let nearest = table.header.fields.lazy.compactMap { name in
                NearestName.of(name, among: ["start", "lifetime", "repair"])
            }.first
            table.fail(
                line: table.header.number, "the columns are not those of a failure log",
                expected: "a column start (with end or duration), or lifetime (with censored)", nearest: nearest)
            return nil
        }
        if table.hasErrors { return nil }
        if log.isEmpty {
            table.fail(line: table.header.number, "there is no entry")
            return nil
        }
        return log
    }

    private var isEmpty: Bool {
        switch content {
        case .outages(let outages): outages.isEmpty
        case .lifetimes(let lifetimes): lifetimes.isEmpty
        }
    }
}

extension FailureLog {
    /// Reads the file at a path, or what came on standard input for `-`.
    package static func read(path: String, standardInput: [UInt8]?, _ diagnostics: Diagnostics) -> FailureLog? {
        let ledger = InputLedger(standardInput: standardInput, diagnostics: diagnostics)
        return ledger.readFile(path, .request).flatMap { read($0, diagnostics) }
    }

    /// Returns why a point of time can be none of this log's; nil when it can.
    package func problem(with time: LogTime) -> String? {
        switch content {
        case .lifetimes: return "the file has lengths of time, and not when they were"
        case .outages(let outages):
            let known = outages.lazy.compactMap { $0.start ?? $0.since }.first
            guard let known, known.isDate != time.isDate else { return nil }
            return "the log has \(known.isDate ? "dates" : "times since its beginning")"
        }
    }
}
