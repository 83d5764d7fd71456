import Chronology
import Observations
import RunDatabase

/// What came of the assertions of a run, in the order of the scenario.
struct AssertionReport {
    /// An assertion with its verdict; nil when the run did not get so far.
    let entries: [(assertion: Assertion, verdict: AssertionVerdict?)]
    private let clock: WallClock

    /// Puts together what the run tells by itself, and what was worked out of its database.
    init(
        _ assertions: [Assertion], told: [AssertionVerdict], recorded: [AssertionVerdict], clock: WallClock
    ) {
        self.clock = clock
        var (told, recorded) = (told[...], recorded[...])
        entries = assertions.map { assertion in
            (assertion, assertion.needsDatabase ? recorded.popFirst() : told.popFirst())
        }
    }

    /// Those that do not hold.
    var broken: [AssertionVerdict] { entries.compactMap(\.verdict).filter { !$0.held } }

    /// Returns what was expected and what was seen, and where to look; `path` is the run's database.
    func text(of verdict: AssertionVerdict, path: String) -> String {
        let assertion = verdict.assertion
        var lines = TextColumns([.left, .left])
        if !assertion.because.isEmpty { lines.add(["because", assertion.because]) }
        lines.add(["expected", assertion.expectation])
        lines.add(["seen", verdict.actual + (verdict.excess.map { " (\($0))" } ?? "")])
        if let window = window(of: verdict) { lines.add(["window", window]) }
        lines.add(["look", "sqlite3 \(path) \"\(Self.escaped(DeeperLook.query(for: verdict)))\""])
        return "assertion failed: \(heading(of: assertion))\n" + lines.text()
    }

    /// Returns a text as a shell takes it between double quotes, where the quotes of SQL can stand as they are.
    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            if "\\\"$`".contains(character) { result.append("\\") }
            result.append(character)
        }
    }

    /// The name of an assertion, with what it is about when the name is its own.
    private func heading(of assertion: Assertion) -> String {
        let what: String =
            switch assertion.subject {
            case .metric(let name): name == assertion.name ? "" : " (\(name))"
            case .sql: ""
            }
        let place = assertion.place.line > 0 ? ", \(assertion.place.file):\(assertion.place.line)" : ""
        return assertion.name + what + place
    }

    private func window(of verdict: AssertionVerdict) -> String? {
        guard let window = verdict.window else { return nil }
        let dates = "\(clock.text(of: window.from)) to \(clock.text(of: window.to))"
        let span = dates + " (\(window.from.sinceStart) to \(window.to.sinceStart))"
        switch verdict.assertion.window {
        case .fault(let name, let settling):
            return span + ", during \(name)" + (settling > .zero ? " and \(settling) after it" : "")
        case .span, .whole: return span
        }
    }
}
