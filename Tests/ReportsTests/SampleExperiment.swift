import RunDatabase

/// A comparison of three variants that was run with four seeds, one run of which was lost.
enum SampleExperiment {
    static let rows: [(metric: String, role: String, unit: String, values: [(Double, Double, Double)])] = [
        ("cost.total", "cost", "nanodollars", [(10e9, 0, 0), (8e9, -2e9, 0.2e9), (11e9, 1e9, 0.1e9)]),
        ("pods.evicted", "disruption", "count", [(2, 0, 0), (5, 3, 4), (4, 2, 3)]),
        ("pending.p95", "latency", "nanoseconds", [(30e9, 0, 0), (31e9, 1e9, 3e9), (33e9, 3e9, 5e9)]),
    ]

    static func write(to path: String) throws {
        let file = try ExperimentFile(path: path)
        let variants = ["spread", "pack <b>", "large"].enumerated().map {
            VariantRow(name: $1, changes: $0 == 0 ? [] : ["pools.a.count=\($0)"], isBaseline: $0 == 0)
        }
        try file.begin(
            ExperimentRow(
                name: "choice", question: "Which one & why?", kind: .compare, version: "0.1", plan: "p"),
            variants: variants, inputs: [("experiment.yaml", "kind: Experiment\n")])
        let plan = (0..<12).map { place in
            ReplicationRow(
                id: place + 1, variant: place / 4 + 1, number: place % 4 + 1, seed: UInt64(place % 4 + 1), request: "")
        }
        _ = try file.plan(plan)
        for row in plan {
            var outcome = ReplicationOutcome()
            if row.id == 12 {
                outcome.message = "the process ended (signal 4)"
            } else {
                outcome.digest = "d\(row.id)"
                outcome.events = 10
            }
            try file.record(outcome, of: row.id)
        }
        try file.record(comparisons, parameters: [("compare.confidence", "0.95"), ("compare.correction", "holm")])
        try file.finish(digest: "5eed")
    }

    private static var comparisons: [ComparisonRow] {
        rows.flatMap { entry in
            entry.values.enumerated().map { place, value in
                var row = ComparisonRow(variant: place + 1, metric: entry.metric, unit: entry.unit, role: entry.role)
                row.pairs = 4
                row.mean = value.0
                row.finding = .baseline
                guard place > 0 else { return row }
                row.difference = value.1
                row.interval = ComparisonRow.Ends(low: value.1 - value.2, high: value.1 + value.2)
                row.bootstrap = row.interval
                row.p = 0.01
                row.adjusted = value.2 > value.1.magnitude ? 0.4 : 0.03
                row.finding = value.2 > value.1.magnitude ? .nothing : value.1 < 0 ? .lower : .higher
                return row
            }
        }
    }
}
