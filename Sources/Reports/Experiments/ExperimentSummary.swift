import Chronology
package import RunDatabase
import Statistics

/// What an experiment's database says, for people and for programs.
package struct ExperimentSummary: Sendable {
    package let experiment: ExperimentRow
    package let variants: [VariantRow]
    /// By metric, then by variant; empty before a comparison is done.
    package let comparisons: [ComparisonRow]
    let parameters: [RunText]
    let replications: [ReplicationRow]
    /// In the order of writing; empty unless it is a forecast.
    let forecast: [ForecastRow]
    /// The clock of the forecast: its start stands among the parameters.
    let clock: WallClock

    /// Reads an experiment.
    package init(of reader: ExperimentReader) throws(RunDatabaseError) {
        experiment = reader.experiment
        variants = try reader.variants()
        comparisons = try reader.comparisons()
        parameters = try reader.parameters()
        replications = try reader.replications()
        forecast = try reader.forecast()
        let start = parameters.first { $0.name == "forecast.start" }.flatMap { try? StartDate(parsing: $0.text) }
        clock = WallClock(startDate: start ?? StartDate(unixSeconds: 0))
    }

    /// Replications without figures: refused or crashed.
    package var lost: [ReplicationRow] { replications.filter { $0.outcome != nil && $0.outcome?.digest == nil } }

    /// Replications that have no outcome yet.
    package var open: Int { replications.count { $0.outcome == nil } }

    /// The metrics compared, in order.
    var metrics: [String] {
        var metrics: [String] = []
        for row in comparisons where metrics.last != row.metric { metrics.append(row.metric) }
        return metrics
    }

    func name(of row: ComparisonRow) -> String {
        variants.indices.contains(row.variant - 1) ? variants[row.variant - 1].name : "\(row.variant)"
    }

    func parameter(_ name: String) -> String? { parameters.first { $0.name == name }?.text }

    /// Returns what was found of a metric of a variant.
    package func comparison(of metric: String, variant: String) -> ComparisonRow? {
        comparisons.first { $0.metric == metric && name(of: $0) == variant }
    }
}

// MARK: - Pareto

extension ExperimentSummary {
    /// The means of a variant in what is weighed, and the variants that are nowhere worse and somewhere better.
    struct ParetoEntry: Sendable {
        var variant: String
        /// In the order of the roles.
        var rows: [ComparisonRow]
        var dominators: [String]
    }

    /// What is weighed against each other, in this order.
    static let roles = ["cost", "disruption", "latency"]

    /// An entry for each variant that has all means; less is better in each.
    var pareto: [ParetoEntry] {
        let entries = variants.indices.compactMap { variant -> [ComparisonRow]? in
            let rows = Self.roles.compactMap { role in
                comparisons.first { $0.role == role && $0.variant == variant + 1 && $0.mean != nil }
            }
            return rows.count >= 2 ? rows : nil
        }
        // Points are only comparable in the same dimensions.
        guard let first = entries.first, entries.allSatisfy({ $0.count == first.count }) else { return [] }
        let found = dominators(of: entries.map { $0.compactMap(\.mean) })
        return zip(entries, found).map { rows, places in
            ParetoEntry(variant: name(of: rows[0]), rows: rows, dominators: places.map { name(of: entries[$0][0]) })
        }
    }
}
