import Chronology
import RunDatabase

/// A forecast of three days whose budget is spent in most runs and whose pool is never full.
enum SampleForecast {
    static func write(to path: String) throws {
        let file = try ExperimentFile(path: path)
        try file.begin(
            ExperimentRow(name: "spring", question: "What & when?", kind: .forecast, version: "0.1", plan: "p"),
            variants: [VariantRow(name: "forecast", changes: [], isBaseline: true)], inputs: [])
        var rows: [ForecastRow] = []
        func add(_ measure: String, _ unit: String, _ day: Int64, _ permille: Int, _ value: Double) {
            rows.append(
                ForecastRow(variant: 1, measure: measure, unit: unit, at: .days(day), permille: permille, value: value))
        }
        for (measure, unit, scale) in [("cost.sum", "nanodollars", 10e9), ("pool.a.b.max", "count", 1), ("idle", "count", 0)] {
            for day in 0..<3 {
                for permille in [50, 250, 500, 750, 950] {
                    add(measure, unit, Int64(day), permille, scale * Double(day + 1) * Double(1_000 + permille) / 1_000)
                }
            }
        }
        for (name, shares, value) in [("budget", [0.0, 250, 750], 40e9), ("pool.a.b", [0, 0, 0], 8)] {
            for (day, share) in shares.enumerated() { add("limit.\(name).reached", "permille", Int64(day), 0, share) }
            for (permille, day) in [(50, 1), (250, 1), (500, 2), (750, 2)] where value > 8 {
                add("limit.\(name).date", "nanoseconds", 0, permille, Double(Duration.days(Int64(day)).nanoseconds))
            }
            add("limit.\(name).value", value > 8 ? "nanodollars" : "count", 0, 0, value)
        }
        for (name, share) in [("demand", 812.0), ("spot", 200), ("together", -12)] {
            add("variance.\(name)", "permille", 0, 0, share)
            add("variance.\(name)", "permille", 0, 25, share - 100)
            add("variance.\(name)", "permille", 0, 975, share + 100)
        }
        add("variance.demand.total", "permille", 0, 0, 900)
        try file.record(
            rows,
            parameters: [
                ("forecast.limit.budget", "cost.sum at 40000000000 nanodollars"),
                ("forecast.limit.pool.a.b", "pool.a.b.max at 8 count"), ("forecast.start", "2026-03-02T00:00:00Z"),
            ])
        try file.finish(digest: "5eed")
    }
}
