import Foundation
package import KubernetesAPI
import Workloads

/// The files of a trace, read line by line, and what is wrong with them.
package final class TraceSource {
    /// As they were named.
    package let paths: [String]
    package let diagnostics = Diagnostics(isStrict: false)
    /// The most errors that are told.
    private static let errorsMax = 20

    /// Creates a source; nothing is opened yet.
    package init(paths: [String]) { self.paths = paths }

    /// Whether there is no point in going on.
    var isHopeless: Bool { diagnostics.errorCount >= Self.errorsMax }
    /// Whether anything is wrong.
    package var hasErrors: Bool { diagnostics.errorCount > 0 }

    /// The last part of a path.
    static func base(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

    /// Records an error about the trace as a whole.
    func fail(_ message: String, expected: String? = nil) {
        diagnostics.add(Diagnostic(.error, file: paths.first ?? "import", message: message, expected: expected))
    }

    /// Records an error about a line, from 1.
    func fail(_ path: String, line: Int, _ message: String, expected: String? = nil) {
        guard !isHopeless else { return }
        diagnostics.add(
            Diagnostic(
                .error, file: path, position: Position(line: line, column: 1), message: message, expected: expected))
    }

    /// Records a warning about a line; those of the same words count as one.
    func warn(_ path: String, line: Int, _ message: String) {
        diagnostics.addFolded(
            Diagnostic(.warning, file: path, position: Position(line: line, column: 1), message: message),
            pattern: "trace")
    }

    /// Returns the paths when there are as many as a format takes, or records how many it wants.
    func paths(_ range: ClosedRange<Int>, expected: String) -> [String]? {
        if range.contains(paths.count) { return paths }
        fail("\(paths.count == 1 ? "one file was" : "\(paths.count) files were") named", expected: expected)
        return nil
    }

    /// Reads a CSV file with a header and calls `body` with the wanted columns of each line and the line's number.
    ///
    /// The file is read in pieces: its length does not matter. Columns that nobody wants are passed over.
    func rows(of path: String, columns: [String], _ body: (_ fields: [String], _ line: Int) -> Void) {
        var places: [Int]?
        var width = 0
        readLines(of: path) { line, number in
            if line.isEmpty { return true }
            guard let fields = DelimitedLine.fields(of: line) else {
                fail(path, line: number, "a quote is not closed")
                return !isHopeless
            }
            guard let known = places else {
                width = fields.count
                let found = columns.map { fields.firstIndex(of: $0) }
                for column in columns where fields.count(where: { $0 == column }) > 1 {
                    fail(path, line: number, "the column \"\(column)\" stands twice")
                }
                for (column, place) in zip(columns, found) where place == nil {
                    fail(
                        path, line: number, "the column \"\(column)\" is missing",
                        expected: "a header with \(columns.joined(separator: ", "))")
                }
                places = found.compactMap { $0 }
                return !hasErrors
            }
            guard fields.count == width else {
                fail(path, line: number, "the header names \(width) columns, and this line has \(fields.count)")
                return !isHopeless
            }
            body(known.map { fields[$0] }, number)
            return !isHopeless
        }
        if places == nil, !hasErrors { fail(path, line: 1, "the file is empty") }
    }

    /// Calls `body` with every line until it says false.
    private func readLines(of path: String, _ body: (_ line: Substring, _ number: Int) -> Bool) {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue,
            let handle = FileHandle(forReadingAtPath: path)
        else {
            diagnostics.add(Diagnostic(.error, file: path, message: "there is no such file"))
            return
        }
        defer { try? handle.close() }
        var rest = Data()
        var number = 0
        func tell(_ bytes: Data) -> Bool {
            number += 1
            let end = bytes.last == 0x0D ? bytes.dropLast() : bytes
            guard let line = String(validating: end, as: UTF8.self) else {
                fail(path, line: number, "this is no UTF-8")
                return !isHopeless
            }
            // Spreadsheets begin a file with a byte order mark.
            let hasMark = number == 1 && line.unicodeScalars.first == "\u{FEFF}"
            return body(hasMark ? Substring(line.unicodeScalars.dropFirst()) : line[...], number)
        }
        while let piece = try? handle.read(upToCount: 1 << 16), !piece.isEmpty {
            rest.append(piece)
            var start = rest.startIndex
            while let end = rest[start...].firstIndex(of: 0x0A) {
                if !tell(rest[start..<end]) { return }
                start = rest.index(after: end)
            }
            rest = Data(rest[start...])
            guard rest.count < 1 << 20 else {
                fail(path, line: number + 1, "the line is longer than a mebibyte")
                return
            }
        }
        if !rest.isEmpty { _ = tell(rest) }
    }

    /// Returns the text of a small file, or records that it cannot be read.
    func text(of path: String) -> [UInt8]? {
        guard let data = FileManager.default.contents(atPath: path) else {
            diagnostics.add(Diagnostic(.error, file: path, message: "there is no such file"))
            return nil
        }
        return [UInt8](data)
    }
}
