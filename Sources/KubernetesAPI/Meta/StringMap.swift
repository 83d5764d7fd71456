/// A small map of strings kept in key order, as labels and annotations are.
///
/// Iteration order is the key order, so that it is the same in every process.
@usableFromInline
package struct StringMap: Hashable, Sendable {
    /// A key with its value.
    @usableFromInline
    package struct Pair: Hashable, Sendable {
        @usableFromInline package var key: String
        @usableFromInline package var value: String
    }

    @usableFromInline package internal(set) var pairs: [Pair] = []

    /// Creates an empty map.
    package init() {}

    /// Creates a map from `pairs`; the last of several equal keys wins.
    package init(_ pairs: [(String, String)]) {
        for (key, value) in pairs { self[key] = value }
    }

    @inlinable package var isEmpty: Bool { pairs.isEmpty }
    @inlinable package var count: Int { pairs.count }
    package var keys: [String] { pairs.map(\.key) }

    /// The value of `key`, or nil; setting nil removes the key.
    @inlinable
    package subscript(key: String) -> String? {
        get {
            // Labels are few: a scan beats a search.
            for place in pairs.indices where pairs[place].key == key { return pairs[place].value }
            return nil
        }
        set { put(newValue, under: key) }
    }

    @usableFromInline
    mutating func put(_ newValue: String?, under key: String) {
        let place = pairs.firstIndex { $0.key >= key } ?? pairs.endIndex
        let found = place < pairs.endIndex && pairs[place].key == key
        switch (found, newValue) {
        case (true, let value?): pairs[place].value = value
        case (true, nil): pairs.remove(at: place)
        case (false, let value?): pairs.insert(Pair(key: key, value: value), at: place)
        case (false, nil): break
        }
    }

    /// Returns this map with the pairs of `other` laid over it.
    package func merging(_ other: StringMap) -> StringMap {
        if isEmpty { return other }
        var merged = self
        for pair in other.pairs { merged[pair.key] = pair.value }
        return merged
    }
}

extension StringMap: ExpressibleByDictionaryLiteral {
    @usableFromInline package init(dictionaryLiteral elements: (String, String)...) { self.init(elements) }
}
