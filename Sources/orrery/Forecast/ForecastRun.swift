import Chronology
import Experiments
import Foundation
import KubernetesAPI
import RunDatabase
import Scenarios
import Simulation
import Statistics
import VirtualTime
import Workloads

/// Runs whole simulations on paths of demand, and writes and tells what they come to.
struct ForecastRun {
    let scenario: String
    let history: String
    let input: ForecastInput
    let options: ForecastRunOptions
    let seed: UInt64
    let isJSON: Bool
    let isQuiet: Bool

    /// Runs before the first look at the interval.
    private static let runsLeast = 10

    func run() throws {
        let start = input.time(of: input.series.count)
        var request = RunRequest()
        request.scenario = scenario
        request.settings = options.settings
        request.startDate = start.text(decimals: .none)
        request.duration = "\(Duration(nanoseconds: Int64(input.horizon) * input.grid.step.nanoseconds))"
        let setup = try load(request)
        let service = try service(of: setup)
        let path = options.output ?? ExperimentOutput.defaultPath("forecast", setup.name)
        let design = ForecastDesign(
            ForecastDesign.Settings(
                request: request, service: service, unit: options.unit, seed: seed,
                replicationsMax: options.replications, isDecomposed: options.decompose,
                folder: URL(fileURLWithPath: (path as NSString).deletingPathExtension + ".paths").path))
        let (forecast, paths) = try draw(design.paths)
        let file = try open(path, setup, design, paths)
        try write(paths, design)
        let rows = try runAll(file, design)
        let limits = try options.budgetLimit().map { [$0] } ?? []
        let analysis = ForecastAnalysis(
            rows, paths: paths, limits: limits + Self.poolLimits(setup), start: start, design: design)
        try RunFile.attempt { () throws(RunDatabaseError) in
            try file.record(analysis.rows, parameters: parameters(forecast, analysis))
            try file.finish(digest: ReplicationBatch.digest(of: rows))
        }
        let report = ForecastReport(
            name: setup.name, service: setup.services[service].title, history: history, input: input,
            analysis: analysis, members: forecast.members.map(input.named),
            limits: limits + Self.poolLimits(setup), calendar: ForecastCalendar(start: start),
            lost: rows.count {
                $0.outcome?.digest == nil
            })
        if isJSON { Console.out(try report.json) } else { tell(report, path) }
        if report.lost > 0 { throw Exit.failed.code }
    }

    private func tell(_ report: ForecastReport, _ path: String) {
        let page = (path as NSString).deletingPathExtension + ".html"
        let next = Invocation.line("report", path, "--format", "html", "--output", page)
        Console.out(report.text + "\nDatabase   \(path)\nNext       \(next)\n")
    }

    // MARK: - The scenario

    private func load(_ request: RunRequest) throws -> WorldSetup {
        let loaded = ScenarioLoader.load(request)
        DiagnosticPrinter.show(loaded.diagnostics, isQuiet: isQuiet || isJSON)
        try DiagnosticPrinter.stopWhenWrong(loaded)
        guard let setup = loaded.setup else { throw Exit.badInput.code }
        return setup
    }

    /// Returns the place of the service that the history drives.
    private func service(of setup: WorldSetup) throws -> Int {
        let titles = setup.services.map(\.title)
        if let name = options.service {
            if let place = titles.firstIndex(where: { $0 == name || $0.hasSuffix("/" + name) }) { return place }
            let nearest = NearestName.of(name, among: titles + setup.services.map(\.name))
            throw wrong(
                "\(scenario) has no service \"\(name)\" under traffic (there are: \(titles.joined(separator: ", ")))",
                nearest)
        }
        let driven = setup.services.indices.filter { setup.services[$0].traffic != nil }
        if driven.count == 1 { return driven[0] }
        throw wrong(
            driven.isEmpty
                ? "\(scenario) has no service under traffic that a history could drive"
                : "several services of \(scenario) have traffic: say which one with --service "
                    + "(\(driven.map { titles[$0] }.joined(separator: ", ")))", nil)
    }

    private func wrong(_ message: String, _ nearest: String?) -> any Error {
        Console.error("error: \(message)" + (nearest.map { "; did you mean \"\($0)\"?" } ?? ""))
        return Exit.badInput.code
    }

    static func poolLimits(_ setup: WorldSetup) -> [ForecastLimit] {
        setup.pools.compactMap { pool in
            pool.autoscaling.map {
                ForecastLimit(name: "pool.\(pool.name)", measure: .pool(pool.name), value: Int64($0.upperBound))
            }
        }
    }

    // MARK: - Demand

    private func draw(_ count: Int) throws -> (DemandForecast, [DemandPath]) {
        let draws = ForecastDraws(seed: Seed(seed))
        let settings = DemandForecast.Settings(horizon: input.horizon)
        guard let forecast = DemandForecast(input.series, settings, uniform: draws.uniform("trial", 0)) else {
            Console.error(
                "error: \(history): \(input.series.count) steps of \(input.grid.step) are too few for a forecast")
            throw Exit.badInput.code
        }
        let growth = try options.statedGrowth()
        // Each path has a stream of its own: more runs leave those that were made as they are.
        let paths = (1...count).map { number in
            DemandPath(
                forecast.paths(1, uniform: draws.uniform("path", number))[0], step: input.grid.step, growth: growth)
        }
        return (forecast, paths)
    }

    private func write(_ paths: [DemandPath], _ design: ForecastDesign) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: design.settings.folder, withIntermediateDirectories: true)
            for (place, path) in paths.enumerated() {
                try Data(path.csv.utf8).write(to: URL(fileURLWithPath: design.file(ofPath: place + 1)))
            }
        } catch {
            throw wrong("cannot write \(design.settings.folder): \(error.localizedDescription)", nil)
        }
    }

    // MARK: - Runs

    private func open(
        _ path: String, _ setup: WorldSetup, _ design: ForecastDesign, _ paths: [DemandPath]
    ) throws -> ExperimentFile {
        let ends = paths.enumerated().map { (name: "path/\($0.offset + 1)", text: $0.element.csv) }
        let inputs = setup.inputs.map { (name: $0.name, text: $0.text) } + ends
        let experiment = ExperimentRow(
            name: setup.name, question: "What does the demand of \(history) cost, and when is it too much?",
            kind: .forecast, version: Orrery.version,
            plan: ReplicationBatch.plan(of: inputs + [(name: "variants", text: "\(design.variants.count)")]))
        return try ExperimentOutput.open(path, isNamed: options.output != nil, restarts: options.workers.restart) {
            file throws(RunDatabaseError) in
            try file.begin(experiment, variants: design.variantRows, inputs: inputs)
        }
    }

    /// Runs until the interval is narrow enough, or all there are; returns them with what came of them.
    private func runAll(_ file: ExperimentFile, _ design: ForecastDesign) throws -> [ReplicationRow] {
        let target = try options.targetShare()
        let batch = ReplicationBatch(file: file, runner: try options.workers.runner(), wantsDays: true)
        Interruption.watch()
        let progress = ReplicationProgress(isQuiet: isQuiet || isJSON)
        var count = target == nil ? options.replications : min(options.replications, Self.runsLeast)
        while true {
            var isComplete = false
            do {
                isComplete = try batch.run(design.rows(count)) {
                    progress.show($0)
                    return !Interruption.isRequested
                }
            } catch {
                progress.clear()
                throw wrong("\(error)", nil)
            }
            progress.clear()
            guard isComplete else {
                Console.error("stopped; the same command goes on with \(file.path)")
                throw Exit.interrupted.code
            }
            let ids = count * design.variants.count
            let rows = try RunFile.attempt { () throws(RunDatabaseError) in
                try ExperimentReader(path: file.path).replications(withDays: true)
            }.filter { $0.id <= ids }
            guard let target, count < options.replications else { return rows }
            if let mean = ForecastAnalysis.totalMean(of: rows), mean.halfWidth <= target * mean.mean { return rows }
            // Looks at every run would stop too early too often: each comes after a quarter more of them.
            count = min(options.replications, count + max(2, count / 4))
        }
    }

    private func parameters(_ forecast: DemandForecast, _ analysis: ForecastAnalysis) -> [(name: String, value: String)]
    {
        [
            ("forecast.growth", options.growth ?? "none"), ("forecast.history", history),
            ("forecast.horizon", "\(Duration(nanoseconds: Int64(input.horizon) * input.grid.step.nanoseconds))"),
            ("forecast.methods", forecast.members.map(input.named).joined(separator: ", ")),
            ("forecast.runs", "\(analysis.runs)"), ("forecast.seed", "\(seed)"),
            ("forecast.start", input.time(of: input.series.count).text(decimals: .none)),
            ("forecast.step", "\(input.grid.step)"),
        ] + analysis.shares.map { ("forecast.variance.\($0.variant)", Figures.fixed($0.share, 4)) }
    }
}
