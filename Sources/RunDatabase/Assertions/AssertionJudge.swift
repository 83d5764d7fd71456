import Chronology
import GRDB
import Observations

/// Answers the assertions that only a finished database can answer.
struct AssertionJudge {
    private let database: Database
    private let reached: Instant

    /// Creates a judge of a run that reached `reached`.
    init(_ database: Database, reached: Instant) {
        self.database = database
        self.reached = reached
    }

    func verdict(on assertion: Assertion) throws -> AssertionVerdict {
        switch assertion.window {
        case .whole: return try look(assertion, from: .start, to: reached, isPart: false)
        case .span(let from, let to):
            guard from < reached else {
                return AssertionVerdict(
                    assertion, problem: "the run ended at \(reached.sinceStart), before the window begins")
            }
            return try look(assertion, from: from, to: min(to, reached), isPart: true)
        case .fault(let name, let settling):
            let strikes = try Row.fetchAll(
                database, sql: "SELECT from_ns, to_ns FROM fault WHERE name = ? ORDER BY from_ns, id", arguments: [name]
            )
            guard !strikes.isEmpty else {
                return AssertionVerdict(assertion, problem: "the fault \(name) never struck")
            }
            // It must hold every time; the first time that it does not is told.
            var first: AssertionVerdict?
            for strike in strikes {
                let from = Instant(nanoseconds: strike["from_ns"])
                let end = (strike["to_ns"] as Int64?).map { Instant(nanoseconds: $0) + settling } ?? reached
                // Of a strike that is over at once, or comes as the run ends, nothing can be seen.
                guard from < min(end, reached) else { continue }
                let verdict = try look(assertion, from: from, to: min(end, reached), isPart: true)
                if !verdict.held { return verdict }
                if first == nil { first = verdict }
            }
            let problem = "the fault \(name) was over as soon as it struck: only settling gives a window"
            return first ?? AssertionVerdict(assertion, problem: problem)
        }
    }

    private func look(_ assertion: Assertion, from: Instant, to: Instant, isPart: Bool) throws -> AssertionVerdict {
        var (sql, service): (String, String?)
        switch assertion.subject {
        case .sql(let text): (sql, service) = (AssertionSQL.statement(text), nil)
        case .metric(let name):
            guard let found = MetricQuery.of(name) else {
                return AssertionVerdict(assertion, problem: "the metric has no query")
            }
            (sql, service) = (found.query.sql, found.service)
        }
        let shown: (from: Instant?, to: Instant?) = isPart ? (from, to) : (nil, nil)
        do {
            let statement = try database.makeStatement(sql: sql)
            guard statement.isReadonly else {
                return AssertionVerdict(assertion, problem: "it is no question", from: shown.from, to: shown.to)
            }
            var arguments: [String: (any DatabaseValueConvertible)?] = [:]
            if sql.contains(":from") { arguments["from"] = from.nanoseconds }
            if sql.contains(":to") { arguments["to"] = to.nanoseconds }
            if sql.contains(":service") { arguments["service"] = service }
            let rows = try Row.fetchAll(statement, arguments: StatementArguments(arguments))
            guard rows.count == 1, let value = rows.first?.databaseValues.first else {
                let problem = rows.isEmpty ? "no row" : "\(rows.count) rows instead of one"
                return AssertionVerdict(assertion, problem: problem, from: shown.from, to: shown.to)
            }
            let seen: Assertion.Value
            switch value.storage {
            case .int64(let number): seen = .whole(number)
            case .double(let number): seen = .real(number)
            case .string(let text): seen = .text(text)
            case .null:
                let problem = assertion.subject == .metric("recovery.max") ? "not whole again" : "no value (NULL)"
                return AssertionVerdict(assertion, problem: problem, from: shown.from, to: shown.to)
            case .blob: return AssertionVerdict(assertion, problem: "bytes", from: shown.from, to: shown.to)
            }
            return AssertionVerdict(assertion, seen: seen, from: shown.from, to: shown.to)
        } catch let error as DatabaseError {
            return AssertionVerdict(
                assertion, problem: "SQLite: \(error.message ?? "error \(error.resultCode.rawValue)")",
                from: shown.from, to: shown.to)
        }
    }
}
