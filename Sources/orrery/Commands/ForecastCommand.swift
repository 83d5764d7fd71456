import ArgumentParser
import Chronology
import Foundation
import KubernetesAPI
import Scenarios
import Statistics
import VirtualTime

/// `orrery forecast`.
struct ForecastCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forecast",
        abstract: "Says what demand will cost and when it is too much, and how far such forecasts can be trusted.",
        discussion: """
            Naive, seasonal naive and drift forecasts, exponential smoothing with trends and up to two seasons, and \
            regression on trend, seasons and holidays, some of them on a logarithmic scale, are tried inside the history. \
            The mean of those that did best there is the forecast; its quantiles come from paths that draw past errors \
            again in blocks, scaled so that the interval from P5 to P95 would have held nine values of ten.

            With a scenario, each of many paths drives the traffic of a service through a whole simulation that begins \
            where the history ends, with a seed, and so failures, of its own: quantiles of cost, machines and headroom, and \
            the dates on which limits are reached. Everything lands in one SQLite file (table forecast; history and paths \
            among its inputs); a forecast that was stopped goes on. A forecast file says all this once; what the command \
            line says stands above it. orrery shard runs one on several machines.

            --backtest looks ahead from points of the last half of the history, at each with nothing but what was known \
            there, and compares with what came. MASE is the mean absolute error as a multiple of that of the seasonal naive \
            forecast one step ahead in the past; pinball is the mean loss of seven quantiles as a multiple of the same; \
            coverage is the share of values between P5 and P95, which should be 90%.

            FORMS OF THE FILES (CSV; their first lines name the columns, in any order)
              time,value    times as 2026-01-31T12:00:00Z, "2026-01-31 12:00" (UTC) or seconds
                            since 1970; a value may be missing; other columns are passed over
              date,name     holidays (--holidays), days in UTC; those of one name have one effect

            LIMITS (--limit, or limits: of a forecast file; the scenario's own are looked at without being named: the
            largest size of pools, ResourceQuotas, and pods kept waiting 10m because nodes have too many)
              addresses=4096, addresses.us-east-1a=10.0.1.0/24   of all subnets, of a zone's (5 are its provider's)
              podCIDR=10.4.0.0/14                                as many nodes as have ranges; :26 for a /26 each
              vcpus=256, vcpus.on-demand=128, vcpus.spot=64      the quota of an account in its region
              fullNodes=50%                                      of the nodes hold as many pods as they may

            EXAMPLES
              orrery forecast scenarios/autoscaling/cluster-autoscaler-day --history usage.csv \
                --horizon 90d --growth 5%/month --budget 5000 --until-interval 2%
              orrery forecast scenarios/forecast/growing-shop --decompose
              orrery forecast --history usage.csv --backtest --horizon 7d --season 1d,7d
              orrery forecast --history usage.csv --backtest --holidays holidays.csv --json
              orrery forecast --history requests.csv --backtest --every 5m --merge sum

            EXIT CODES
              0  done
              1  a run was lost
              2  bad input
            """)

    @Argument(
        help: ArgumentHelp(
            "The scenario whose cost is asked for; without --history a forecast file, or a folder with forecast.yaml.",
            valueName: "scenario"))
    var scenario: String?

    @Option(help: ArgumentHelp("The history, a CSV file; - for standard input.", valueName: "file"))
    var history: String?

    @Flag(help: "Looks ahead from points of the history, and compares with what came.")
    var backtest = false

    @Option(help: ArgumentHelp("How far ahead (default: 1d).", valueName: "duration"))
    var horizon: String?

    @Option(
        help: ArgumentHelp(
            "After which lengths demand repeats, with commas, or none; without it 1d,7d as far as they fit.",
            valueName: "durations"))
    var season: String?

    @Option(help: ArgumentHelp("Days on which demand is another.", valueName: "file"))
    var holidays: String?

    @Option(help: ArgumentHelp("The column of values, where there are several.", valueName: "name"))
    var column: String?

    @Option(help: ArgumentHelp("Puts lines together to steps of this length.", valueName: "duration"))
    var every: String?

    @Option(help: ArgumentHelp("How lines become one step: mean (default), sum or max.", valueName: "way"))
    var merge: String?

    @Option(help: ArgumentHelp("Points from which a back-test looks ahead.", valueName: "number"))
    var origins = 20

    @OptionGroup(title: "Options of the simulations")
    var runOptions: ForecastRunOptions

    @Option(help: "The number from which the draws follow (default: 1).")
    var seed: UInt64?

    @Flag(help: "Prints one JSON object instead of tables.")
    var json = false

    @Flag(name: .shortAndLong, help: "Shows no progress and no warnings.")
    var quiet = false

    func validate() throws {
        var document = ForecastDocument(scenario: "", history: "")
        try apply(to: &document)
        guard (scenario == nil) == backtest else {
            throw ValidationError("Name a scenario to be simulated, or ask for --backtest; one of the two.")
        }
        if backtest, let name = runOptions.givenOptions.first {
            throw ValidationError("\(name) is for the simulations of a scenario; a back-test makes none.")
        }
        guard scenario != nil || history != nil else { throw ValidationError("A back-test needs a --history.") }
        guard scenario == nil || merge != "sum" else {
            throw ValidationError("A service is driven by rates: --merge mean or max.")
        }
        guard (2...500).contains(origins) else { throw ValidationError("--origins is from 2 to 500.") }
    }

    func run() throws {
        let document = try self.document()
        let input = try PreparedForecast.input(document, isQuiet: quiet || json)
        guard scenario != nil else { return try runBackTest(input, document) }
        let prepared = try PreparedForecast(document, input: input, isQuiet: quiet || json)
        let run = ForecastRun(
            prepared: prepared, path: runOptions.output ?? prepared.defaultPath, isJSON: json, isQuiet: quiet)
        try run.run(runOptions)
    }

    // MARK: - Back-test

    private func runBackTest(_ input: ForecastInput, _ document: ForecastDocument) throws {
        var settings = BackTest.Settings(horizon: input.horizon)
        settings.folds = origins
        Interruption.watch()
        var progress = CountLine(of: "origins", isQuiet: quiet || json)
        let draws = ForecastDraws(seed: Seed(document.seed))
        let test = BackTest(input.series, settings, draws: draws.uniform) { done, count in
            progress.show(done, of: count)
            return !Interruption.isRequested
        }
        progress.clear()
        if Interruption.isRequested { throw Exit.interrupted.code }
        guard let test else {
            Console.error(
                "error: \(document.history): \(input.series.count) steps of \(input.grid.step) are too few, or all alike, for a "
                    + "back-test of \(input.horizon) steps ahead; a shorter --horizon may do")
            throw Exit.badInput.code
        }
        let report = BackTestReport(file: document.history, input: input, test: test, seed: document.seed)
        Console.out(json ? try report.json : report.text)
    }

    // MARK: - Input

    private func document() throws -> ForecastDocument {
        var document: ForecastDocument
        if let history {
            document = ForecastDocument(scenario: scenario ?? "", history: history)
        } else {
            guard let file = ForecastLoader.file(scenario ?? "") else {
                throw PreparedForecast.wrong(
                    "\(scenario ?? "") is no forecast file, and no folder with \(ForecastDocument.fileName): say "
                        + "--history for the demand of a scenario")
            }
            document = try PreparedForecast.document(file, isQuiet: quiet || json)
        }
        try apply(to: &document)
        return document
    }

    /// Puts what is said in place of what a forecast says.
    private func apply(to document: inout ForecastDocument) throws {
        document.column = column ?? document.column
        document.holidays = holidays ?? document.holidays
        document.seed = seed ?? document.seed
        if let horizon { document.input.horizon = try Self.length(horizon, "--horizon") }
        if let every { document.input.every = try Self.length(every, "--every") }
        if let merge {
            guard let merging = UsageGrid.Merging(rawValue: merge) else {
                let nearest = NearestName.of(merge, among: UsageGrid.Merging.allCases.map(\.rawValue))
                throw ValidationError(
                    "--merge is mean, sum or max." + (nearest.map { " Did you mean \($0)?" } ?? ""))
            }
            document.input.merging = merging
        }
        if let season {
            document.input.seasons =
                season == "none" ? [] : try season.split(separator: ",").map { try Self.length(String($0), "--season") }
        }
        try runOptions.apply(to: &document)
    }

    private static func length(_ text: String, _ option: String) throws -> Chronology.Duration {
        guard let length = try? Chronology.Duration(parsing: text), length > .zero else {
            throw ValidationError("\(option) takes lengths such as 30m, 36h or 7d, not \"\(text)\".")
        }
        return length
    }
}
