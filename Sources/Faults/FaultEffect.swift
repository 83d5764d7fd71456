package import Chronology

/// What a fault does to the simulated world, which carries it out; a nil `healAfter` is for ever.
package enum FaultEffect: Hashable, Sendable {
    /// Machines lose power, and come back with their disks after the repair.
    case crashNodes([String], healAfter: Duration?)
    /// Machines go down and come back by themselves.
    case rebootNodes([String], downtime: Duration)
    /// Zones lose power: their machines stop, and no machine can be launched there.
    case outageOfZones([String], nodes: [String], healAfter: Duration?)
    /// Registries do not answer; none named means all.
    case outageOfRegistries([String], healAfter: Duration?)
}
