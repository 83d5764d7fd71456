/// Every invariant, in the order in which they are checked.
enum InvariantRegistry {
    static let inOrder: [any Invariant.Type] = [
        NodeCapacityInvariant.self,
        BoundPodInvariant.self,
        LedgerInvariant.self,
        StoreIndexInvariant.self,
        GangInvariant.self,
    ]
}
