import KubernetesAPI

/// The namespace and name of an object within its table, with their hash, which is wanted several times.
struct TableKey: Hashable, Sendable {
    /// Empty for cluster-scoped kinds.
    let namespace: String
    let name: String
    private let hash: UInt64

    init(namespace: String, name: String) {
        self.namespace = namespace
        self.name = name
        // Quicker than hashing the strings anew whenever a dictionary moves its entries.
        var hash = TextHash(0)
        hash.add(namespace)
        hash.add(name)
        self.hash = hash.value
    }

    init(_ key: ObjectKey) { self.init(namespace: key.namespace, name: key.name) }

    static func == (left: TableKey, right: TableKey) -> Bool {
        left.hash == right.hash && left.name == right.name && left.namespace == right.namespace
    }

    func hash(into hasher: inout Hasher) { hasher.combine(hash) }

    // The hash is one already.
    func _rawHashValue(seed: Int) -> Int { Int(truncatingIfNeeded: hash) ^ seed }
}
