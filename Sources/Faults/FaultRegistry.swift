/// All kinds of fault, in the order in which they are listed.
package enum FaultRegistry {
    package static let kinds: [any FaultKind.Type] = [
        NodeCrash.self,
        NodeReboot.self,
        KubeletHang.self,
        DiskFull.self,
        NodeSlow.self,
        ZoneOutage.self,
        RackOutage.self,
        RegionOutage.self,
        NetworkPartition.self,
        SpotReclaim.self,
        StockOut.self,
        LaunchFailure.self,
        LaunchSlow.self,
        MaintenanceWave.self,
        RegistryOutage.self,
        RegistrySlow.self,
        RegistryRateLimit.self,
        ImageMissing.self,
        ImageCorrupt.self,
        BadRollout.self,
        ContainerCrash.self,
        ContainerOOM.self,
        ControllerCrash.self,
        ControllerSlow.self,
        WatchLoss.self,
        APIServerOutage.self,
        APIServerSlow.self,
        SchedulerCrash.self,
        MetricsOutage.self,
        AutoscalerOutage.self,
    ]

    /// Returns the kind called `name` in a scenario, or nil.
    package static func kind(named name: String) -> (any FaultKind.Type)? { kinds.first { $0.name == name } }
}
