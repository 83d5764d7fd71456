/// The comparison of runs with the published ones: cell by cell where the policy is deterministic, and by the mean of
/// the final allocation where it is not.
package struct FragmentationCheck: Sendable {
    /// How far one policy's runs are from the published ones, in one table.
    package struct Line: Sendable {
        package var policy: FragmentationPolicy
        package var table: FragmentationTable
        package var runs = 0
        package var cells = 0
        package var equalCells = 0
        /// In percentage points.
        package var worst = 0.0
        /// Trace, seed and column of the worst cell.
        package var place = ""
    }

    /// How far the random policy's mean is from the published one, on one trace.
    package struct MeanLine: Sendable {
        package var trace: String
        package var runs: Int
        /// Percent of all devices in use when 130 % have arrived.
        package var mean: Double
        package var published: Double
        /// Too few runs say nothing.
        package var isJudged: Bool

        package var difference: Double { abs(mean - published) }
    }

    /// What a cell may be off, since the authors' sums round ties otherwise.
    package static let cellLimit = 0.01
    /// What the mean of the random policy may be off.
    package static let meanLimit = 0.3
    private static let runsMin = 10
    private static let publishedMin = 5

    package private(set) var lines: [Line] = []
    package private(set) var means: [MeanLine] = []
    /// Runs of which nothing was published.
    package private(set) var unpublished: [FragmentationExperiment.Key] = []

    /// Compares `results` with the tables in `folder`.
    package init(_ results: [FragmentationExperiment.Result], published folder: String) throws(ExperimentError) {
        for table in FragmentationTable.allCases {
            let rows = try table.published(in: folder)
            for policy in FragmentationPolicy.allCases where policy.isDeterministic {
                var line = Line(policy: policy, table: table)
                for result in results where result.key.policy == policy {
                    guard let row = Self.row(of: result.key, in: rows) else {
                        if table == .allocation { unpublished.append(result.key) }
                        continue
                    }
                    line.runs += 1
                    line.compare(table.cells(of: result.series), row)
                }
                if line.runs > 0 { lines.append(line) }
            }
            if table == .allocation { compareMeans(results, rows) }
        }
    }

    /// Whether something was judged.
    package var isTelling: Bool { !lines.isEmpty || means.contains(where: \.isJudged) }

    /// Whether something was judged and nothing was off by more than is allowed.
    package var isPassed: Bool {
        isTelling
            && lines.allSatisfy { $0.worst <= Self.cellLimit + 1e-9 }
            && means.allSatisfy { !$0.isJudged || $0.difference <= Self.meanLimit }
    }

    /// The largest difference of a cell, in percentage points.
    package var worst: Double { lines.map(\.worst).max() ?? 0 }

    private static func row(
        of key: FragmentationExperiment.Key, in rows: [FragmentationTable.Row]
    ) -> FragmentationTable.Row? {
        rows.first { $0.trace == key.trace && $0.policy == key.policy.publishedName && $0.seed == key.seed }
    }

    private mutating func compareMeans(
        _ results: [FragmentationExperiment.Result], _ rows: [FragmentationTable.Row]
    ) {
        let random = results.filter { !$0.key.policy.isDeterministic }
        var traces: [String] = []
        for result in random where !traces.contains(result.key.trace) { traces.append(result.key.trace) }
        for trace in traces {
            let own = random.filter { $0.key.trace == trace }.compactMap(\.series.allocation.last)
            let name = FragmentationPolicy.random.publishedName
            let theirs = rows.filter { $0.trace == trace && $0.policy == name }.compactMap(\.cells.last)
            guard !theirs.isEmpty else {
                unpublished += random.map(\.key).filter { $0.trace == trace && $0.draw == 0 }
                continue
            }
            means.append(
                MeanLine(
                    trace: trace, runs: own.count, mean: own.reduce(0, +) / Double(own.count),
                    published: theirs.reduce(0, +) / Double(theirs.count),
                    isJudged: own.count >= Self.runsMin && theirs.count >= Self.publishedMin))
        }
    }
}

extension FragmentationCheck.Line {
    fileprivate mutating func compare(_ own: [Double], _ row: FragmentationTable.Row) {
        for (column, (left, right)) in zip(own, row.cells).enumerated() {
            cells += 1
            // Both empty is equal; one empty is as wrong as can be.
            let difference = left.isNaN && right.isNaN ? 0 : left.isNaN || right.isNaN ? 100 : abs(left - right)
            if difference < 1e-9 { equalCells += 1 }
            if difference > worst {
                worst = difference
                place = "\(row.trace), seed \(row.seed), column \(column)"
            }
        }
    }
}
