/// Splits one line of CSV into cells that know where they stand.
enum CSVRow {
    /// A cell without its quotes and outer blanks.
    struct Cell: Hashable {
        var text: String
        /// The column of its first character in the line, from 1.
        var column: Int
    }

    /// Returns the cells of `row`; a cell may be quoted, and then holds commas, and quotes written twice.
    static func cells(of row: Substring) -> [Cell] {
        var cells: [Cell] = []
        var text = ""
        var start: Int?
        var isQuoted = false
        var wasQuoted = false
        var column = 0
        var scalars = row.unicodeScalars[...]
        func finish() {
            cells.append(Cell(text: wasQuoted ? text : trimmed(text), column: start ?? column))
        }
        while let scalar = scalars.popFirst() {
            column += 1
            switch scalar {
            case "\"" where isQuoted && scalars.first == "\"":
                scalars.removeFirst()
                column += 1
                text.unicodeScalars.append("\"")
            case "\"" where isQuoted:
                isQuoted = false
            case "\"" where start == nil:
                (isQuoted, wasQuoted, start) = (true, true, column)
            case "," where !isQuoted:
                finish()
                (text, start, wasQuoted) = ("", nil, false)
            case " ", "\t", "\r":
                // Blanks count inside a cell only; those around it are dropped.
                if isQuoted || (start != nil && !wasQuoted) { text.unicodeScalars.append(scalar) }
            default:
                if start == nil { start = column }
                text.unicodeScalars.append(scalar)
            }
        }
        column += 1
        finish()
        return cells
    }

    /// Returns everything after the first comma of `row`, without outer blanks and quotes.
    static func rest(of row: Substring) -> String {
        guard let comma = row.firstIndex(of: ",") else { return "" }
        let value = trimmed(String(row[row.index(after: comma)...]))
        guard value.count >= 2, value.hasPrefix("\""), value.hasSuffix("\"") else { return value }
        return String(value.dropFirst().dropLast())
    }

    private static func trimmed(_ text: String) -> String {
        let blanks: [Unicode.Scalar] = [" ", "\t", "\r"]
        var scalars = text.unicodeScalars[...]
        while let last = scalars.last, blanks.contains(last) { scalars.removeLast() }
        while let first = scalars.first, blanks.contains(first) { scalars.removeFirst() }
        return String(scalars)
    }
}
