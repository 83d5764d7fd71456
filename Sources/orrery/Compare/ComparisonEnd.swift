import Experiments
import Foundation
import KubernetesAPI
import Reports
import RunDatabase
import Scenarios

/// The end of a comparison: what the replications of its file show, and whether that was expected.
struct ComparisonEnd {
    let path: String
    let loaded: LoadedExperiment
    let document: ExperimentDocument
    /// The experiment as the user named it.
    let experiment: String

    /// Loads an experiment, or ends with what is wrong with it.
    static func load(_ experiment: String, isQuiet: Bool) throws -> (LoadedExperiment, ExperimentDocument) {
        let loaded = ExperimentLoader.load(experiment, extraMetrics: ComparisonPlan.extraMetrics)
        DiagnosticPrinter.show(loaded.diagnostics, isQuiet: isQuiet)
        if let document = loaded.document { return (loaded, document) }
        let errors = loaded.diagnostics.filter { $0.severity == .error }.count
        Console.error(errors == 1 ? "1 error; nothing was run" : "\(errors) errors; nothing was run")
        throw Exit.badInput.code
    }

    /// Writes what is shown, closes the file, tells it, and ends with 1 when something is not as it should be.
    func finish(_ file: ExperimentFile, json: Bool, quiet: Bool) throws {
        let (variants, rows) = try RunFile.attempt { () throws(RunDatabaseError) in
            let reader = try ExperimentReader(path: path)
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
        let summary = try RunFile.attempt { () throws(RunDatabaseError) in
            try ExperimentSummary(of: ExperimentReader(path: path))
        }
        if json { Console.out(summary.json) } else if !quiet { tell(summary) }
        try judge(summary)
    }

    private func tell(_ summary: ExperimentSummary) {
        Console.out(summary.text)
        let page = (path as NSString).deletingPathExtension + ".html"
        let lines = [Invocation.line("report", path, "--format", "html", "--output", page)]
        Console.out("\nDatabase  \(path)\nNext\n" + lines.map { "  \($0)\n" }.joined())
    }

    private func judge(_ summary: ExperimentSummary) throws {
        var isRight = summary.lost.isEmpty
        if !isRight { Console.error("\(summary.lost.count) runs are without figures") }
        for expectation in document.expectations {
            let (variant, metric) = (expectation.variant.name, expectation.metric.name)
            let found = summary.comparison(of: metric, variant: variant)?.finding
            guard found?.rawValue != expectation.finding.rawValue else { continue }
            isRight = false
            let place = expectation.metric.position
            Console.error(
                "\(experiment):\(place.line):\(place.column): \(metric) of \(variant) was expected to be "
                    + "\(expectation.finding.rawValue), and is shown to be \(found?.rawValue ?? "unknown")")
        }
        if !isRight { throw Exit.failed.code }
    }
}
