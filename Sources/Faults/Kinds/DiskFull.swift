import VirtualTime

/// A machine's disk fills with what belongs to no pod, such as logs and core dumps.
///
/// The default duration is an assumption: until somebody cleans up.
package enum DiskFull: FaultKind {
    package static let name = "DiskFull"
    package static let scope = FaultScope.nodes
    package static let defaultDuration = FaultDuration.lasting(.lognormal(median: 1_800, p95: 14_400))

    package static func effect(_ settings: FaultSettings) -> FaultEffect {
        .fullDisk
    }
}
