import VirtualTime

/// Machines and the control plane do not reach each other; pods go on running, serving and costing.
///
/// The default duration is an assumption.
package enum NetworkPartition: FaultKind {
    package static let name = "NetworkPartition"
    package static let scope = FaultScope.nodes
    package static let defaultDuration = FaultDuration.lasting(.lognormal(median: 300, p95: 3_600))

    package static func effect(_ settings: FaultSettings) -> FaultEffect {
        .partition
    }
}
