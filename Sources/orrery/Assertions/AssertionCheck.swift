import KubernetesAPI
import Observations
import RunDatabase
import Scenarios
import Simulation

/// Looks whether SQLite understands the assertions of a scenario, before anything is run.
enum AssertionCheck {
    /// Returns `loaded` with what is wrong with its assertions.
    static func checked(_ loaded: LoadedScenario, settings: [String]) throws -> LoadedScenario {
        guard let setup = loaded.setup else { return loaded }
        var asked: [(sql: String, place: Assertion.Place)] = []
        for assertion in setup.finalAssertions {
            guard case .sql(let sql) = assertion.subject, !asked.contains(where: { $0.place == assertion.place }) else {
                continue
            }
            asked.append((sql, assertion.place))
        }
        let problems = try RunFile.attempt { () throws(RunDatabaseError) in
            try AssertionSQL.problems(of: asked.map(\.sql))
        }
        let found = zip(asked, problems).compactMap { asked, problem in
            problem.map { diagnostic($0, at: asked.place, settings) }
        }
        guard !found.isEmpty else { return loaded }
        return LoadedScenario(setup: nil, diagnostics: loaded.diagnostics + found)
    }

    private static func diagnostic(
        _ problem: AssertionSQL.Problem, at place: Assertion.Place, _ settings: [String]
    ) -> Diagnostic {
        // What a --set brought in stands on no line.
        let isSet = place.line == 0
        let setting = isSet && settings.indices.contains(place.column - 1) ? " \(settings[place.column - 1])" : ""
        return Diagnostic(
            .error, file: isSet ? "--set\(setting)" : place.file,
            position: isSet ? nil : Position(line: place.line, column: place.column), path: place.path,
            message: problem.message, expected: problem.expected,
            nearest: problem.unknown.flatMap { NearestName.of($0.name, among: $0.known) })
    }
}
