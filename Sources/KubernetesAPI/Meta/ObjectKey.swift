/// The kind, namespace and name that address one object.
package struct ObjectKey: Hashable, Sendable {
    package var kind: ObjectKind
    /// Empty for cluster-scoped kinds.
    package var namespace: String
    package var name: String

    package init(_ kind: ObjectKind, namespace: String = "", name: String) {
        self.kind = kind
        self.namespace = kind.isNamespaced ? namespace : ""
        self.name = name
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(words) }

    // Work queues ask for it several times a key; the general hash of three fields takes four times as long.
    package func _rawHashValue(seed: Int) -> Int { Int(truncatingIfNeeded: words ^ words >> 32) ^ seed }

    // FNV-1a.
    private var words: UInt64 {
        var hash: UInt64 = (0xcbf2_9ce4_8422_2325 ^ UInt64(kind.rawValue)) &* 0x100_0000_01b3
        for byte in namespace.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        hash = (hash ^ 0xff) &* 0x100_0000_01b3
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return hash
    }
}

extension ObjectKey: Comparable {
    package static func < (left: ObjectKey, right: ObjectKey) -> Bool {
        if left.kind != right.kind { return left.kind.rawValue < right.kind.rawValue }
        if left.namespace != right.namespace { return left.namespace < right.namespace }
        return left.name < right.name
    }
}

extension ObjectKey: CustomStringConvertible {
    /// `Kind namespace/name`, or `Kind name` for cluster-scoped kinds.
    package var description: String {
        namespace.isEmpty ? "\(kind.name) \(name)" : "\(kind.name) \(namespace)/\(name)"
    }
}
