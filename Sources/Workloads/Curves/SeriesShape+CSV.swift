package import Chronology

/// What is wrong with a line of a series.
package struct SeriesProblem: Error, Hashable, Sendable {
    /// From 1.
    package let line: Int
    package let message: String
}

extension SeriesShape {
    /// Reads lines `time,value`: the time as a length since the start ("90m"), as whole seconds, or as RFC 3339; the
    /// value as a decimal number that is not negative, multiplied by `scale` and cut to a whole one. A header, empty lines
    /// and `#` comments are skipped, and a field may stand in double quotes; a time has one value.
    package init(csv text: String, scale: Int64, period: Duration? = nil, clock: WallClock) throws(SeriesProblem) {
        var points: [Point] = []
        var isFirst = true
        var lines: [Duration: Int] = [:]
        // What ends a line on other systems is one character, too.
        // Spreadsheets begin a file with a byte order mark.
        let text = text.unicodeScalars.first == "\u{FEFF}" ? Substring(text.unicodeScalars.dropFirst()) : text[...]
        for (offset, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let content = line.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).first ?? ""
            guard let fields = DelimitedLine.fields(of: content)?.map({ Self.trimmed($0[...]) }) else {
                throw SeriesProblem(line: offset + 1, message: "a quote is not closed")
            }
            if fields.allSatisfy(\.isEmpty) { continue }
            defer { isFirst = false }
            guard fields.count == 2 else {
                throw SeriesProblem(line: offset + 1, message: "expected \"time,value\", not \(fields.count) fields")
            }
            let time = Self.time(fields[0], clock)
            if isFirst, time == nil, Self.decimal(fields[1], scale: scale) == nil {
                if fields[1].lowercased() == "time" || fields[0].lowercased() == "value" {
                    throw SeriesProblem(
                        line: offset + 1, message: "the columns are \"time,value\", not \"\(fields[0]),\(fields[1])\"")
                }
                continue
            }
            guard let time else {
                throw SeriesProblem(line: offset + 1, message: "\"\(fields[0])\" is no time (90m, 5400, or RFC 3339)")
            }
            guard let value = Self.decimal(fields[1], scale: scale) else {
                throw SeriesProblem(line: offset + 1, message: "\"\(fields[1])\" is no number")
            }
            guard value >= 0 else {
                throw SeriesProblem(line: offset + 1, message: "\"\(fields[1])\" is negative")
            }
            if let earlier = lines.updateValue(offset + 1, forKey: time) {
                throw SeriesProblem(
                    line: offset + 1, message: "the time \"\(fields[0])\" has a value in line \(earlier) already")
            }
            points.append(Point(at: time, value: value))
        }
        guard let series = SeriesShape(points, period: period) else {
            let message = points.isEmpty ? "there is no value" : "the period must be longer than the last time"
            throw SeriesProblem(line: 1, message: message)
        }
        self = series
    }

    private static func trimmed(_ field: Substring) -> String {
        var rest = field
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        while let first = rest.first, first.isWhitespace { rest.removeFirst() }
        return String(rest)
    }

    /// Reads whole seconds, a length, or, when there is a clock, a date.
    static func time(_ text: String, _ clock: WallClock?) -> Duration? {
        if let seconds = Int64(text) {
            return seconds.magnitude < 1 << 33 ? .seconds(seconds) : nil
        }
        if let length = try? Duration(parsing: text) { return length }
        return (try? clock?.instant(parsing: text))?.sinceStart
    }

    /// Reads a decimal number times `scale`; digits beyond the sixth decimal are cut off.
    private static func decimal(_ text: String, scale: Int64) -> Int64? {
        let isNegative = text.hasPrefix("-")
        let parts = text.drop { $0 == "-" || $0 == "+" }.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let first = parts.first, text.utf8.count < 40 else { return nil }
        let decimals = parts.count == 2 ? parts[1].prefix(6) : ""
        let isNumber = parts.allSatisfy { part in part.utf8.allSatisfy { (0x30...0x39).contains($0) } }
        guard isNumber, !first.isEmpty || !decimals.isEmpty else { return nil }
        let padded = decimals + String(repeating: "0", count: 6 - decimals.count)
        guard let whole = first.isEmpty ? 0 : Int128(first), let millionths = Int128(padded) else { return nil }
        guard whole < 1 << 62 else { return nil }
        let value = (whole * 1_000_000 + millionths) * Int128(scale) / 1_000_000
        return Int64(exactly: isNegative ? -value : value)
    }
}
