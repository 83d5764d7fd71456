import VirtualTime

/// The kernel kills the containers of running pods for want of memory.
///
/// It is over at once.
package enum ContainerOOM: FaultKind {
    package static let name = "ContainerOOM"
    package static let scope = FaultScope.pods
    package static let defaultDuration = FaultDuration.lasting(.constant(0))

    package static func effect(_ settings: FaultSettings) -> FaultEffect {
        .containerKill(exitCode: 137, reason: "OOMKilled")
    }
}
