import VirtualTime

/// The containers of running pods end with an error; what becomes of them is their kubelet's business.
///
/// It is over at once.
package enum ContainerCrash: FaultKind {
    package static let name = "ContainerCrash"
    package static let scope = FaultScope.pods
    package static let defaultDuration = FaultDuration.lasting(.constant(0))

    package static func effect(_ settings: FaultSettings) -> FaultEffect {
        .containerKill(exitCode: 1, reason: "Error")
    }
}
