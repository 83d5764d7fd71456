import Experiments

/// What `orrery reproduce fgd` prints of its results.
enum FragmentationSummary {
    /// Returns a table of means over the seeds: devices in use and fragments when all that there is, and 130 % of it, was
    /// asked for.
    static func means(_ results: [FragmentationExperiment.Result]) -> String {
        var table = TextColumns([.left, .left, .right, .right, .right, .right])
        table.add(["trace", "policy", "runs", "GPUs in use at 100 %", "at 130 %", "fragments at 130 %"])
        var groups: [(trace: String, policy: FragmentationPolicy, series: [FragmentationSeries])] = []
        for result in results {
            let (trace, policy) = (result.key.trace, result.key.policy)
            if let place = groups.firstIndex(where: { $0.trace == trace && $0.policy == policy }) {
                groups[place].series.append(result.series)
            } else {
                groups.append((trace, policy, [result.series]))
            }
        }
        for group in groups {
            func mean(_ cell: (FragmentationSeries) -> Double) -> String {
                Figures.fixed(group.series.map(cell).reduce(0, +) / Double(group.series.count), 2) + " %"
            }
            table.add([
                group.trace, group.policy.rawValue, String(group.series.count), mean { $0.allocation[100] },
                mean { $0.allocation[FragmentationSeries.percentMax] },
                mean { $0.fragment[FragmentationSeries.percentMax] },
            ])
        }
        return table.text(indent: "")
    }

    /// Returns what the comparison with the published tables found.
    static func comparison(_ check: FragmentationCheck) -> String {
        var table = TextColumns([.left, .left, .right, .right, .right, .left])
        table.add(["policy", "table", "cells", "equal", "worst", "where"])
        for line in check.lines {
            table.add([
                line.policy.rawValue, line.table.fileName, Figures.grouped(Int64(line.cells)),
                Figures.grouped(Int64(line.equalCells)), Figures.fixed(line.worst, 4), line.place,
            ])
        }
        var text = check.lines.isEmpty ? "" : table.text(indent: "")
        for line in check.means {
            let (own, published) = (Figures.fixed(line.mean, 2), Figures.fixed(line.published, 2))
            text += "random, \(line.trace): mean of \(line.runs) runs \(own) %, published \(published) %"
            text += line.isJudged ? "\n" : " (too few runs to judge)\n"
        }
        if !check.unpublished.isEmpty { text += "\(check.unpublished.count) runs are not among the published ones\n" }
        if !check.isTelling { return text + "there is nothing to judge\n" }
        let worst = Figures.fixed(check.worst, 4)
        return text + "worst difference \(worst) (limit \(FragmentationCheck.cellLimit)): "
            + (check.isPassed ? "agrees\n" : "DIFFERS\n")
    }
}
