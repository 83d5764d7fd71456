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

/// A forecast whose files were read and whose paths of demand were drawn: every run of it is known.
struct PreparedForecast {
    let document: ForecastDocument
    let input: ForecastInput
    let setup: WorldSetup
    /// The place of the service that the history drives.
    let service: Int
    let forecast: DemandForecast
    let paths: [DemandPath]
    let design: ForecastDesign
    let limits: [ForecastLimit]
    let experiment: ExperimentRow
    let inputs: [(name: String, text: String)]

    /// When the runs begin.
    var start: UnixTime { input.time(of: input.series.count) }

    /// Where the database goes unless the user says otherwise.
    var defaultPath: String { ExperimentOutput.defaultPath("forecast", name) }

    var name: String { document.name ?? setup.name }

    /// The length of the runs.
    var horizon: Chronology.Duration {
        Duration(nanoseconds: Int64(input.horizon) * input.grid.step.nanoseconds)
    }

    /// Reads a forecast file, or ends with what is wrong with it.
    static func document(_ file: String, isQuiet: Bool) throws -> ForecastDocument {
        let diagnostics = Diagnostics()
        let document = ForecastLoader.load(file, diagnostics)
        DiagnosticPrinter.show(diagnostics.all, isQuiet: isQuiet)
        guard let document else { throw Exit.badInput.code }
        return document
    }

    /// Reads the history of a forecast, or ends with what is wrong with it.
    static func input(_ document: ForecastDocument, isQuiet: Bool) throws -> ForecastInput {
        let diagnostics = Diagnostics()
        let files = ForecastFiles(
            standardInput: document.history == "-" ? try StandardInput.read() : nil)
        let input = files.read(
            history: document.history, column: document.column, holidays: document.holidays, document.input,
            diagnostics)
        DiagnosticPrinter.show(diagnostics.all, isQuiet: isQuiet)
        guard let input else { throw Exit.badInput.code }
        return input
    }

    /// Reads the scenario and draws the paths, or ends with what is wrong.
    init(_ document: ForecastDocument, input: ForecastInput, isQuiet: Bool) throws {
        self.document = document
        self.input = input
        var request = RunRequest()
        request.scenario = document.scenario
        request.settings = document.settings
        request.startDate = input.time(of: input.series.count).text(decimals: .none)
        request.duration = "\(Duration(nanoseconds: Int64(input.horizon) * input.grid.step.nanoseconds))"
        let loaded = ScenarioLoader.load(request)
        DiagnosticPrinter.show(loaded.diagnostics, isQuiet: isQuiet)
        try DiagnosticPrinter.stopWhenWrong(loaded)
        guard let setup = loaded.setup else { throw Exit.badInput.code }
        self.setup = setup
        service = try Self.service(document, setup)
        design = ForecastDesign(
            ForecastDesign.Settings(
                request: request, service: service, unit: document.unit, seed: document.seed,
                replicationsMax: document.replications,
                factors: document.isDecomposed ? ForecastFactor.present(in: setup) : []))
        (forecast, paths) = try Self.draw(document, input)
        limits = ForecastLimit.all(document.limits, in: setup)
        let drawn = paths.enumerated().map {
            (name: ForecastDesign.input(ofPath: $0.offset + 1), text: $0.element.csv)
        }
        // The request names paths of this machine; each run has its own.
        inputs = setup.inputs.filter { $0.name != ScenarioLoader.requestName } + input.files + drawn
        var asked = request
        asked.scenario = nil
        asked.settings.append("services[\(service)].traffic.unit=\(document.unit)")
        let plan = [
            (name: "request", text: asked.text), (name: "seed", text: "\(document.seed)"),
            (name: "variants", text: design.variantRows.map(\.name).joined(separator: ",")),
            (name: "replications", text: "\(document.replications)"),
        ]
        let file = document.history.split(separator: "/").last.map(String.init) ?? document.history
        experiment = ExperimentRow(
            name: document.name ?? setup.name,
            question: document.question.isEmpty
                ? "What does the demand of \(file) cost, and when is it too much?" : document.question,
            kind: .forecast, version: Orrery.version, plan: ReplicationBatch.plan(of: inputs + plan))
    }

    /// Returns the place of the service that the history drives.
    private static func service(_ document: ForecastDocument, _ setup: WorldSetup) throws -> Int {
        let titles = setup.services.map(\.title)
        if let name = document.service {
            if let place = titles.firstIndex(where: { $0 == name || $0.hasSuffix("/" + name) }) { return place }
            let nearest = NearestName.of(name, among: titles + setup.services.map(\.name))
            throw wrong(
                "\(document.scenario) has no service \"\(name)\" under traffic "
                    + "(there are: \(titles.joined(separator: ", ")))", nearest)
        }
        let driven = setup.services.indices.filter { setup.services[$0].traffic != nil }
        if driven.count == 1 { return driven[0] }
        throw wrong(
            driven.isEmpty
                ? "\(document.scenario) has no service under traffic that a history could drive"
                : "several services of \(document.scenario) have traffic: say which one with --service "
                    + "(\(driven.map { titles[$0] }.joined(separator: ", ")))")
    }

    private static func draw(
        _ document: ForecastDocument, _ input: ForecastInput
    ) throws -> (DemandForecast, [DemandPath]) {
        let draws = ForecastDraws(seed: Seed(document.seed))
        let settings = DemandForecast.Settings(horizon: input.horizon)
        guard let forecast = DemandForecast(input.series, settings, uniform: draws.uniform("trial", 0)) else {
            throw wrong(
                "\(document.history): \(input.series.count) steps of \(input.grid.step) are too few for a forecast")
        }
        // Each path has a stream of its own: more runs leave those that were made as they are.
        let paths = (1...document.replications).map { number in
            DemandPath(
                forecast.paths(1, uniform: draws.uniform("path", number))[0], step: input.grid.step,
                growth: document.growth)
        }
        return (forecast, paths)
    }

    static func wrong(_ message: String, _ nearest: String? = nil) -> any Error {
        Console.error("error: \(message)" + (nearest.map { "; did you mean \"\($0)\"?" } ?? ""))
        return Exit.badInput.code
    }
}
