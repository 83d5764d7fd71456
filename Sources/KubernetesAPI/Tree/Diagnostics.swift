/// Collects findings while inputs are read.
///
/// Errors are kept one by one up to a limit; warnings about the same field pattern are folded into the first; fields
/// that cannot change the outcome are counted and told in one note.
package final class Diagnostics {
    /// The number of errors after which reading stops.
    package static let errorLimit = 100

    /// Whether fields and kinds that are not modelled, but would change the outcome, are errors (`--strict`).
    package let isStrict: Bool
    private var findings: [Diagnostic] = []
    private var errors = 0
    private var foldedAt: [String: Int] = [:]
    private var inertTallies: [InertTally] = []
    private var inertIndexes: [String: Int] = [:]

    private struct InertTally {
        var pattern: String
        var count: Int
        var first: SourcePlace
    }

    package init(isStrict: Bool = false) { self.isStrict = isStrict }

    package var hasErrors: Bool { errors > 0 }
    package var errorCount: Int { errors }

    /// Whether so many errors were found that reading on helps nobody.
    package var isFull: Bool { errors >= Self.errorLimit }

    /// Adds a finding; errors past the limit are dropped, since a note tells that reading stopped.
    package func add(_ diagnostic: Diagnostic) {
        guard diagnostic.severity == .error else {
            findings.append(diagnostic)
            return
        }
        if errors < Self.errorLimit { findings.append(diagnostic) }
        errors += 1
        if errors == Self.errorLimit {
            findings.append(
                Diagnostic(.note, file: diagnostic.file, message: "stopped after \(Self.errorLimit) errors"))
        }
    }

    /// Adds a finding that is folded into an earlier one with the same `pattern` and message.
    package func addFolded(_ diagnostic: Diagnostic, pattern: String) {
        let key = "\(diagnostic.severity.rawValue) \(pattern)\u{0}\(diagnostic.message)"
        if let place = foldedAt[key] {
            findings[place].count += 1
            return
        }
        if diagnostic.severity != .error { foldedAt[key] = findings.count }
        add(diagnostic)
    }

    /// Counts a field that is understood to have no influence on placement, timing or cost.
    package func addInert(pattern: String, at place: SourcePlace) {
        if let index = inertIndexes[pattern] {
            inertTallies[index].count += 1
            return
        }
        inertIndexes[pattern] = inertTallies.count
        inertTallies.append(InertTally(pattern: pattern, count: 1, first: place))
    }

    /// All findings in the order in which they were made, and last the note on fields without influence.
    package var all: [Diagnostic] {
        guard let first = inertTallies.first else { return findings }
        let total = inertTallies.reduce(0) { $0 + $1.count }
        let fields = inertTallies.sorted { $0.pattern < $1.pattern }
            .map { $0.count > 1 ? "\($0.pattern) (\($0.count))" : $0.pattern }
        let summary = Diagnostic(
            .note, file: first.first.file, position: first.first.position,
            message: "\(total) field(s) or object(s) have no influence on placement, timing or cost here: "
                + fields.joined(separator: ", "))
        return findings + [summary]
    }

    /// The findings of one severity.
    package func all(_ severity: Diagnostic.Severity) -> [Diagnostic] { all.filter { $0.severity == severity } }
}
