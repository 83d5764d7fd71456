/// What is wrong with the text of a price book, and where.
package struct PriceBookError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The line, from 1.
    package let line: Int
    /// The column in characters, from 1.
    package let column: Int
    /// What stands there.
    package let found: String
    /// What was expected there.
    package let expected: String
    /// The names that may have been meant, nearest first.
    package let nearest: [String]

    /// Creates an error about what stands at a place of the text.
    package init(line: Int, column: Int, found: String, expected: String, nearest: [String] = []) {
        self.line = line
        self.column = column
        self.found = found
        self.expected = expected
        self.nearest = nearest
    }

    /// The error in one line, such as `2:20: found "9c", expected a price`.
    package var description: String {
        let hint = nearest.isEmpty ? "" : " (did you mean \(nearest.joined(separator: ", "))?)"
        return "\(line):\(column): found \"\(found)\", expected \(expected)\(hint)"
    }
}
