import VirtualTime

/// The autoscalers of machines do nothing: no machine is added for pods that wait, and none is taken away.
///
/// What they know is kept, as by a process that hangs: machines on their way come, and unneeded ones go on being unneeded.
package enum AutoscalerOutage: FaultKind {
    package static let name = "AutoscalerOutage"
    package static let scope = FaultScope.controlPlane
    package static let defaultDuration = FaultDuration.lasting(.lognormal(median: 600, p95: 3_600))

    package static func effect(_ settings: FaultSettings) -> FaultEffect {
        .autoscalerOutage
    }
}
