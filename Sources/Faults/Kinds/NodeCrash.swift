package import Chronology
import VirtualTime

/// A machine loses power, for ever or until it is repaired.
package enum NodeCrash: FaultKind {
    package static let name = "NodeCrash"
    package static let scope = FaultScope.nodes
    package static let defaultDuration = FaultDuration.permanent

    package static func effect(on chosen: [String], nodes: [String], healAfter: Duration?) -> FaultEffect {
        .crashNodes(nodes, healAfter: healAfter)
    }
}
