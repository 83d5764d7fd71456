import KubernetesAPI
import Workloads

/// A CSV file whose first line names its columns, in memory; what is wrong with it is told with line and column.
///
/// Empty lines and lines that begin with `#` are passed over; a field may stand in double quotes.
struct DelimitedTable {
    /// A line of the file and its fields, as many as there are columns.
    struct Row {
        /// From 1.
        let number: Int
        let text: Substring
        let fields: [String]
    }

    let file: String
    private(set) var header = Row(number: 1, text: "", fields: [])
    private(set) var rows: [Row] = []
    private let diagnostics: Diagnostics
    private let errorsBefore: Int
    /// The most errors that are told of one file.
    private static let errorsMax = 20

    /// Reads a file; nil when there is no telling its columns. Lines that are wrong are left out and recorded.
    init?(_ file: LoadedFile, _ diagnostics: Diagnostics) {
        self.file = file.name
        self.diagnostics = diagnostics
        errorsBefore = diagnostics.errorCount
        if let place = UTF8Check.firstInvalidByte(file.contents) {
            let position = UTF8Check.position(ofByte: place, in: file.contents)
            diagnostics.add(Diagnostic(.error, file: file.name, position: position, message: "this is no UTF-8"))
            return nil
        }
        var text = String(decoding: file.contents, as: UTF8.self)[...]
        // Spreadsheets begin a file with a byte order mark.
        if text.unicodeScalars.first == "\u{FEFF}" { text = Substring(text.unicodeScalars.dropFirst()) }
        var hasHeader = false
        for (place, line) in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            if line.first == UInt8(ascii: "#") || line.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) {
                continue
            }
            if isHopeless { break }
            let content = Substring(line)
            guard let fields = DelimitedLine.fields(of: content) else {
                fail(line: place + 1, "a quote is not closed")
                continue
            }
            let row = Row(number: place + 1, text: content, fields: fields)
            if !hasHeader {
                header = row
                hasHeader = true
                for (column, name) in fields.enumerated() where fields[..<column].contains(name) {
                    fail(row, column, "the column \"\(name)\" stands twice")
                }
            } else if fields.count == header.fields.count {
                rows.append(row)
            } else {
                fail(
                    line: row.number,
                    "the header names \(header.fields.count) columns, and this line has \(fields.count)")
            }
        }
        if !hasHeader { fail(line: 1, "the file is empty", expected: "a first line that names the columns") }
        if !hasHeader || hasErrors, rows.isEmpty { return nil }
    }

    /// Whether anything is wrong with this file.
    var hasErrors: Bool { diagnostics.errorCount > errorsBefore }
    /// Whether so much is wrong that the rest need not be told.
    var isHopeless: Bool { diagnostics.errorCount >= errorsBefore + Self.errorsMax }

    /// Returns the place of the column called `name`, or nil.
    func column(_ name: String) -> Int? { header.fields.firstIndex(of: name) }

    // MARK: - What is wrong

    /// Records an error about a field.
    func fail(
        _ row: Row, _ column: Int, _ message: String, expected: String? = nil, nearest: String? = nil
    ) {
        add(Position(line: row.number, column: Self.place(of: column, in: row.text)), message, expected, nearest)
    }

    /// Records an error about a line.
    func fail(line: Int, _ message: String, expected: String? = nil, nearest: String? = nil) {
        add(Position(line: line, column: 1), message, expected, nearest)
    }

    private func add(_ position: Position, _ message: String, _ expected: String?, _ nearest: String?) {
        guard !isHopeless else { return }
        diagnostics.add(
            Diagnostic(
                .error, file: file, position: position, message: message, expected: expected, nearest: nearest))
    }

    /// Returns where a field begins, in characters from 1.
    private static func place(of column: Int, in text: Substring) -> Int {
        var left = column
        var isQuoted = false
        var place = 1
        for character in text {
            if left == 0, character != " ", character != "\t" { break }
            place += 1
            if character == "\"" { isQuoted.toggle() }
            if character == ",", !isQuoted { left -= 1 }
        }
        return place
    }
}
