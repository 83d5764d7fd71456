import VirtualTime

/// The metrics APIs answer with errors: autoscalers find no metric, and leave replicas as they are.
package enum MetricsOutage: FaultKind {
    package static let name = "MetricsOutage"
    package static let scope = FaultScope.controlPlane
    package static let defaultDuration = FaultDuration.lasting(.lognormal(median: 600, p95: 3_600))

    package static func effect(_ settings: FaultSettings) -> FaultEffect {
        .metricsOutage
    }
}
