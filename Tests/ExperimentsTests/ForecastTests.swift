import Chronology
import RunDatabase
import Scenarios
import Statistics
import Testing

@testable import Experiments

@Suite("Forecasts by whole simulations")
struct ForecastTests {
    private static let start = UnixTime(CivilTime(date: CivilDate(daysSince1970: 20_483)))

    private static func design(_ factors: [ForecastFactor] = [], count: Int = 3) -> ForecastDesign {
        ForecastDesign(
            ForecastDesign.Settings(
                request: RunRequest(), service: 1, unit: "perMinute", seed: 5, replicationsMax: count,
                factors: factors))
    }

    static let growthRows: [(text: String, days: Double, factor: Double)] = [
        ("5%/day", 2, 1.1025), ("-50%/week", 7, 0.5), ("12%/month", 365.0 / 12, 1.12), ("0%/year", 90, 1),
        ("100%/year", 365, 2),
    ]

    @Test("growth is compounded", arguments: growthRows)
    func growth(row: (text: String, days: Double, factor: Double)) throws {
        let growth = try #require(StatedGrowth(row.text))
        #expect(abs(growth.factor(after: row.days * 86_400) - row.factor) < 1e-12)
    }

    @Test("what states no growth is refused", arguments: ["5/month", "5%", "5%/fortnight", "-100%/day", "x%/day", ""])
    func noGrowth(text: String) {
        #expect(StatedGrowth(text) == nil)
    }

    @Test("a path is a curve with a line where it changes")
    func path() {
        let path = DemandPath([1, 1.0001, 2.5, -3], step: .hours(6), growth: StatedGrowth("0%/day"))
        #expect(path.csv == "time,value\n0,1.000\n43200,2.500\n64800,0.000\n")
        let grown = DemandPath([8, 8, 8, 8, 8], step: .hours(12), growth: StatedGrowth("100%/day"))
        #expect(grown.values.map { ($0 * 1_000).rounded() } == [8_000, 11_314, 16_000, 22_627, 32_000])
        #expect(path.dailyMeans() == [(1 + 1.0001 + 2.5) / 4])
    }

    @Test("a sister is the first of its pair but for one factor, which it has from the second")
    func sisters() throws {
        let design = Self.design([.demand, .failures, .chance], count: 5)
        let rows = design.rows(4)
        #expect(rows.map(\.id) == Array(1...10) && rows.map(\.variant) == [1, 1, 2, 3, 4, 1, 1, 2, 3, 4])
        #expect(rows.map(\.number) == [1, 2, 1, 1, 1, 3, 4, 3, 3, 3] && design.rowCount(4) == 10)
        let requests = try rows.map { try #require(RunRequest(text: $0.request)) }
        #expect(requests.map(ForecastDesign.path(readBy:)) == [1, 2, 2, 1, 1, 3, 4, 4, 3, 3])
        #expect(requests[0].settings[0] == "services[1].traffic={csv: path/1, unit: perMinute}")
        let seeds = rows.map(\.seed)
        #expect(seeds[0] == seeds[2] && seeds[0] == seeds[3] && seeds[1] == seeds[4] && seeds[0] != seeds[1])
        func extra(_ place: Int) -> [String] { Array(requests[place].settings.dropFirst(2)) }
        #expect(extra(0).isEmpty && extra(1).isEmpty && extra(2).isEmpty)
        #expect(extra(3) == ["seeds.failures=\(seeds[1])"])
        // Who has another chance keeps the failures and the reclaims of the first.
        #expect(extra(4) == ["seeds.failures=\(seeds[0])", "seeds.spot=\(seeds[0])"])
        // More runs leave those that were planned as they are; the last of an odd number has no pair yet.
        #expect(design.rows(5).prefix(10) == rows[...] && design.rows(5).count == 11 && design.rowCount(5) == 11)
        let alone = Self.design().rows(2)
        #expect(alone.map(\.variant) == [1, 1] && alone.map(\.id) == [1, 2])
        #expect(RunRequest(text: alone[0].request)?.settings.count == 1)
        #expect(ForecastDesign.path(readBy: RunRequest()) == nil)
    }

    // MARK: - Figures

    /// Runs with a cost for each day, and machines of a pool that grow by one a day.
    private static func rows(_ costs: [[Int64]], design: ForecastDesign, runs: Int? = nil) -> [ReplicationRow] {
        var rows = design.rows(runs ?? costs.count)
        for (place, days) in costs.enumerated() {
            var outcome = ReplicationOutcome()
            outcome.digest = "d"
            for (day, cost) in days.enumerated() {
                outcome.days.append(.init(day: day, metric: .init(name: "cost.total", value: cost, unit: "nanodollars")))
                outcome.days.append(
                    .init(day: day, metric: .init(name: "pool.a.max", value: Int64(day + place), unit: "count")))
            }
            rows[place].outcome = outcome
        }
        return rows
    }

    @Test("quantiles, months and limits are those of the runs")
    func analysis() throws {
        // The 30th of January 2026 is day 20,483: two days of January, two of February.
        let design = Self.design()
        let rows = Self.rows([[1, 2, 3, 4], [2, 4, 6, 8], [3, 6, 9, 12]], design: design)
        let limits = [
            ForecastLimit(name: "budget", measure: .spending, value: 12, unit: "nanodollars"),
            ForecastLimit(name: "monthly", measure: .monthlySpending, value: 14, unit: "nanodollars"),
            ForecastLimit(name: "pool", measure: .level("pool.a.max"), value: 4, unit: "count"),
            ForecastLimit(name: "never", measure: .level("nothing"), value: 1, unit: "count"),
        ]
        let paths = (1...3).map { DemandPath(Array(repeating: Double($0), count: 4), step: .days(1), growth: nil) }
        let analysis = ForecastAnalysis(rows, paths: paths, limits: limits, start: Self.start, design: design)
        func values(_ measure: String, _ permille: Int) -> [Double] {
            analysis.rows.filter { $0.measure == measure && $0.permille == permille }.map(\.value)
        }
        #expect(values("cost.total", 500) == [2, 4, 6, 8])
        #expect(values("cost.month", 500) == [6, 14])
        #expect(analysis.rows.filter { $0.measure == "cost.month" && $0.permille == 500 }.map(\.at) == [.zero, .days(2)])
        #expect(values("cost.horizon", 500) == [20] && values("demand", 500) == [2, 2, 2, 2])
        let low = try #require(values("cost.horizon", 50).first)
        #expect(abs(low - 11) < 1e-9)
        // 10, 20 and 30 in all: the first run never spends 12, the second does on the third day.
        #expect(values("limit.budget.reached", 0).map { $0.rounded() } == [0, 0, 667, 667])
        #expect(values("limit.monthly.reached", 0).map { $0.rounded() } == [0, 0, 0, 667])
        #expect(values("limit.pool.reached", 0).map { $0.rounded() } == [0, 0, 333, 667])
        #expect(values("limit.never.reached", 0) == [0, 0, 0, 0] && values("limit.never.date", 950).isEmpty)
        // Two of three runs reach the pool's size: one on the third day, so that is the date of a quarter of them.
        let days = analysis.reaches.map { reach in LimitReach.quantiles.map(reach.day) }
        #expect(days == [[2, 2, 2, nil, nil], [3, 3, 3, nil, nil], [2, 2, 3, nil, nil], [nil, nil, nil, nil, nil]])
        #expect(analysis.reaches.map { ($0.share * 3).rounded() } == [2, 2, 2, 0])
        #expect(values("limit.pool.date", 250) == [2 * 86_400e9] && values("limit.pool.value", 0) == [4])
        #expect(values("cost.sum", 500) == [2, 6, 12, 20] && values("cost.monthToDate", 500) == [2, 6, 6, 14])
        let mean = try #require(analysis.totalMean)
        #expect(mean.mean == 20 && abs(mean.halfWidth - 4.302653 * 10 / 3.0.squareRoot()) < 1e-4)
        #expect(ForecastAnalysis.totalMean(of: rows) == mean && analysis.runs == 3)
    }

    @Test("a run that was lost is left out")
    func lost() {
        let design = Self.design()
        var rows = Self.rows([[1], [5]], design: design)
        rows[0].outcome?.digest = nil
        let analysis = ForecastAnalysis(rows, paths: [], limits: [], start: Self.start, design: design)
        #expect(analysis.runs == 1 && analysis.totalMean == nil)
    }

    @Test("pairs and sisters come to shares that sum to one, and to rows")
    func shares() throws {
        // The cost is the demand's own draw: other failures change nothing, and the other demand is the second's.
        let design = Self.design([.demand, .failures], count: 40)
        let costs = (0..<20).flatMap { pair -> [[Int64]] in
            let (first, second) = (Int64(pair * 7 % 20), Int64(pair * 3 % 19))
            return [[first], [second], [second], [first]]
        }
        var rows = Self.rows(costs, design: design, runs: 40)
        let analysis = ForecastAnalysis(rows, paths: [], limits: [], start: Self.start, design: design)
        let variance = try #require(analysis.variance)
        #expect(variance.pairs == 20 && variance.own.map(\.value) == [1, 0] && variance.together.value == 0)
        #expect(variance.own[0].low == 1 && variance.own[1].high == 0)
        func value(_ measure: String, _ permille: Int) -> Double? {
            analysis.rows.first { $0.measure == "variance.\(measure)" && $0.permille == permille }?.value
        }
        #expect(value("demand", 0) == 1_000 && value("demand", 25) == 1_000 && value("failures.total", 0) == 0)
        #expect(value("together", 975) == 0 && analysis.runs == 40)
        // A pair of which a sister was lost is left out.
        rows[2].outcome?.digest = nil
        let fewer = ForecastAnalysis(rows, paths: [], limits: [], start: Self.start, design: design)
        #expect(fewer.variance?.pairs == 19 && fewer.runs == 40)
    }

    @Test("a forecast is kept in its file")
    func file() throws {
        let folder = try ScratchFolder()
        let path = folder.path + "/f.sqlite"
        let file = try ExperimentFile(path: path)
        try file.begin(
            ExperimentRow(name: "f", question: "?", kind: .forecast, version: "1", plan: "p"),
            variants: Self.design().variantRows, inputs: [])
        let rows = [
            ForecastRow(variant: 1, measure: "demand", unit: "rate", at: .days(1), permille: 950, value: 1.5),
            ForecastRow(variant: 1, measure: "limit.x.reached", unit: "permille", at: .days(2), permille: 0, value: 7),
        ]
        try file.record([rows[1]], parameters: [])
        try file.record(rows, parameters: [("forecast.seed", "1")])
        try file.finish(digest: "d")
        #expect(try ExperimentReader(path: path).forecast() == rows)
    }
}
