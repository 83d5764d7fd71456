/// A place in a text: line and column, both counted from 1; the column counts characters.
package struct Position: Hashable, Sendable, Comparable {
    // Narrow, since every value of a large export carries one.
    private var storedLine: Int32
    private var storedColumn: Int32

    package init(line: Int, column: Int) {
        storedLine = Int32(clamping: line)
        storedColumn = Int32(clamping: column)
    }

    package var line: Int { Int(storedLine) }
    package var column: Int { Int(storedColumn) }

    package static func < (left: Position, right: Position) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// A parsed value of a manifest, with the place where it stands in its source.
///
/// The parsers of row 5 make it from YAML and JSON alike; the decoders read nothing else.
package struct ManifestTree: Sendable {
    /// What a plain scalar was found to be; numbers keep their text, since quantities are exact.
    package enum Scalar: Hashable, Sendable {
        case string(String)
        /// Decimal digits with an optional sign.
        case integer(String)
        /// A number with a fraction or an exponent.
        case float(String)
        case bool(Bool)
    }

    /// One key of a mapping with its value.
    package struct Entry: Sendable {
        package var key: String
        package var keyPosition: Position
        package var value: ManifestTree

        package init(key: String, keyPosition: Position, value: ManifestTree) {
            self.key = key
            self.keyPosition = keyPosition
            self.value = value
        }
    }

    package enum Value: Sendable {
        /// Entries in source order; no key occurs twice.
        case mapping([Entry])
        case sequence([ManifestTree])
        case scalar(Scalar)
        case null
    }

    package var value: Value
    package var position: Position

    package init(_ value: Value, at position: Position = Position(line: 0, column: 0)) {
        self.value = value
        self.position = position
    }
}

// MARK: - Making

extension ManifestTree {
    /// Returns a string without a place.
    package static func text(_ text: String) -> ManifestTree { ManifestTree(.scalar(.string(text))) }

    /// Returns a whole number without a place.
    package static func number(_ number: Int64) -> ManifestTree { ManifestTree(.scalar(.integer(String(number)))) }

    /// Returns a truth value without a place.
    package static func bool(_ truth: Bool) -> ManifestTree { ManifestTree(.scalar(.bool(truth))) }

    /// Returns a sequence without a place.
    package static func sequence(_ elements: [ManifestTree]) -> ManifestTree { ManifestTree(.sequence(elements)) }

    /// Returns a mapping without places; entries whose value is nil are left out.
    package static func mapping(_ entries: [(String, ManifestTree?)]) -> ManifestTree {
        let nowhere = Position(line: 0, column: 0)
        return ManifestTree(
            .mapping(
                entries.compactMap { key, value in value.map { Entry(key: key, keyPosition: nowhere, value: $0) } }))
    }
}

// MARK: - Reading

extension ManifestTree {
    /// The entries when this is a mapping, or nil.
    package var entries: [Entry]? {
        if case .mapping(let entries) = value { entries } else { nil }
    }

    /// The elements when this is a sequence, or nil.
    package var elements: [ManifestTree]? {
        if case .sequence(let elements) = value { elements } else { nil }
    }

    /// The text when this is a string, or nil.
    package var string: String? {
        if case .scalar(.string(let text)) = value { text } else { nil }
    }

    package var isNull: Bool {
        if case .null = value { true } else { false }
    }

    /// The value of `key` when this is a mapping that has it.
    package subscript(key: String) -> ManifestTree? {
        guard case .mapping(let entries) = value else { return nil }
        for entry in entries where entry.key == key { return entry.value }
        return nil
    }

    /// What the value is, for messages: `a mapping`, `the text "x"`, `the number 5`.
    package var summary: String {
        switch value {
        case .mapping: "a mapping"
        case .sequence: "a list"
        case .null: "nothing (null)"
        case .scalar(.string(let text)): text.isEmpty ? "an empty text" : "the text \"\(Self.shortened(text))\""
        case .scalar(.integer(let text)), .scalar(.float(let text)): "the number \(Self.shortened(text))"
        case .scalar(.bool(let truth)): truth ? "true" : "false"
        }
    }

    /// Returns `text` cut to a length that fits on a line, without line breaks.
    package static func shortened(_ text: String, to limit: Int = 60) -> String {
        var short = ""
        var count = 0
        for scalar in text.unicodeScalars {
            if count == limit { return short + "…" }
            short.unicodeScalars.append(scalar.value < 0x20 || scalar.value == 0x7F ? " " : scalar)
            count += 1
        }
        return short
    }
}

// MARK: - Equality

extension ManifestTree: Equatable {
    /// Compares values and the order of keys; places play no part.
    package static func == (left: ManifestTree, right: ManifestTree) -> Bool {
        switch (left.value, right.value) {
        case (.mapping(let a), .mapping(let b)):
            a.elementsEqual(b) { $0.key == $1.key && $0.value == $1.value }
        case (.sequence(let a), .sequence(let b)): a == b
        case (.scalar(let a), .scalar(let b)): a == b
        case (.null, .null): true
        case (.mapping, _), (.sequence, _), (.scalar, _), (.null, _): false
        }
    }
}
