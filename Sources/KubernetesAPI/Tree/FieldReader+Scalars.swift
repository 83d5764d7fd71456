package import Chronology

extension FieldReader {
    /// Returns a text; a bare number or truth value is an error, as it is for the API server.
    package func string(_ name: String) -> String? {
        guard let value = value(name) else { return nil }
        if case .scalar(.string(let text)) = value.value { return text }
        if case .scalar = value.value {
            wrong(name, value, expected: "a text; put it in quotes")
        } else {
            wrong(name, value, expected: "a text")
        }
        return nil
    }

    /// Returns a text that must be present and not empty; an empty text after recording the error.
    package func requiredString(_ name: String) -> String {
        let isPresent = has(name)
        let text = string(name)
        if !isPresent || text == "" { error(name, "a value is required") }
        return text ?? ""
    }

    /// Returns a whole number that must lie in `range`.
    package func int64(_ name: String, in range: ClosedRange<Int64> = Int64.min...Int64.max) -> Int64? {
        guard let value = value(name) else { return nil }
        guard case .scalar(.integer(let text)) = value.value else {
            wrong(name, value, expected: Self.expectation(range))
            return nil
        }
        guard let number = Int64(text), range.contains(number) else {
            let isTooLarge = Int64(text).map { $0 > range.upperBound } ?? !text.hasPrefix("-")
            wrong(name, value, expected: Self.expectation(range, isTooLarge: isTooLarge))
            return nil
        }
        return number
    }

    private static func expectation(_ range: ClosedRange<Int64>, isTooLarge: Bool = false) -> String {
        if isTooLarge { return "a whole number from \(range.lowerBound) to \(range.upperBound)" }
        if range == Int64.min...Int64.max { return "a whole number" }
        // Bounds that only tell the width of the type explain nothing unless they are broken.
        let isOpenAbove = range.upperBound == Int64.max || range.upperBound == Int64(Int32.max)
        return isOpenAbove
            ? "a whole number of at least \(range.lowerBound)"
            : "a whole number from \(range.lowerBound) to \(range.upperBound)"
    }

    /// Returns a whole number of 32 bits that is not negative, as most counts of the API are.
    package func count(_ name: String) -> Int64? { int64(name, in: 0...Int64(Int32.max)) }

    /// Returns a truth value.
    package func bool(_ name: String) -> Bool? {
        guard let value = value(name) else { return nil }
        if case .scalar(.bool(let truth)) = value.value { return truth }
        wrong(name, value, expected: "true or false")
        return nil
    }

    /// Returns the case of an enumeration whose raw value is the text.
    package func choice<Choice>(_ name: String, as type: Choice.Type = Choice.self) -> Choice?
    where Choice: RawRepresentable & CaseIterable, Choice.RawValue == String {
        guard let value = value(name) else { return nil }
        let names = Choice.allCases.map(\.rawValue)
        guard let text = value.string, let choice = Choice(rawValue: text) else {
            wrong(
                name, value, expected: "one of \(names.joined(separator: ", "))",
                nearest: value.string.flatMap { NearestName.of($0, among: names) })
            return nil
        }
        return choice
    }

    /// Returns a choice that must be present.
    package func requiredChoice<Choice>(_ name: String, as type: Choice.Type = Choice.self) -> Choice?
    where Choice: RawRepresentable & CaseIterable, Choice.RawValue == String {
        if !has(name) {
            let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            error(name, "a value is required", expected: "one of \(names)")
        }
        return choice(name)
    }

    /// Returns a quantity; numbers stand for themselves.
    package func quantity(_ name: String) -> Quantity? {
        value(name).flatMap { quantity($0, path: path.field(name)) }
    }

    func quantity(_ value: ManifestTree, path: FieldPath) -> Quantity? {
        let text: String? =
            switch value.value {
            case .scalar(.string(let text)), .scalar(.integer(let text)), .scalar(.float(let text)): text
            case .scalar(.bool), .mapping, .sequence, .null: nil
            }
        // The API server cuts blanks off.
        if let text, let quantity = Quantity(parsing: Self.trimmed(text)) { return quantity }
        context.error(
            "found \(value.summary)", path: path, at: value.position,
            expected: "a quantity such as 500m, 2, 1.5Gi or 128974848")
        return nil
    }

    private static func trimmed(_ text: String) -> String {
        guard text.utf8.first.map(isBlank) == true || text.utf8.last.map(isBlank) == true else { return text }
        let front = text.utf8.drop(while: isBlank)
        let count = front.reversed().drop(while: isBlank).count
        return String(decoding: front.prefix(count), as: UTF8.self)
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    /// Returns a whole number or a percentage such as `25%`, neither negative.
    package func intOrPercent(_ name: String) -> IntOrPercent? {
        guard let value = value(name) else { return nil }
        switch value.value {
        case .scalar(.integer(let text)):
            if let number = Int64(text), (0...Int64(Int32.max)).contains(number) { return .number(number) }
        case .scalar(.string(let text)):
            let digits = text.utf8.dropLast()
            if text.utf8.last == 0x25, !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }),
                let share = Int64(String(decoding: digits, as: UTF8.self)), share <= Int64(Int32.max)
            {
                return .percent(share)
            }
        case .scalar(.float), .scalar(.bool), .mapping, .sequence, .null: break
        }
        wrong(name, value, expected: "a whole number, or a percentage such as \"25%\", not negative")
        return nil
    }

    /// Returns a time of RFC 3339, counted from the start date.
    package func timestamp(_ name: String) -> Instant? {
        guard let value = value(name) else { return nil }
        guard let text = value.string else {
            wrong(name, value, expected: "a time such as 2026-01-31T12:00:00Z")
            return nil
        }
        do throws(TimeParsingError) {
            let time = try UnixTime(parsing: text)
            if let instant = context.startDate.instant(of: time) { return instant }
            error(name, "more than 292 years from the start date \(context.startDate)")
        } catch {
            self.error(name, error.description, expected: "a time such as 2026-01-31T12:00:00Z")
        }
        return nil
    }
}
