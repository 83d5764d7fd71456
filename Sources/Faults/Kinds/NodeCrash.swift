import VirtualTime

/// A machine loses power, for ever or until it is repaired.
package enum NodeCrash: FaultKind {
    package static let name = "NodeCrash"
    package static let scope = FaultScope.nodes
    package static let defaultDuration = FaultDuration.permanent

    package static func effect(_ settings: FaultSettings) -> FaultEffect {
        .powerLoss
    }
}
