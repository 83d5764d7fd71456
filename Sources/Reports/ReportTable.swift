package import RunDatabase

/// The form in which a report is written.
package enum ReportFormat: String, Hashable, Sendable, CaseIterable {
    /// Aligned columns with units, for people.
    case table
    /// A table of Markdown (GitHub's), with units, for tickets and chats.
    case md
    /// Raw numbers, quoted as RFC 4180 says but with plain line breaks, for spreadsheets, pipes and data frames.
    case csv
    /// An array with an object for each row, its keys in the order of the columns.
    case json
}

/// What a report answers.
package struct ReportTable: Hashable, Sendable {
    package let columns: [String]
    /// What the numbers of each column mean; nil for plain numbers and texts.
    package let units: [ReportUnit?]
    /// One array for each row, as long as `columns`.
    package let rows: [[SQLValue]]

    /// Creates a table; all arrays are as long as `columns`.
    package init(columns: [String], units: [ReportUnit?], rows: [[SQLValue]]) {
        precondition(units.count == columns.count && rows.allSatisfy { $0.count == columns.count })
        self.columns = columns
        self.units = units
        self.rows = rows
    }

    /// Returns the table in a format; it ends with a line break.
    package func text(_ format: ReportFormat) -> String {
        switch format {
        case .table: alignedText
        case .md: markdownText
        case .csv: csvText
        case .json: jsonText
        }
    }
}

// MARK: - Aligned

extension ReportTable {
    private var alignedText: String {
        if rows.isEmpty { return "(no rows)\n" }
        let cells = self.cells
        let isNumber = self.isNumber
        var widths = columns.map(\.count)
        for row in cells {
            for (column, cell) in row.enumerated() { widths[column] = max(widths[column], cell.count) }
        }
        func line(_ texts: [String]) -> String {
            var line = ""
            for (column, text) in texts.enumerated() {
                let padding = String(repeating: " ", count: widths[column] - text.count)
                line += (column == 0 ? "" : "  ") + (isNumber[column] ? padding + text : text + padding)
            }
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }
        return line(columns.map { $0.uppercased() }) + cells.map(line).joined()
    }

    /// The cells as people read them.
    private var cells: [[String]] {
        let largest = columns.indices.map { column in rows.map { $0[column].magnitude }.max() ?? 0 }
        return rows.map { row in columns.indices.map { Self.cell(row[$0], units[$0], largest: largest[$0]) } }
    }

    /// Whether each column holds a number somewhere.
    private var isNumber: [Bool] { columns.indices.map { column in rows.contains { $0[column].isNumber } } }

    private var markdownText: String {
        if rows.isEmpty { return "(no rows)\n" }
        func line(_ texts: [String]) -> String { "| " + texts.joined(separator: " | ") + " |\n" }
        let rules = isNumber.map { $0 ? "---:" : "---" }
        return line(columns.map(Self.escaped)) + line(rules) + cells.map { line($0.map(Self.escaped)) }.joined()
    }

    /// What would end a cell, or begin something else in it, is told to be text.
    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            if "\\|*_`<[".contains(character) { result.append("\\") }
            result.append(character)
        }
    }

    private static func cell(_ value: SQLValue, _ unit: ReportUnit?, largest: Double) -> String {
        switch value {
        case .null: "-"
        case .integer(let number): unit?.text(Double(number), largest: largest) ?? "\(number)"
        case .real(let number): unit?.text(number, largest: largest) ?? "\(number)"
        case .text(let text): oneLine(unit?.text(text) ?? text)
        case .blob: value.rawText
        }
    }

    private static func oneLine(_ text: String) -> String {
        String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 })
    }
}

// MARK: - Raw

extension ReportTable {
    private var jsonText: String {
        if rows.isEmpty { return "[]\n" }
        let objects = rows.map { row in
            let fields = zip(columns, row).map { "\(JSONText.quoted($0)): \($1.json)" }
            return "  {" + fields.joined(separator: ", ") + "}"
        }
        return "[\n" + objects.joined(separator: ",\n") + "\n]\n"
    }
}

extension SQLValue {
    fileprivate var isNumber: Bool {
        switch self {
        case .integer, .real: true
        case .null, .text, .blob: false
        }
    }

    /// The size of a number without its sign; 0 for all else.
    fileprivate var magnitude: Double {
        switch self {
        case .integer(let number): abs(Double(number))
        case .real(let number): abs(number)
        case .null, .text, .blob: 0
        }
    }

    fileprivate var rawText: String {
        switch self {
        case .null: ""
        case .integer(let number): "\(number)"
        case .real(let number): "\(number)"
        case .text(let text): text
        case .blob(let bytes): bytes.hexadecimal
        }
    }

    fileprivate var json: String {
        switch self {
        case .null: "null"
        case .integer(let number): "\(number)"
        // SQLite can answer infinity, and JSON has no word for it.
        case .real(let number): number.isFinite ? "\(number)" : "null"
        case .text, .blob: JSONText.quoted(rawText)
        }
    }
}
