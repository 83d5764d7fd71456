package import RunDatabase
package import Scenarios
import Simulation
import VirtualTime

/// The whole simulations of a forecast: each with its own path of demand and its own seed.
///
/// To tell where the variance comes from, runs make pairs. The first of a pair has sisters that differ from it in one
/// factor only, which they have from the second (the design of A. Saltelli et al., "Variance based sensitivity analysis of
/// model output", 2010): half as many runs for each factor as the forecast has.
package struct ForecastDesign: Sendable {
    /// What is run.
    package struct Settings: Sendable {
        /// Scenario, settings and all else that is asked of each run.
        package var request: RunRequest
        /// The place of the service that the demand drives.
        package var service: Int
        /// The unit of the history's values, as `traffic: {unit: …}` has it.
        package var unit: String
        package var seed: UInt64
        /// Runs at most, without the sisters.
        package var replicationsMax: Int
        /// The factors that have sisters; empty when nothing is to be told of the variance.
        package var factors: [ForecastFactor]

        /// Creates settings.
        package init(
            request: RunRequest, service: Int, unit: String, seed: UInt64, replicationsMax: Int,
            factors: [ForecastFactor]
        ) {
            (self.request, self.service, self.unit, self.seed) = (request, service, unit, seed)
            self.replicationsMax = replicationsMax
            self.factors = factors
        }
    }

    package let settings: Settings

    /// Creates the design of some settings.
    package init(_ settings: Settings) { self.settings = settings }

    /// Returns the name under which the runs read a path of demand, and the database keeps it; from 1.
    package static func input(ofPath number: Int) -> String { "path/\(number)" }

    /// Returns the path that a request of this design reads; nil for any other request.
    package static func path(readBy request: RunRequest) -> Int? {
        for setting in request.settings {
            guard let place = setting.firstRange(of: ".traffic={csv: path/") else { continue }
            return Int(setting[place.upperBound...].prefix { $0.isNumber })
        }
        return nil
    }

    package var variantRows: [VariantRow] {
        [VariantRow(name: "forecast", changes: [], isBaseline: true)]
            + settings.factors.map { VariantRow(name: "other \($0.rawValue)", changes: [], isBaseline: false) }
    }

    /// How many rows the first `count` runs and their sisters are.
    package func rowCount(_ count: Int) -> Int { count + count / 2 * settings.factors.count }

    /// Returns the runs of the numbers 1 to `count`: both of a pair, then the sisters of the first, before the next pair.
    ///
    /// More runs leave those that were planned as they are.
    package func rows(_ count: Int) -> [ReplicationRow] {
        var rows: [ReplicationRow] = []
        let block = 2 + settings.factors.count
        for first in stride(from: 1, through: max(1, count), by: 2) {
            let before = first / 2 * block
            rows.append(row(before + 1, variant: 1, number: first) { _ in first })
            guard first < count else { break }
            let second = first + 1
            rows.append(row(before + 2, variant: 1, number: second) { _ in second })
            for (place, factor) in settings.factors.enumerated() {
                rows.append(
                    row(before + 3 + place, variant: 2 + place, number: first) { $0 == factor ? second : first })
            }
        }
        return rows
    }

    /// Returns the run whose factors are those of the runs that `source` tells.
    private func row(
        _ id: Int, variant: Int, number: Int, _ source: (ForecastFactor) -> Int
    ) -> ReplicationRow {
        func seed(_ factor: ForecastFactor) -> UInt64 {
            Seed(settings.seed).replication(UInt64(source(factor))).value
        }
        var request = settings.request
        let chance = seed(.chance)
        request.seed = String(chance)
        request.settings.append(
            "services[\(settings.service)].traffic={csv: \(Self.input(ofPath: source(.demand))), "
                + "unit: \(settings.unit)}")
        // Without sisters the scenario's own way of breaking ties stays.
        if !settings.factors.isEmpty { request.settings.append("scheduler.tieBreak=seeded") }
        for factor in [ForecastFactor.failures, .spot] where seed(factor) != chance {
            request.settings.append("seeds.\(factor.rawValue)=\(seed(factor))")
        }
        return ReplicationRow(id: id, variant: variant, number: number, seed: chance, request: request.text)
    }
}
