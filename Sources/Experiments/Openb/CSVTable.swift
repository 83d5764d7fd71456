import Foundation

/// A table read from comma-separated text without quotes, with its columns found by name.
struct CSVTable {
    let path: String
    let header: [String]
    /// Cells by row; every row is as long as the header.
    let rows: [[Substring]]

    /// Reads the file at `path`, which must have the `required` columns.
    init(path: String, required: [String]) throws(ExperimentError) {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ExperimentError("\(path) cannot be read")
        }
        try self.init(text: String(decoding: data, as: UTF8.self), path: path, required: required)
    }

    init(text: String, path: String, required: [String]) throws(ExperimentError) {
        self.path = path
        var rows: [[Substring]] = []
        var header: [String]?
        for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            if line.isEmpty { continue }
            let cells = line.split(separator: ",", omittingEmptySubsequences: false)
            guard let width = header?.count else {
                header = cells.map(String.init)
                continue
            }
            guard cells.count == width else {
                throw ExperimentError("\(path):\(number + 1) has \(cells.count) cells, not \(width) as the first line")
            }
            rows.append(cells)
        }
        guard let header else { throw ExperimentError("\(path) is empty") }
        self.header = header
        self.rows = rows
        for name in required where !header.contains(name) {
            throw ExperimentError("\(path) has no column \"\(name)\"")
        }
    }

    /// Returns the place of a column, or nil when the table has none of that name.
    func column(_ name: String) -> Int? { header.firstIndex(of: name) }

    /// Returns the whole numbers of a column, none of them negative.
    func numbers(_ name: String) throws(ExperimentError) -> [Int64] {
        guard let column = column(name) else { throw ExperimentError("\(path) has no column \"\(name)\"") }
        var numbers: [Int64] = []
        numbers.reserveCapacity(rows.count)
        for row in rows {
            guard let number = Int64(row[column]), number >= 0 else {
                throw ExperimentError("\(path): \"\(row[column])\" in column \(name) is no whole number from 0 up")
            }
            numbers.append(number)
        }
        return numbers
    }

    /// Returns the texts of a column; empty ones when there is no such column.
    func texts(_ name: String) -> [String] {
        guard let column = column(name) else { return rows.map { _ in "" } }
        return rows.map { String($0[column]) }
    }
}
