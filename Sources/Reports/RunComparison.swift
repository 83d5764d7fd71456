import Observations
package import RunDatabase
import Foundation

/// What differs between two runs: what they were given, and what came of it.
package struct RunComparison: Sendable {
    /// Something that only one run has, or that they have otherwise.
    package struct Input: Hashable, Sendable {
        package var name: String
        package var left: String?
        package var right: String?
    }

    /// A figure of both runs.
    package struct Figure: Hashable, Sendable {
        package var name: String
        /// `count`, `nanodollars` or `nanoseconds`.
        package var unit: String
        package var left: Int64?
        package var right: Int64?

        package var isSame: Bool { left == right }
    }

    /// The runs as a whole.
    package let left: RunRecord
    package let right: RunRecord
    /// What differs in what they were given, in a fixed order.
    package let inputs: [Input]
    /// All figures that one of them has, in a fixed order.
    package let figures: [Figure]

    /// Compares two runs.
    package init(_ left: RunReader, _ right: RunReader) throws(RunDatabaseError) {
        self.left = left.run
        self.right = right.run
        inputs = try Self.inputs(left, right)
        figures = try Self.figures(left, right)
    }

    // MARK: - Inputs

    private static func inputs(_ left: RunReader, _ right: RunReader) throws(RunDatabaseError) -> [Input] {
        let (a, b) = (left.run, right.run)
        var found: [Input] = []
        func add(_ name: String, _ left: String?, _ right: String?) {
            if left != right { found.append(Input(name: name, left: left, right: right)) }
        }
        add("scenario", a.scenario, b.scenario)
        add("seed", "\(a.seed)", "\(b.seed)")
        add("version", a.version, b.version)
        add("start", a.startDate, b.startDate)
        add("duration", "\(a.horizon)", "\(b.horizon)")
        let (before, after) = (try left.parameters(), try right.parameters())
        for name in names(before, after) where !name.hasSuffix(".digest") {
            add("parameter \(name)", text(name, in: before), text(name, in: after))
        }
        let (old, new) = (try left.inputs(), try right.inputs())
        for name in names(old, new) {
            let (one, other) = (text(name, in: old), text(name, in: new))
            if one != other { found += name == "request" ? asked(one, other) : lines(of: name, one, other) }
        }
        return found
    }

    private static func names(_ left: [RunText], _ right: [RunText]) -> [String] {
        var names = left.map(\.name)
        for entry in right where !names.contains(entry.name) { names.append(entry.name) }
        return names
    }

    private static func text(_ name: String, in texts: [RunText]) -> String? {
        texts.first { $0.name == name }?.text
    }

    /// What was asked of one run alone on the command line; what is about branches stands among the parameters.
    private static func asked(_ left: String?, _ right: String?) -> [Input] {
        func lines(_ text: String?) -> [String] {
            (text ?? "").split(separator: "\n").map(String.init).filter { !$0.hasPrefix("fork") }
        }
        let (old, new) = (lines(left), lines(right))
        return old.filter { !new.contains($0) }.map { Input(name: "asked for", left: $0, right: nil) }
            + new.filter { !old.contains($0) }.map { Input(name: "asked for", left: nil, right: $0) }
    }

    /// The first line that differs of a file that both have.
    private static func lines(of name: String, _ left: String?, _ right: String?) -> [Input] {
        guard let left, let right else {
            return [Input(name: "file \(name)", left: left.map { _ in "there" }, right: right.map { _ in "there" })]
        }
        let (old, new) = (
            left.split(separator: "\n", omittingEmptySubsequences: false),
            right.split(separator: "\n", omittingEmptySubsequences: false)
        )
        let same = zip(old, new).prefix { $0.0 == $0.1 }
        let place = same.count
        func line(_ lines: [Substring]) -> String? {
            lines.indices.contains(place) ? lines[place].trimmingCharacters(in: .whitespaces) : nil
        }
        return [Input(name: "file \(name):\(place + 1)", left: line(old), right: line(new))]
    }

    // MARK: - Figures

    private static func figures(_ left: RunReader, _ right: RunReader) throws(RunDatabaseError) -> [Figure] {
        let (old, new) = (try left.metrics(), try right.metrics())
        var found: [Figure] = []
        var names = old.map(\.name)
        for row in new where !names.contains(row.name) { names.append(row.name) }
        for name in names {
            let (one, other) = (old.first { $0.name == name }, new.first { $0.name == name })
            found.append(
                Figure(name: name, unit: one?.unit ?? other?.unit ?? "count", left: one?.value, right: other?.value))
        }
        for (name, unit, sql) in sums {
            func count(_ reader: RunReader) throws(RunDatabaseError) -> Int64? {
                guard case .integer(let number)? = try reader.query(sql).rows.first?.first else { return nil }
                return number
            }
            found.append(Figure(name: name, unit: unit, left: try count(left), right: try count(right)))
        }
        return found
    }

    /// What no metric says.
    private static let sums = [
        ("cost.commitmentWaste", "nanodollars", cost("kind = 'commitment-waste'")),
        ("cost.loadBalancers", "nanodollars", cost("kind = 'load-balancer'")),
        ("cost.storage", "nanodollars", cost("kind = 'storage'")),
        ("cost.traffic", "nanodollars", cost("kind LIKE '%-traffic'")),
        ("assertions.failed", "count", "SELECT count(*) FROM assertion WHERE NOT held"),
        ("faults.struck", "count", "SELECT count(*) FROM fault"),
        ("events.warnings", "count", "SELECT coalesce(sum(count), 0) FROM event WHERE warning"),
        ("image.bytes", "count", "SELECT coalesce(sum(bytes), 0) FROM image_pull"),
    ]

    private static func cost(_ condition: String) -> String {
        "SELECT coalesce(sum(amount_nanousd), 0) FROM cost_asset WHERE \(condition)"
    }
}
