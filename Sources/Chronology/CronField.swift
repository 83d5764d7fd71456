/// One field of a cron schedule: the set of values that match, all below 64.
package struct CronField: Hashable, Sendable {
    /// What a field stands for, and so which values and names it knows.
    package enum Kind: Hashable, Sendable {
        case minute, hour, dayOfMonth, month, dayOfWeek
    }

    private var bits: UInt64 = 0
    /// Whether the field was written as `*` or `?`, alone or as an item of a list, and with no step above 1.
    package private(set) var isWildcard = false

    /// Returns whether `value` (0...63) is in the set.
    package func contains(_ value: Int) -> Bool { (bits >> UInt64(value)) & 1 == 1 }

    /// Returns the smallest value of the set that is not below `value`.
    package func first(from value: Int) -> Int? {
        guard value < 64 else { return nil }
        let rest = (bits >> UInt64(value)) << UInt64(value)
        return rest == 0 ? nil : rest.trailingZeroBitCount
    }

    /// Reads a list of values, ranges and steps; returns what is wrong with it otherwise.
    static func parse(_ text: Substring, _ kind: Kind) -> Parsed {
        var field = CronField()
        // Empty items are skipped: upstream's parser lets "1,,2" pass.
        for item in text.split(separator: ",") {
            switch range(item, kind) {
            case .failure(let reason): return .failure("\(kind.name): \(reason)")
            case .success(let range):
                for value in stride(from: range.low, through: range.high, by: range.step) {
                    field.bits |= 1 << UInt64(value)
                }
                if range.isWildcard { field.isWildcard = true }
            }
        }
        return .success(field)
    }

    enum Parsed {
        case success(CronField)
        case failure(String)
    }
}

// MARK: - Items

extension CronField {
    private struct Range {
        var low: Int
        var high: Int
        var step = 1
        var isWildcard = false
    }

    private enum ParsedRange {
        case success(Range)
        case failure(String)
    }

    /// Reads "5", "1-5", "*", "?", and each with "/step"; "5/2" runs from 5 to the field's maximum.
    private static func range(_ item: Substring, _ kind: Kind) -> ParsedRange {
        let parts = item.split(separator: "/", omittingEmptySubsequences: false)
        let ends = parts[0].split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count <= 2 else { return .failure("\"\(item)\" has more than one step") }
        guard ends.count <= 2 else { return .failure("\"\(item)\" has more than two ends") }

        var range: Range
        if ends[0] == "*" || ends[0] == "?" {
            guard ends.count == 1 else { return .failure("a range cannot start with \(ends[0]) in \"\(item)\"") }
            range = Range(low: kind.values.lowerBound, high: kind.values.upperBound, isWildcard: true)
        } else {
            guard let low = number(ends[0], kind) else { return .failure("\"\(ends[0])\" is not a value") }
            range = Range(low: low, high: low)
            if ends.count == 2 {
                guard let high = number(ends[1], kind) else { return .failure("\"\(ends[1])\" is not a value") }
                range.high = high
            }
        }
        if parts.count == 2 {
            guard let step = number(parts[1], nil), step > 0 else {
                return .failure("the step \"\(parts[1])\" is not a positive number")
            }
            range.step = step
            if ends.count == 1 { range.high = kind.values.upperBound }
            if step > 1 { range.isWildcard = false }
        }
        guard kind.values.contains(range.low), kind.values.contains(range.high) else {
            return .failure("\"\(item)\" is outside \(kind.values.lowerBound)-\(kind.values.upperBound)")
        }
        guard range.low <= range.high else { return .failure("\"\(item)\" runs backward") }
        return .success(range)
    }

    /// Reads a number, or one of the kind's names in any case.
    private static func number(_ text: Substring, _ kind: Kind?) -> Int? {
        if let kind, let index = kind.names.firstIndex(of: text.lowercased()) { return kind.values.lowerBound + index }
        guard let value = Int(text), value >= 0 else { return nil }
        return value
    }
}

extension CronField.Kind {
    /// The values that the field may hold.
    var values: ClosedRange<Int> {
        switch self {
        case .minute: 0...59
        case .hour: 0...23
        case .dayOfMonth: 1...31
        case .month: 1...12
        case .dayOfWeek: 0...6
        }
    }

    /// The names of the values, from the lowest up.
    var names: [String] {
        switch self {
        case .minute, .hour, .dayOfMonth: []
        case .month: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
        case .dayOfWeek: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
        }
    }

    /// The field's name in messages.
    var name: String {
        switch self {
        case .minute: "minute"
        case .hour: "hour"
        case .dayOfMonth: "day of month"
        case .month: "month"
        case .dayOfWeek: "day of week"
        }
    }
}
