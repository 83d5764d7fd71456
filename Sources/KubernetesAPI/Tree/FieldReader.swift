package import Chronology

/// Reads the fields of one mapping by name, records what is wrong with them, and knows which were read.
///
/// Every getter returns nil for a field that is absent, null or wrong; a wrong one has been recorded by then. When
/// reading ends, `finish` reports the fields that nobody asked for: unknown ones are errors, declared ones are
/// counted (`inert`) or warned about (`unmodelled`).
package final class FieldReader {
    package let path: FieldPath
    /// Where the mapping starts.
    package let position: Position
    package let context: DecodingContext
    private let entries: [ManifestTree.Entry]
    private var isRead: [Bool]
    private var askedNames: [String] = []
    private var inertNames: [[String]] = []
    private var unmodelledNames: [[String]] = []

    package init(_ entries: [ManifestTree.Entry], position: Position, path: FieldPath, context: DecodingContext) {
        self.entries = entries
        self.position = position
        self.path = path
        self.context = context
        isRead = [Bool](repeating: false, count: entries.count)
        askedNames.reserveCapacity(16)
    }

    /// Creates a reader of `tree`, or records an error and returns nil when it is no mapping; null is an empty one.
    package convenience init?(_ tree: ManifestTree, path: FieldPath, context: DecodingContext) {
        switch tree.value {
        case .mapping(let entries):
            self.init(entries, position: tree.position, path: path, context: context)
        case .null:
            self.init([], position: tree.position, path: path, context: context)
        case .sequence, .scalar:
            context.error("found \(tree.summary)", path: path, at: tree.position, expected: "a mapping")
            return nil
        }
    }

    /// Returns the value of a field that is present and not null, and marks it as read.
    package func value(_ name: String) -> ManifestTree? {
        askedNames.append(name)
        if let listener = context.listener { listener(path, name) }
        for index in entries.indices where entries[index].key == name {
            isRead[index] = true
            let value = entries[index].value
            return value.isNull ? nil : value
        }
        return nil
    }

    /// Returns whether a field is present and not null, without marking it as read.
    package func has(_ name: String) -> Bool {
        if let listener = context.listener { listener(path, name) }
        for entry in entries where entry.key == name { return !entry.value.isNull }
        return false
    }

    /// Returns the value of a field that is present and not null, without marking it as read.
    package func peek(_ name: String) -> ManifestTree? {
        for entry in entries where entry.key == name { return entry.value.isNull ? nil : entry.value }
        return nil
    }

    /// Records an error about one field, at the field's place when it is present.
    package func error(_ name: String, _ message: String, expected: String? = nil, nearest: String? = nil) {
        context.error(message, path: path.field(name), at: place(of: name), expected: expected, nearest: nearest)
    }

    /// Returns the place of a field, or of the mapping when it is absent.
    func place(of name: String) -> Position { entries.first { $0.key == name }?.value.position ?? position }

    private func wrong(_ name: String, _ value: ManifestTree, expected: String, nearest: String? = nil) {
        context.error(
            "found \(value.summary)", path: path.field(name), at: value.position, expected: expected,
            nearest: nearest)
    }
}

// MARK: - Fields without meaning here

extension FieldReader {
    /// Declares fields that cannot change placement, timing or cost.
    package func inert(_ names: [String]) { inertNames.append(names) }

    /// Declares fields that Kubernetes knows and that would change the outcome, but that are not modelled.
    package func unmodelled(_ names: [String]) { unmodelledNames.append(names) }

    /// Declares that every field that was not read is without influence.
    package func restIsInert() {
        for index in entries.indices where !isRead[index] {
            isRead[index] = true
            if !entries[index].value.isBlank { tally(entries[index]) }
        }
    }

    /// Reports the fields that were not read; to be called once, last.
    package func finish() {
        for index in entries.indices where !isRead[index] {
            let entry = entries[index]
            if inertNames.contains(where: { $0.contains(entry.key) }) {
                if !entry.value.isBlank { tally(entry) }
            } else if unmodelledNames.contains(where: { $0.contains(entry.key) }) {
                if !entry.value.isBlank { warn(entry) }
            } else {
                let known = askedNames + inertNames.joined() + unmodelledNames.joined()
                context.error(
                    "unknown field", path: path.field(entry.key), at: entry.keyPosition,
                    nearest: NearestName.of(entry.key, among: known))
            }
        }
    }

    /// Warns of what a field says, which is an error where nothing may be left out.
    func warn(_ name: String, _ message: String) {
        let place = path.field(name)
        context.diagnostics.addFolded(
            Diagnostic(
                context.diagnostics.isStrict ? .error : .warning, file: context.file, position: self.place(of: name),
                path: place.text, message: message),
            pattern: place.pattern)
    }

    private func tally(_ entry: ManifestTree.Entry) {
        context.inert?.add(entry, of: path)
        context.diagnostics.addInert(
            pattern: path.field(entry.key).pattern, at: SourcePlace(file: context.file, position: entry.keyPosition))
    }

    private func warn(_ entry: ManifestTree.Entry) {
        context.inert?.add(entry, of: path)
        let place = path.field(entry.key)
        context.diagnostics.addFolded(
            Diagnostic(
                context.diagnostics.isStrict ? .error : .warning, file: context.file, position: entry.keyPosition,
                path: place.text, message: "this field is not modelled; the real cluster may behave differently"),
            pattern: place.pattern)
    }
}

extension ManifestTree {
    /// Whether the value says the same as leaving the field out: null, empty or false.
    var isBlank: Bool {
        switch value {
        case .null: true
        case .mapping(let entries): entries.isEmpty
        case .sequence(let elements): elements.isEmpty
        case .scalar(.bool(let truth)): !truth
        case .scalar(.string(let text)): text.isEmpty
        case .scalar(.integer), .scalar(.float): false
        }
    }
}

// MARK: - Scalars

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

    private func quantity(_ value: ManifestTree, path: FieldPath) -> Quantity? {
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

// MARK: - Collections

extension FieldReader {
    /// Returns the elements of a list; empty when it is absent or no list.
    package func elements(_ name: String) -> [ManifestTree] {
        guard let value = value(name) else { return [] }
        if case .sequence(let elements) = value.value { return elements }
        wrong(name, value, expected: "a list")
        return []
    }

    /// Returns a list of texts.
    package func strings(_ name: String) -> [String] {
        var texts: [String] = []
        for (index, element) in elements(name).enumerated() {
            if let text = element.string {
                texts.append(text)
            } else {
                context.error(
                    "found \(element.summary)", path: path.field(name).index(index), at: element.position,
                    expected: "a text")
            }
        }
        return texts
    }

    /// Returns a map of texts, or nil when it is absent.
    package func optionalStringMap(_ name: String) -> StringMap? {
        guard let value = value(name) else { return nil }
        guard let entries = value.entries else {
            wrong(name, value, expected: "a mapping of texts")
            return nil
        }
        var map = StringMap()
        for entry in entries {
            if let text = entry.value.string {
                map[entry.key] = text
            } else if !entry.value.isNull {
                context.error(
                    "found \(entry.value.summary)", path: path.field(name).field(entry.key),
                    at: entry.value.position, expected: "a text; put it in quotes")
            } else {
                map[entry.key] = ""
            }
        }
        return map
    }

    /// Returns a map of texts; empty when it is absent.
    package func stringMap(_ name: String) -> StringMap { optionalStringMap(name) ?? StringMap() }

    /// Returns amounts by resource name; empty when it is absent.
    package func resources(_ name: String) -> ResourceList {
        guard let value = value(name) else { return [:] }
        guard let entries = value.entries else {
            wrong(name, value, expected: "a mapping of quantities")
            return [:]
        }
        var list = ResourceList()
        for entry in entries where !entry.value.isNull {
            let place = path.field(name).field(entry.key)
            if let amount = quantity(entry.value, path: place) { list[ResourceName(entry.key)] = amount }
        }
        return list
    }

    /// Returns what `body` makes of a nested mapping, or nil when it is absent; unread fields are reported.
    @discardableResult
    package func object<Result>(_ name: String, _ body: (FieldReader) -> Result) -> Result? {
        guard let value = value(name), let reader = FieldReader(value, path: path.field(name), context: context)
        else { return nil }
        let result = body(reader)
        reader.finish()
        return result
    }

    /// Returns what `body` makes of each mapping of a list; elements for which it returns nil are left out.
    package func objects<Result>(_ name: String, _ body: (FieldReader) -> Result?) -> [Result] {
        let elements = elements(name)
        guard !elements.isEmpty else { return [] }
        let place = path.field(name)
        var results: [Result] = []
        results.reserveCapacity(elements.count)
        for (index, element) in elements.enumerated() {
            guard let reader = FieldReader(element, path: place.index(index), context: context) else { continue }
            if let result = body(reader) { results.append(result) }
            reader.finish()
        }
        return results
    }
}
