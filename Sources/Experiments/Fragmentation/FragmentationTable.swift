import Foundation

/// The three tables in which the authors of FGD published their runs.
package enum FragmentationTable: String, Hashable, Sendable, CaseIterable {
    case allocation = "analysis_allo_discrete.csv"
    case fragment = "analysis_frag_discrete.csv"
    case fragmentRatio = "analysis_frag_ratio_discrete.csv"

    /// The name of the file.
    package var fileName: String { rawValue }

    /// The ratio of work to capacity, as published.
    private static let tune = "1.3"

    /// Returns the cells of this table in a run.
    package func cells(of series: FragmentationSeries) -> [Double] {
        switch self {
        case .allocation: series.allocation
        case .fragment: series.fragment
        case .fragmentRatio: series.fragmentRatio
        }
    }

    // MARK: - Writing

    /// Returns the table with the first draw of every run, in the published columns and in its order of rows.
    package func text(_ results: [FragmentationExperiment.Result], gpus: Int64) -> String {
        let percents = (0...FragmentationSeries.percentMax).map(String.init)
        let count = self == .allocation ? ["total_gpus"] : []
        var lines = [(["workload", "sc_policy", "tune", "seed"] + count + percents).joined(separator: ",")]
        let rows = results.filter { $0.key.draw == 0 }.sorted { left, right in
            if left.key.trace != right.key.trace { return left.key.trace < right.key.trace }
            let names = (left.key.policy.publishedName, right.key.policy.publishedName)
            return names.0 != names.1 ? names.0 < names.1 : left.key.seed < right.key.seed
        }
        for row in rows {
            let key = row.key
            var cells = [OpenbFolder.prefix + key.trace, key.policy.publishedName, Self.tune, String(key.seed)]
            if self == .allocation { cells.append(String(gpus)) }
            cells += self.cells(of: row.series).map { $0.isNaN ? "" : $0.description }
            lines.append(cells.joined(separator: ","))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    // MARK: - Reading

    /// A published run.
    package struct Row: Sendable {
        package var trace: String
        package var policy: String
        package var seed: Int
        /// By percent of arrived work; NaN where there is none.
        package var cells: [Double]
    }

    /// Reads the published table of this kind in `folder`.
    package func published(in folder: String) throws(ExperimentError) -> [Row] {
        let last = String(FragmentationSeries.percentMax)
        let required = ["workload", "sc_policy", "tune", "seed", "0", last]
        let table = try CSVTable(path: "\(folder)/\(fileName)", required: required)
        let (workloads, policies, tunes) = (table.texts("workload"), table.texts("sc_policy"), table.texts("tune"))
        let seeds = try table.numbers("seed")
        guard let first = table.column("0"), table.column(last) == first + FragmentationSeries.percentMax else {
            throw ExperimentError("\(table.path): the columns 0 to \(last) do not stand side by side")
        }
        return table.rows.indices.filter { tunes[$0] == Self.tune }.map { index in
            let workload = workloads[index]
            let prefix = OpenbFolder.prefix
            return Row(
                trace: workload.hasPrefix(prefix) ? String(workload.dropFirst(prefix.count)) : workload,
                policy: policies[index], seed: Int(seeds[index]),
                cells: table.rows[index][first...].prefix(FragmentationSeries.percentMax + 1).map {
                    Double($0) ?? Double.nan
                })
        }
    }
}
