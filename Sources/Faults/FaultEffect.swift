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
    /// Controllers lose what they had in memory, and start again after the repair; none named means all.
    case crashControllers([String], healAfter: Duration?)
    /// Each call of these controllers takes longer by the delay; none named means all.
    case slowControllers([String], delay: Duration, healAfter: Duration?)
    /// The controllers hear of no change.
    case lossOfWatch(healAfter: Duration?)
    /// The API server answers no request.
    case outageOfAPIServer(healAfter: Duration?)
    /// Each request, and each change on its way to a watcher, takes longer by the delay.
    case slowAPIServer(delay: Duration, healAfter: Duration?)
    /// The scheduler loses what it had in memory, and starts again after the repair.
    case crashScheduler(healAfter: Duration?)
}

extension FaultEffect {
    /// Returns the same effect with another delay, if it has one.
    func delayed(by delay: Duration?) -> FaultEffect {
        guard let delay else { return self }
        return switch self {
        case .slowControllers(let names, _, let wait): .slowControllers(names, delay: delay, healAfter: wait)
        case .slowAPIServer(_, let wait): .slowAPIServer(delay: delay, healAfter: wait)
        case .crashNodes, .rebootNodes, .outageOfZones, .outageOfRegistries, .crashControllers, .lossOfWatch,
            .outageOfAPIServer, .crashScheduler:
            self
        }
    }
}
