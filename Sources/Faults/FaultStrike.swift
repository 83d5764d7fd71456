package import Chronology

/// One strike of a fault: what happens, to whom, and for how long.
package struct FaultStrike: Hashable, Sendable {
    package var effect: FaultEffect
    /// Names of what was chosen: machines, zones, registries, images, pods, controllers; empty for all of them.
    package var chosen: [String]
    /// The machines affected, by name and in name order.
    package var nodes: [String]
    /// When it heals after the strike; nil for never.
    package var healAfter: Duration?

    /// Creates a strike.
    package init(_ effect: FaultEffect, on chosen: [String] = [], nodes: [String] = [], healAfter: Duration? = nil) {
        self.effect = effect
        self.chosen = chosen
        self.nodes = nodes
        self.healAfter = healAfter
    }
}
