/// All kinds of fault, in the order in which they are listed.
package enum FaultRegistry {
    package static let kinds: [any FaultKind.Type] = [
        NodeCrash.self,
        NodeReboot.self,
        ZoneOutage.self,
        RegistryOutage.self,
        ControllerCrash.self,
        ControllerSlow.self,
        WatchLoss.self,
        APIServerOutage.self,
        APIServerSlow.self,
        SchedulerCrash.self,
    ]

    /// Returns the kind called `name` in a scenario, or nil.
    package static func kind(named name: String) -> (any FaultKind.Type)? { kinds.first { $0.name == name } }
}
