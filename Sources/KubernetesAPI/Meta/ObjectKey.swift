/// The kind, namespace and name that address one object.
@usableFromInline
package struct ObjectKey: Hashable, Sendable {
    @usableFromInline package var kind: ObjectKind
    /// Empty for cluster-scoped kinds.
    @usableFromInline package var namespace: String
    @usableFromInline package var name: String

    @inlinable
    package init(_ kind: ObjectKind, namespace: String = "", name: String) {
        self.kind = kind
        self.namespace = kind.isNamespaced ? namespace : ""
        self.name = name
    }

    @inlinable
    package func hash(into hasher: inout Hasher) { hasher.combine(words) }

    // Work queues ask for it several times a key; the general hash of three fields takes many times as long.
    @inlinable
    package func _rawHashValue(seed: Int) -> Int { Int(truncatingIfNeeded: words) ^ seed }

    @inlinable
    package static func == (left: ObjectKey, right: ObjectKey) -> Bool {
        left.kind.rawValue == right.kind.rawValue && left.name == right.name && left.namespace == right.namespace
    }

    @usableFromInline
    var words: UInt64 {
        var hash = TextHash(UInt64(kind.rawValue))
        hash.add(namespace)
        hash.add(name)
        return hash.value
    }
}

extension ObjectKey: Comparable {
    @usableFromInline package static func < (left: ObjectKey, right: ObjectKey) -> Bool {
        if left.kind != right.kind { return left.kind.rawValue < right.kind.rawValue }
        if left.namespace != right.namespace { return left.namespace < right.namespace }
        return left.name < right.name
    }
}

extension ObjectKey: CustomStringConvertible {
    /// `Kind namespace/name`, or `Kind name` for cluster-scoped kinds.
    @usableFromInline package var description: String {
        namespace.isEmpty ? "\(kind.name) \(name)" : "\(kind.name) \(namespace)/\(name)"
    }
}
