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
        // FNV-1a: quicker than hashing the strings anew whenever a dictionary moves its entries.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in namespace.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        hash = (hash ^ 0xff) &* 0x100_0000_01b3
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        self.hash = hash
    }

    init(_ key: ObjectKey) { self.init(namespace: key.namespace, name: key.name) }

    static func == (left: TableKey, right: TableKey) -> Bool {
        left.hash == right.hash && left.name == right.name && left.namespace == right.namespace
    }

    func hash(into hasher: inout Hasher) { hasher.combine(hash) }

    // The hash is one already.
    func _rawHashValue(seed: Int) -> Int { Int(truncatingIfNeeded: hash ^ hash >> 32) ^ seed }
}
