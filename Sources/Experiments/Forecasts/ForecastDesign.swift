package import Chronology
package import RunDatabase
package import Scenarios
import Simulation
import VirtualTime

/// The whole simulations of a forecast: each with its own path of demand and its own seed.
///
/// To tell where the variance comes from, each has sisters that differ from it in one thing only: the path of demand, the
/// seed (failures, reclaimed spot machines, delays), or the stream of tie-breaks among equal nodes.
package struct ForecastDesign: Sendable {
    /// What a run differs in from the one of the same number that the forecast is made of.
    package enum Variant: String, Sendable, CaseIterable {
        case forecast
        case otherDemand = "other demand"
        case otherChance = "other chance"
        case otherPlacement = "other placement"
    }

    /// What is run.
    package struct Settings: Sendable {
        /// Scenario, settings and all else that is asked of each run.
        package var request: RunRequest
        /// The place of the service that the demand drives.
        package var service: Int
        /// The unit of the history's values, as `traffic: {unit: …}` has it.
        package var unit: String
        package var seed: UInt64
        /// Runs at most, of each variant.
        package var replicationsMax: Int
        package var isDecomposed: Bool
        /// The folder in which the curves lie, for the scenarios to read.
        package var folder: String

        /// Creates settings.
        package init(
            request: RunRequest, service: Int, unit: String, seed: UInt64, replicationsMax: Int, isDecomposed: Bool,
            folder: String
        ) {
            (self.request, self.service, self.unit, self.seed) = (request, service, unit, seed)
            self.replicationsMax = replicationsMax
            self.isDecomposed = isDecomposed
            self.folder = folder
        }
    }

    package let settings: Settings
    package let variants: [Variant]

    /// Creates the design of some settings.
    package init(_ settings: Settings) {
        self.settings = settings
        variants = settings.isDecomposed ? Variant.allCases : [.forecast]
    }

    /// The number of paths of demand that are needed: those of the sisters come behind the others.
    package var paths: Int { settings.replicationsMax * (settings.isDecomposed ? 2 : 1) }

    /// Returns the name of the file of a path, from 1.
    package func file(ofPath number: Int) -> String {
        let digits = String(100_000 + number).dropFirst()
        return "\(settings.folder)/\(digits).csv"
    }

    package var variantRows: [VariantRow] {
        variants.map { VariantRow(name: $0.rawValue, changes: [], isBaseline: $0 == .forecast) }
    }

    /// Returns the runs of the numbers 1 to `count`: all variants of a number before the next.
    package func rows(_ count: Int) -> [ReplicationRow] {
        (1...max(1, count)).flatMap { number in
            variants.enumerated().map { place, variant in
                let other = number + settings.replicationsMax
                let (path, chance, tie): (Int, Int, Int) =
                    switch variant {
                    case .forecast: (number, number, 1)
                    case .otherDemand: (other, number, 1)
                    case .otherChance: (number, other, 1)
                    case .otherPlacement: (number, number, 2)
                    }
                let seed = Seed(settings.seed).replication(UInt64(chance)).value
                return ReplicationRow(
                    id: (number - 1) * variants.count + place + 1, variant: place + 1, number: number, seed: seed,
                    tie: settings.isDecomposed ? tie : 0,
                    request: request(path: path, seed: seed, tie: tie).text)
            }
        }
    }

    private func request(path: Int, seed: UInt64, tie: Int) -> RunRequest {
        var request = settings.request
        request.seed = String(seed)
        request.settings.append(
            "services[\(settings.service)].traffic={csv: \"\(file(ofPath: path))\", unit: \(settings.unit)}")
        // Without sisters the scenario's own way of breaking ties stays.
        if settings.isDecomposed {
            request.settings += ["scheduler.tieBreak=seeded", "scheduler.tieBreakStream=\(tie)"]
        }
        return request
    }
}
