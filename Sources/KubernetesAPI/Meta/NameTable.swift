/// A name that hashes quickly, for tables in memory.
@frozen
@usableFromInline
package struct NameKey: Hashable, Sendable {
    @usableFromInline package let text: String

    /// Creates the key of a name.
    @inlinable
    package init(_ text: String) { self.text = text }

    @inlinable
    package static func == (left: NameKey, right: NameKey) -> Bool { left.text == right.text }

    @inlinable
    package func hash(into hasher: inout Hasher) { hasher.combine(text) }

    // A dictionary by `String` hashes with a secret seed of its process, which costs several times as much.
    @inlinable
    package func _rawHashValue(seed: Int) -> Int {
        var hash = TextHash(0)
        hash.add(text)
        return Int(truncatingIfNeeded: hash.value) ^ seed
    }
}

/// A table by name that is looked up far more often than it grows; never iterated, as its order means nothing.
@usableFromInline
package struct NameTable<Value: Sendable>: Sendable {
    @usableFromInline var entries: [NameKey: Value] = [:]

    /// Creates an empty table.
    @inlinable
    package init() {}

    /// The number of names.
    @inlinable
    package var count: Int { entries.count }

    /// The value of `name`, or nil; setting nil removes the name.
    @inlinable
    package subscript(name: String) -> Value? {
        get { entries[NameKey(name)] }
        _modify { yield &entries[NameKey(name)] }
    }

    /// Removes `name` and returns its value.
    @inlinable
    @discardableResult
    package mutating func removeValue(forKey name: String) -> Value? { entries.removeValue(forKey: NameKey(name)) }
}
