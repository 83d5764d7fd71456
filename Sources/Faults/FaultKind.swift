package import Chronology

/// One way in which something breaks. A new kind is a file in `Kinds/` and a line in `FaultRegistry`.
package protocol FaultKind: Sendable {
    /// The name in a scenario's `kind`.
    static var name: String { get }
    /// What it breaks.
    static var scope: FaultScope { get }
    /// How long it lasts when a scenario does not say.
    static var defaultDuration: FaultDuration { get }
    /// The options that it reads.
    static var options: [FaultOption] { get }
    /// What its options are when a scenario does not say.
    static var defaults: FaultSettings { get }

    /// Returns what happens to what was chosen.
    static func effect(_ settings: FaultSettings) -> FaultEffect
}

extension FaultKind {
    package static var options: [FaultOption] { [] }
    package static var defaults: FaultSettings { FaultSettings() }

    /// By how much it slows what it strikes when a scenario does not say; nil when it slows nothing.
    package static var defaultDelay: Duration? { options.contains(.delay) ? defaults.delay : nil }
}

/// What a kind of fault chooses among.
package enum FaultScope: Hashable, Sendable {
    /// Machines, by name.
    case nodes
    /// The zones of machines.
    case zones
    /// The racks of machines.
    case racks
    /// The regions of machines.
    case regions
    /// Launches of machines; a selector without zones and pools means all.
    case launches
    /// Registries, by host; a selector without names means all.
    case registries
    /// Images, by reference or repository; one of them must be named.
    case images
    /// Pods that run, by what they belong to.
    case pods
    /// Deployments, by namespace, name and labels.
    case deployments
    /// Controllers, by name; a selector without names means all.
    case controllers
    /// The control plane as a whole: there is nothing to choose.
    case controlPlane

    /// The failure domain that is struck as a whole; nil when single things are.
    package var domain: FailureDomain? {
        switch self {
        case .zones: .zone
        case .racks: .rack
        case .regions: .region
        case .nodes, .launches, .registries, .images, .pods, .deployments, .controllers, .controlPlane: nil
        }
    }
}
