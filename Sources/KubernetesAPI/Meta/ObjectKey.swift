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
