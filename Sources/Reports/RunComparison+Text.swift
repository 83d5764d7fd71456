import Foundation
import RunDatabase

extension RunComparison {
    /// How much of a value is shown.
    private static let shown = 48

    /// What differs in the inputs, for people; empty when nothing does.
    package var inputLines: [String] {
        aligned([["", "A", "B"]] + inputs.map { [$0.name, Self.short($0.left), Self.short($0.right)] }, isLeft: 3)
    }

    /// The figures as a table A | B | change; only those that differ unless `all`.
    package func figureLines(all: Bool) -> [String] {
        let rows = figures.filter { all || !$0.isSame }
        guard !rows.isEmpty else { return [] }
        return aligned([["", "A", "B", "change", ""]] + rows.map(Self.cells), isLeft: 1)
    }

    /// The name of a figure, with what it is about where the summary has another of that name.
    private static func title(of figure: Figure) -> String {
        figure.name == "nodes.registered" ? "nodes.registered (at the end)" : figure.name
    }

    private static func cells(_ figure: Figure) -> [String] {
        let largest = Double(max(figure.left?.magnitude ?? 0, figure.right?.magnitude ?? 0)) / 1e9
        func text(_ value: Int64) -> String {
            switch figure.unit {
            case "nanodollars": ReportUnit.dollars(Double(value) / 1e9, largest: largest)
            case "nanoseconds": ReportUnit.duration(Double(value) / 1e9)
            default: (value < 0 ? "-" : "") + ReportUnit.grouped("\(value.magnitude)")
            }
        }
        guard let left = figure.left, let right = figure.right else {
            return [title(of: figure), figure.left.map(text) ?? "-", figure.right.map(text) ?? "-", "", ""]
        }
        let (change, isTooLarge) = right.subtractingReportingOverflow(left)
        if isTooLarge { return [title(of: figure), text(left), text(right), "", ""] }
        let share =
            left == 0 || change == 0 ? "" : String(format: "%+.1f %%", 100 * Double(change) / Double(left.magnitude))
        return [
            title(of: figure), text(left), text(right), change == 0 ? "=" : (change > 0 ? "+" : "") + text(change),
            share,
        ]
    }

    private static func short(_ text: String?) -> String {
        guard let text else { return "-" }
        let line = text.replacing("\n", with: " ")
        return line.count > shown ? line.prefix(shown - 1) + "…" : line
    }

    /// Cells flush left in the first `isLeft` columns, and flush right in the others.
    private func aligned(_ rows: [[String]], isLeft: Int) -> [String] {
        let columns = rows.first?.count ?? 0
        let widths = (0..<columns).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = row.enumerated().map { column, cell in
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                return column < isLeft ? cell + padding : padding + cell
            }
            var line = cells.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    // MARK: - JSON

    /// The inputs and the figures as JSON fields, each with its name.
    package var jsonFields: [(name: String, value: String)] {
        func text(_ text: String?) -> String { text.map(JSONText.quoted) ?? "null" }
        func number(_ number: Int64?) -> String { number.map { "\($0)" } ?? "null" }
        let inputs = inputs.map {
            "{\"name\": \(JSONText.quoted($0.name)), \"a\": \(text($0.left)), \"b\": \(text($0.right))}"
        }
        let figures = figures.map {
            "{\"name\": \(JSONText.quoted($0.name)), \"unit\": \(JSONText.quoted($0.unit)), \"a\": \(number($0.left)), "
                + "\"b\": \(number($0.right))}"
        }
        return [("inputs", Self.array(inputs)), ("outcome", Self.array(figures))]
    }

    private static func array(_ elements: [String]) -> String {
        elements.isEmpty ? "[]" : "[\n    \(elements.joined(separator: ",\n    "))\n  ]"
    }
}
