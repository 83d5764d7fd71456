import Costs
package import Faults
package import VirtualTime

/// Seeds of parts of a run's chance that can be drawn apart from the rest; nil where the run's own seed serves.
///
/// Two runs that differ in one of them share all other chance, so that their difference is the part's.
package struct FactorSeeds: Hashable, Sendable {
    /// When faults strike, whom, and for how long; without reclaimed machines.
    package var failures: Seed?
    /// When the cloud takes spot machines back, and which, and how spot prices move that are drawn.
    package var spot: Seed?

    /// Creates what leaves everything to the seed of the run.
    package init() {}

    /// The seeds that are given, by their names as parameters, in name order.
    package var listed: [(name: String, value: String)] {
        [("seeds.failures", failures), ("seeds.spot", spot)].compactMap { name, seed in
            seed.map { (name: name, value: $0.description) }
        }
    }
}

extension WorldSetup {
    /// Whether a fault is a cloud that takes machines back.
    package static func isReclaim(_ fault: FaultSpec) -> Bool {
        if case .reclaim = fault.kind.effect(fault.settings) { true } else { false }
    }

    /// The seed of what befalls spot machines by the will of the cloud.
    package var spotSeed: Seed { factorSeeds.spot ?? seed }

    /// Whether spot prices are drawn, so that another seed gives others.
    package var drawsSpotPrices: Bool { spotPrices?.isDrawn ?? false }

    /// The seed of what faults draw beside their schedules.
    var failureSeed: Seed { factorSeeds.failures ?? seed }

    /// Returns the seed of a fault's schedule.
    func seed(of fault: FaultSpec) -> Seed {
        Self.isReclaim(fault) ? spotSeed : failureSeed
    }
}
