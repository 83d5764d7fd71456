/// Every invariant, in the order in which they are checked.
enum InvariantRegistry {
    /// Looked at over the whole world, in a small one after every event.
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
        WaitingPodInvariant.self,
        OwnerInvariant.self,
    ]

    /// Looked at for each change, after the event that made it.
    static let ofChanges: [any ChangeInvariant.Type] = [
        VersionInvariant.self,
        NodeCapacityInvariant.self,
        OrdinalInvariant.self,
        DisruptionInvariant.self,
        SurgeInvariant.self,
        JobCountInvariant.self,
    ]
}
