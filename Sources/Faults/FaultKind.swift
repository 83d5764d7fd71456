package import Chronology

/// One way in which something breaks. A new kind is a file in `Kinds/` and a line in `FaultRegistry`.
package protocol FaultKind: Sendable {
    /// The name in a scenario's `kind`.
    static var name: String { get }
    /// What it breaks.
    static var scope: FaultScope { get }
    /// How long it lasts when a scenario does not say, or nil for ever.
    static var defaultDuration: FaultDuration { get }
    /// By how much it slows what it strikes when a scenario does not say; nil when it slows nothing.
    static var defaultDelay: Duration? { get }

    /// Returns what happens to what was chosen; `nodes` are the machines affected, by name and in name order.
    static func effect(on chosen: [String], nodes: [String], healAfter: Duration?) -> FaultEffect
}

extension FaultKind {
    package static var defaultDelay: Duration? { nil }
}

/// What a kind of fault chooses among.
package enum FaultScope: Hashable, Sendable {
    /// Machines, by name.
    case nodes
    /// The zones of machines.
    case zones
    /// Registries, by host; a selector without names means all.
    case registries
    /// Controllers, by name; a selector without names means all.
    case controllers
    /// The control plane as a whole: there is nothing to choose.
    case controlPlane
}
