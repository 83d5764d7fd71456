/// Every invariant, in the order in which they are checked.
enum InvariantRegistry {
    static let inOrder: [any Invariant.Type] = [
        NodeCapacityInvariant.self,
        BoundPodInvariant.self,
        LedgerInvariant.self,
        StoreIndexInvariant.self,
        PodPhaseInvariant.self,
        RestartCountInvariant.self,
        ContainerStatusInvariant.self,
        ImageStoreInvariant.self,
        ImageInUseInvariant.self,
        ImageBandwidthInvariant.self,
        GangInvariant.self,
        PressureInvariant.self,
    ]
}
