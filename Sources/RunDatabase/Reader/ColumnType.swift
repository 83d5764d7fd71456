/// The type of a column of CSV, in the words of a Table Schema (Frictionless Data).
package enum ColumnType: String, Hashable, Sendable {
    case integer, number, string, date, datetime
}

/// Finds the type of a column out of what stands in it.
package struct ColumnTally: Hashable, Sendable {
    private var hasWhole = false
    private var hasReal = false
    private var hasText = false
    private var areDates = true
    private var areTimes = true

    package init() {}

    /// Takes one more value into account.
    package mutating func see(_ value: SQLValue) {
        switch value {
        case .null: return
        case .integer: hasWhole = true
        case .real: hasReal = true
        case .blob:
            hasText = true
            areDates = false
            areTimes = false
        case .text(let text):
            hasText = true
            guard areDates || areTimes else { return }
            let bytes = Array(text.utf8.prefix(40))
            areDates = areDates && bytes.count == 10 && Self.isDate(bytes[...])
            areTimes = areTimes && Self.isTime(bytes)
        }
    }

    /// The type that holds all that was seen; nil when there was nothing but NULL.
    package var type: ColumnType? {
        switch (hasText, hasReal, hasWhole) {
        case (true, true, _), (true, _, true): .string
        case (true, false, false): areDates ? .date : areTimes ? .datetime : .string
        case (false, true, _): .number
        case (false, false, true): .integer
        case (false, false, false): nil
        }
    }

    /// Whether it is written 2026-01-05.
    private static func isDate(_ bytes: ArraySlice<UInt8>) -> Bool { matches(bytes, "0000-00-00") }

    /// Whether it is written 2026-01-05T14:00:00Z, with or without a fraction.
    private static func isTime(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 20, bytes.last == 0x5A, matches(bytes.prefix(19), "0000-00-00T00:00:00") else {
            return false
        }
        let rest = bytes[19..<(bytes.count - 1)]
        return rest.isEmpty || rest.first == 0x2E && rest.count > 1 && rest.dropFirst().allSatisfy(isDigit)
    }

    /// Whether there are digits where the pattern has zeros, and what the pattern has elsewhere.
    private static func matches(_ bytes: ArraySlice<UInt8>, _ pattern: String) -> Bool {
        bytes.count == pattern.utf8.count
            && zip(bytes, pattern.utf8).allSatisfy { $1 == 0x30 ? isDigit($0) : $0 == $1 }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
}
