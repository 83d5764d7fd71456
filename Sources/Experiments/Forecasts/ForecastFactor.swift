package import Simulation

/// A part of what differs between the runs of a forecast.
package enum ForecastFactor: String, Sendable, CaseIterable {
    /// The path of demand.
    case demand
    /// When faults strike, whom, and for how long; without reclaimed machines.
    case failures
    /// When the cloud takes spot machines back, and which, and how spot prices move that are drawn.
    case spot
    /// Everything else: delays, boot and run times, arrivals, and ties among equal nodes.
    case chance

    /// What it is called in a sentence.
    package var title: String {
        switch self {
        case .demand: "demand"
        case .failures: "failures"
        case .spot: "reclaimed spot machines and drawn spot prices"
        case .chance: "chance in placement and delays"
        }
    }

    /// Returns the factors that runs of a setup can differ in; the others make no variance, and need no runs to show it.
    package static func present(in setup: WorldSetup) -> [ForecastFactor] {
        allCases.filter { factor in
            switch factor {
            case .demand, .chance: true
            case .failures: setup.faults.contains { !WorldSetup.isReclaim($0) }
            case .spot:
                setup.faults.contains { WorldSetup.isReclaim($0) } || setup.drawsSpotPrices
            }
        }
    }
}
