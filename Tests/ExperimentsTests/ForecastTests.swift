import Chronology
import RunDatabase
import Scenarios
import Statistics
import Testing

@testable import Experiments

@Suite("Forecasts by whole simulations")
struct ForecastTests {
    private static let start = UnixTime(CivilTime(date: CivilDate(daysSince1970: 20_483)))

    private static func design(_ isDecomposed: Bool, count: Int = 3) -> ForecastDesign {
        ForecastDesign(
            ForecastDesign.Settings(
                request: RunRequest(), service: 1, unit: "perMinute", seed: 5, replicationsMax: count,
                isDecomposed: isDecomposed, folder: "/p"))
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

    @Test("sisters differ from a run in one thing")
    func sisters() throws {
        let rows = Self.design(true).rows(2)
        #expect(rows.map(\.id) == Array(1...8) && rows.map(\.variant) == [1, 2, 3, 4, 1, 2, 3, 4])
        let requests = try rows.map { try #require(RunRequest(text: $0.request)) }
        let paths = requests.map { $0.settings[0] }
        #expect(paths[0] == "services[1].traffic={csv: \"/p/00001.csv\", unit: perMinute}")
        #expect(paths[1].contains("/00004.csv") && paths[2] == paths[0] && paths[3] == paths[0])
        #expect(rows[1].seed == rows[0].seed && rows[2].seed != rows[0].seed && rows[3].seed == rows[0].seed)
        #expect(requests[3].settings.last != requests[0].settings.last)
        #expect(requests[2].settings == requests[0].settings)
        // More runs leave those that were planned as they are.
        #expect(Self.design(true).rows(3).prefix(8) == rows.prefix(8))
        let alone = Self.design(false).rows(2)
        #expect(alone.map(\.variant) == [1, 1] && alone.map(\.tie) == [0, 0])
        #expect(RunRequest(text: alone[0].request)?.settings.count == 1)
    }

    // MARK: - Figures

    /// Runs with a cost for each day, and machines of a pool that grow by one a day.
    private static func rows(_ costs: [[Int64]], design: ForecastDesign, variants: Int = 1) -> [ReplicationRow] {
        var rows = design.rows(costs.count / variants)
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
        let design = Self.design(false)
        let rows = Self.rows([[1, 2, 3, 4], [2, 4, 6, 8], [3, 6, 9, 12]], design: design)
        let limits = [
            ForecastLimit(name: "budget", measure: .spending, value: 12),
            ForecastLimit(name: "monthly", measure: .monthlySpending, value: 14),
            ForecastLimit(name: "pool", measure: .pool("a"), value: 4),
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
        let mean = try #require(analysis.totalMean)
        #expect(mean.mean == 20 && abs(mean.halfWidth - 4.302653 * 10 / 3.0.squareRoot()) < 1e-4)
        #expect(ForecastAnalysis.totalMean(of: rows) == mean && analysis.runs == 3)
    }

    @Test("a run that was lost is left out")
    func lost() {
        let design = Self.design(false)
        var rows = Self.rows([[1], [5]], design: design)
        rows[0].outcome?.digest = nil
        let analysis = ForecastAnalysis(rows, paths: [], limits: [], start: Self.start, design: design)
        #expect(analysis.runs == 1 && analysis.totalMean == nil)
    }

    @Test("what changes nothing makes no variance, and what makes all of it makes all")
    func shares() {
        // The cost is the demand's own draw, each of 0 to 19 with each; chance adds nothing, and placement a little.
        let design = Self.design(true, count: 400)
        let costs = (0..<400).flatMap { number -> [[Int64]] in
            let (own, other) = (Int64(number % 20), Int64(number / 20))
            return [[own], [other], [own], [own + (number % 2 == 0 ? 5 : -5)]]
        }
        let rows = Self.rows(costs, design: design, variants: 4)
        let shares = ForecastAnalysis(rows, paths: [], limits: [], start: Self.start, design: design).shares
        #expect(shares.map(\.variant) == ["other demand", "other chance", "other placement"])
        // The variance of 0 to 19 is 33.25, and that of the sample 400 / 399 times it.
        let variance = 33.25 * 400 / 399
        #expect(abs(shares[0].share - 33.25 / variance) < 1e-9 && shares[1].share == 0)
        #expect(abs(shares[2].share - 25.0 / 2 / variance) < 1e-9)
    }

    @Test("a forecast is kept in its file")
    func file() throws {
        let folder = try ScratchFolder()
        let path = folder.path + "/f.sqlite"
        let file = try ExperimentFile(path: path)
        try file.begin(
            ExperimentRow(name: "f", question: "?", kind: .forecast, version: "1", plan: "p"),
            variants: Self.design(false).variantRows, inputs: [])
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
