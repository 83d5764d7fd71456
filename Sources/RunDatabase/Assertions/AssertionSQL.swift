import GRDB

/// The SQL of an assertion: an expression, or a SELECT that answers one value.
///
/// `:from` and `:to` are the nanoseconds between which the assertion looks; without a window, all of the run.
package enum AssertionSQL {
    /// The parameters that it may name.
    static let parameters = ["from", "to"]

    /// Returns the statement that a text means; one that does not begin as a statement is what stands behind SELECT.
    package static func statement(_ text: String) -> String {
        let first = text.drop(while: \.isWhitespace).prefix(while: \.isLetter).lowercased()
        return ["select", "with", "values"].contains(first) ? text : "SELECT \(text)"
    }

    /// What makes two looks at the same run see different things.
    private static let unsteady = [
        "random(", "randomblob(", "current_time", "current_date", "julianday()", "unixepoch()",
        // Without a time, or without one behind the format, the present counts.
        "datetime()", "date()", "time()", "strftime('')", "strftime(\"\")",
        // As an argument; a column may be called like that.
        "('now'", ",'now'", "(\"now\"", ",\"now\"",
    ]

    /// Returns a text without blanks, comments and what stands in quotes, unless that is the word for the present.
    private static func compact(_ text: String) -> String {
        var compact = ""
        var rest = text.lowercased()[...]
        while let character = rest.first {
            if rest.hasPrefix("--") {
                rest = rest.drop { !$0.isNewline }
            } else if rest.hasPrefix("/*") {
                rest = rest.dropFirst(2)
                while !rest.isEmpty, !rest.hasPrefix("*/") { rest = rest.dropFirst() }
                rest = rest.dropFirst(2)
            } else if character == "'" || character == "\"" {
                let content = rest.dropFirst().prefix { $0 != character }
                rest = rest.dropFirst(content.count + 2)
                compact += "\(character)\(content == "now" ? "now" : "")\(character)"
            } else {
                if !character.isWhitespace { compact.append(character) }
                rest = rest.dropFirst()
            }
        }
        return compact
    }

    /// What is wrong with a statement.
    package struct Problem: Error, Hashable, Sendable {
        package var message: String
        package var expected: String?
        /// The name that is not known, and those that are.
        package var unknown: (name: String, known: [String])? { unknownName.map { ($0, knownNames) } }
        var unknownName: String?
        var knownNames: [String] = []
    }

    /// Returns what is wrong with the texts, one by one, as far as an empty database of a run can tell; nil for nothing.
    package static func problems(of texts: [String]) throws(RunDatabaseError) -> [Problem?] {
        guard !texts.isEmpty else { return [] }
        do {
            let queue = try DatabaseQueue()
            try RunSchema.migrator.migrate(queue)
            return try queue.read { database in try texts.map { try problem(of: $0, in: database) } }
        } catch {
            throw RunDatabaseError(error, path: "an empty database")
        }
    }

    private static func problem(of text: String, in database: Database) throws -> Problem? {
        let compact = compact(text)
        if let found = unsteady.first(where: { compact.contains($0) }) {
            let name = found.filter { !"(),'\"".contains($0) }
            return Problem(message: "it says something else each time it is asked (\(name))")
        }
        do {
            let statement = try database.makeStatement(sql: Self.statement(text))
            if !statement.isReadonly || statement.columnCount == 0 {
                return Problem(message: "it is no question", expected: "an expression, or a SELECT")
            }
            if statement.columnCount != 1 {
                return Problem(message: "it has \(statement.columnCount) columns", expected: "one value")
            }
            let strange = parameterNames(of: text).first { !parameters.contains($0) }
            if let strange {
                return Problem(
                    message: "there is no parameter :\(strange)", expected: ":from or :to", unknownName: strange,
                    knownNames: parameters)
            }
            return nil
        } catch let error as DatabaseError {
            var problem = Problem(message: "SQLite cannot read it: \(error.message ?? "error \(error.resultCode)")")
            try explain(&problem, error.message ?? "", database)
            return problem
        }
    }

    private static func parameterNames(of text: String) -> [String] {
        var names: [String] = []
        var isQuoted = false
        var rest = text[...]
        while let character = rest.popFirst() {
            if character == "'" { isQuoted.toggle() }
            guard !isQuoted, [":", "@", "$", "?"].contains(character) else { continue }
            let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
            if character == ":" && !name.isEmpty { names.append(String(name)) } else { names.append("?") }
        }
        return names
    }

    /// Finds the names that could have been meant.
    private static func explain(_ problem: inout Problem, _ message: String, _ database: Database) throws {
        for (prefix, sql) in [
            (
                "no such table: ",
                "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT GLOB '*grdb*'"
            ),
            (
                "no such column: ",
                "SELECT DISTINCT c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type IN ('table', 'view')"
            ),
        ] where message.hasPrefix(prefix) {
            let name = message.dropFirst(prefix.count).prefix { !$0.isWhitespace }
            problem.unknownName = name.split(separator: ".").last.map(String.init)
            problem.knownNames = try String.fetchAll(database, sql: sql + " ORDER BY 1")
        }
    }
}
