import Foundation

/// The article on the schema, whose tables and columns come from the migrations and whose meanings people wrote.
struct SchemaArticle {
    /// A table or view, as the database or the article has it.
    struct Shape: Equatable, CustomStringConvertible {
        /// A column with its type and where a reference leads; a view has no types.
        struct Column: Equatable {
            var name: String
            var type: String?
        }

        var name: String
        var columns: [Column]

        var isView: Bool { columns.allSatisfy { $0.type == nil } }
        var description: String {
            "\(name)(\(columns.map { $0.name + ($0.type.map { " " + $0 } ?? "") }.joined(separator: ", ")))"
        }
    }

    /// A heading with the text up to its table, and the meanings of the columns.
    private struct Section {
        var name: String
        var text: [String] = []
        var columns: [Shape.Column] = []
        var meanings: [String: String] = [:]
    }

    /// The lines before the first table, and the heading of the views.
    private var introduction: [String] = []
    private var sections: [Section] = []

    init(_ article: String) {
        for line in article.components(separatedBy: "\n") {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            if line.hasPrefix("### `") {
                sections.append(Section(name: String(line.dropFirst(5).dropLast())))
            } else if sections.isEmpty {
                introduction.append(line)
            } else if line.hasPrefix("| `") {
                let name = String(cells[0].dropFirst().dropLast())
                let last = sections.count - 1
                sections[last].columns.append(Shape.Column(name: name, type: cells.count == 3 ? cells[1] : nil))
                sections[last].meanings[name] = cells[cells.count - 1]
            } else if !line.hasPrefix("|"), line != "## Views" {
                sections[sections.count - 1].text.append(line)
            }
        }
    }

    var shapes: [Shape] { sections.map { Shape(name: $0.name, columns: $0.columns) } }

    /// What is said of a column, by `table.column`.
    var meanings: [String: String] {
        sections.reduce(into: [:]) { all, section in
            for (column, meaning) in section.meanings { all["\(section.name).\(column)"] = meaning }
        }
    }

    /// Returns the article of a database with `real` tables and views, in the article's order and with its texts.
    func text(of real: [Shape]) -> String {
        let order = sections.map(\.name)
        let sorted = real.enumerated().sorted { left, right in
            let places = [left, right].map { order.firstIndex(of: $0.element.name) ?? order.count + $0.offset }
            return places[0] < places[1]
        }.map(\.element)
        var lines = introduction
        for (index, shapes) in [sorted.filter { !$0.isView }, sorted.filter(\.isView)].enumerated() {
            if index == 1 { lines += ["## Views", ""] }
            for shape in shapes { lines += section(of: shape) }
        }
        while lines.last == "" { lines.removeLast() }
        return lines.joined(separator: "\n") + "\n"
    }

    private func section(of shape: Shape) -> [String] {
        let old = sections.first { $0.name == shape.name } ?? Section(name: shape.name)
        let text = old.text.joined(separator: "\n").trimmingCharacters(in: .newlines)
            // A text below the table goes above it.
            .replacingOccurrences(of: "\n\n\n", with: "\n\n")
        var lines = ["### `\(shape.name)`", "", text, ""]
        lines += shape.isView ? ["| column | meaning |", "|---|---|"] : ["| column | type | meaning |", "|---|---|---|"]
        for column in shape.columns {
            let type = column.type.map { " \($0) |" } ?? ""
            lines.append("| `\(column.name)` |\(type) \(old.meanings[column.name] ?? "") |")
        }
        return lines + [""]
    }
}
