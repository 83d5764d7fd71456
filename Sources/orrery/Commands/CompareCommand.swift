import ArgumentParser
import Experiments
import Foundation
import KubernetesAPI
import Reports
import RunDatabase
import Scenarios

/// `orrery compare EXPERIMENT`.
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Runs variants of a scenario with the same chance, and says which differences are real.",
        discussion: """
            An experiment file names a scenario, axes with values (each a label and the settings that it means), and a \
            number of seeds. Every combination of values is run with every seed. The same seed gives every variant the same \
            demand, failures and delays, so that differences are taken seed by seed: their mean has a Student t interval and \
            a bootstrap interval, and p-values are corrected for the number of comparisons. Where that shows nothing, the \
            words are "no difference shown". With tieBreaks: K each seed is run with K streams of the scheduler's \
            tie-breaks, and it is told in how many of them the difference shows.

            Runs go to worker processes, one for each processor. Everything lands in one SQLite file; an experiment that was \
            stopped goes on where it was. The same experiment gives the same rows at any parallelism.

            EXAMPLES
              orrery compare scenarios/scheduling/bin-packing
              orrery compare experiment.yaml --parallel 4 -o choice.sqlite
              orrery compare experiment.yaml --json | jq '.comparisons[] | select(.finding != "nothing")'
              orrery report choice.sqlite                     what it shows, once more
              orrery report choice.sqlite --format html -o choice.html

            EXIT CODES
              0  done
              1  a run was lost, or what the experiment expects (expect:) was not shown
              2  bad input
            """)

    @Argument(help: ArgumentHelp("An experiment file, or a folder with experiment.yaml.", valueName: "experiment"))
    var experiment: String

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Where the database goes (default: reports/out/compare-<name>.sqlite).", valueName: "file.sqlite"))
    var output: String?

    @Option(help: ArgumentHelp("Processes at a time; auto takes one for each processor.", valueName: "K|auto"))
    var parallel = "auto"

    @Flag(help: "Begins anew where the database holds runs already.")
    var restart = false

    @Flag(help: "Prints one JSON object instead of tables.")
    var json = false

    @Flag(name: .shortAndLong, help: "Shows no progress, no warnings and no tables.")
    var quiet = false

    func validate() throws { _ = try Self.processes(parallel) }

    func run() throws {
        let loaded = ExperimentLoader.load(experiment, extraMetrics: ComparisonPlan.extraMetrics)
        DiagnosticPrinter.show(loaded.diagnostics, isQuiet: quiet || json)
        guard let document = loaded.document else {
            let errors = loaded.diagnostics.filter { $0.severity == .error }.count
            Console.error(errors == 1 ? "1 error; nothing was run" : "\(errors) errors; nothing was run")
            throw Exit.badInput.code
        }
        let plan = ComparisonPlan(loaded, document: document)
        let path = output ?? ExperimentOutput.defaultPath("compare", document.name)
        let file = try ExperimentOutput.open(path, isNamed: output != nil, restarts: restart) {
            file throws(RunDatabaseError) in
            try file.begin(plan.experiment, variants: plan.variants, inputs: plan.inputs)
        }
        Interruption.watch()
        let progress = ReplicationProgress(isQuiet: quiet || json)
        let batch = ReplicationBatch(
            file: file, runner: ReplicationRunner(parallelism: try Self.processes(parallel), arguments: ["replicate"]))
        var isComplete = false
        do {
            isComplete = try batch.run(plan.replications) {
                progress.show($0)
                return !Interruption.isRequested
            }
        } catch {
            progress.clear()
            Console.error("error: \(error)")
            throw Exit.badInput.code
        }
        progress.clear()
        guard isComplete else {
            Console.error("stopped; the same command goes on with \(path)")
            throw Exit.interrupted.code
        }
        try finish(file, loaded, document)
        let summary = try RunFile.attempt { () throws(RunDatabaseError) in
            try ExperimentSummary(of: ExperimentReader(path: path))
        }
        if json { Console.out(summary.json) } else if !quiet { tell(summary, path) }
        try judge(document, summary)
    }

    private func finish(_ file: ExperimentFile, _ loaded: LoadedExperiment, _ document: ExperimentDocument) throws {
        let (variants, rows) = try RunFile.attempt { () throws(RunDatabaseError) in
            let reader = try ExperimentReader(path: file.path)
            return (try reader.variants(), try reader.replications(withDays: true))
        }
        let analysis = ComparisonAnalysis(
            confidence: document.confidence, correction: document.correction, metrics: loaded.metrics,
            pareto: loaded.pareto)
        let parameters = [
            ("compare.confidence", "\(document.confidence)"), ("compare.correction", document.correction.rawValue),
            ("compare.resamples", "\(ComparisonAnalysis.resamples)"),
        ]
        try RunFile.attempt { () throws(RunDatabaseError) in
            try file.record(analysis.rows(variants: variants, replications: rows), parameters: parameters)
            try file.finish(digest: ReplicationBatch.digest(of: rows))
        }
    }

    private func tell(_ summary: ExperimentSummary, _ path: String) {
        Console.out(summary.text)
        let page = (path as NSString).deletingPathExtension + ".html"
        let lines = [Invocation.line("report", path, "--format", "html", "--output", page)]
        Console.out("\nDatabase  \(path)\nNext\n" + lines.map { "  \($0)\n" }.joined())
    }

    /// Says what was lost and which expectations do not hold, and ends with 1 when there are any.
    private func judge(_ document: ExperimentDocument, _ summary: ExperimentSummary) throws {
        var isRight = summary.lost.isEmpty
        if !isRight { Console.error("\(summary.lost.count) runs are without figures") }
        for expectation in document.expectations {
            let (variant, metric) = (expectation.variant.name, expectation.metric.name)
            let found = summary.comparison(of: metric, variant: variant)?.finding
            guard found?.rawValue != expectation.finding.rawValue else { continue }
            isRight = false
            let place = expectation.metric
            Console.error(
                "\(experiment):\(place.position.line):\(place.position.column): \(metric) of \(variant) was expected to "
                    + "be \(expectation.finding.rawValue), and is shown to be \(found?.rawValue ?? "unknown")")
        }
        if !isRight { throw Exit.failed.code }
    }

    /// Reads a number of processes; nil for one for each processor.
    static func processes(_ text: String) throws -> Int? {
        if text == "auto" { return nil }
        guard let count = Int(text), (1...256).contains(count) else {
            throw ValidationError("\"\(text)\" is no number of processes; write 1 to 256, or auto.")
        }
        return count
    }
}
