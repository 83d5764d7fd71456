import Chronology
import Experiments
import Foundation
import RunDatabase
import Scenarios
import Statistics

/// Has the runs of a forecast made, or taken from shares, and writes and tells what they come to.
struct ForecastRun {
    let prepared: PreparedForecast
    let path: String
    let isJSON: Bool
    let isQuiet: Bool

    /// Runs before the first look at the interval.
    private static let runsLeast = 10

    /// Opens the database, or goes on with it.
    func open(_ path: String? = nil, isNamed: Bool, restarts: Bool) throws -> ExperimentFile {
        try ExperimentOutput.open(path ?? self.path, isNamed: isNamed, restarts: restarts) {
            file throws(RunDatabaseError) in
            try file.begin(prepared.experiment, variants: prepared.design.variantRows, inputs: prepared.inputs)
        }
    }

    /// Runs until the interval is narrow enough, or all there are, in workers.
    func run(_ options: ForecastRunOptions) throws {
        let file = try open(isNamed: options.output != nil, restarts: options.workers.restart)
        let rows = try fill(file) { try run($0, in: file, options.workers) }
        try finish(file, rows)
    }

    /// Takes the outcomes of shares, as many as a run on one machine would have made.
    func merge(_ parts: [ExperimentReader], isNamed: Bool, restarts: Bool) throws {
        let file = try open(isNamed: isNamed, restarts: restarts)
        let rows = try fill(file) { wanted in
            let missing = try RunFile.attempt { () throws(RunDatabaseError) in
                try ShareMerge.merge(parts, into: file, of: prepared.experiment, wanted)
            }
            guard missing.isEmpty else {
                Console.error(
                    "\(missing.count) of \(wanted.count) runs are in none of the files; merge the rest into "
                        + "\(file.path), or let orrery forecast run them")
                throw Exit.failed.code
            }
        }
        try finish(file, rows)
    }

    /// Runs what has no outcome yet in workers; ends when it is stopped.
    func run(_ rows: [ReplicationRow], in file: ExperimentFile, _ workers: WorkerOptions) throws {
        let paths = prepared.inputs
        let batch = ReplicationBatch(file: file, runner: try workers.runner(), wantsDays: true) { request in
            guard let name = ForecastDesign.path(readBy: request).map(ForecastDesign.input(ofPath:)) else { return [] }
            return paths.filter { $0.name == name }.map { SuppliedInput(name: $0.name, text: $0.text) }
        }
        Interruption.watch()
        let progress = ReplicationProgress(isQuiet: isQuiet || isJSON)
        let isComplete: Bool
        do {
            defer { progress.clear() }
            isComplete = try batch.run(rows) {
                progress.show($0)
                return !Interruption.isRequested
            }
        } catch {
            throw PreparedForecast.wrong("\(error)")
        }
        guard isComplete else {
            Console.error("stopped; the same command goes on with \(file.path)")
            throw Exit.interrupted.code
        }
    }

    /// Has runs made until there are enough; returns them with what came of them.
    private func fill(
        _ file: ExperimentFile, _ make: ([ReplicationRow]) throws -> Void
    ) throws -> [ReplicationRow] {
        let (target, most) = (prepared.document.intervalShare, prepared.document.replications)
        var count = target == nil ? most : min(most, Self.runsLeast)
        while true {
            try make(prepared.design.rows(count))
            let last = prepared.design.rowCount(count)
            let rows = try RunFile.attempt { () throws(RunDatabaseError) in
                try ExperimentReader(path: file.path).replications(withDays: true)
            }.filter { $0.id <= last }
            guard let target, count < most else { return rows }
            if let mean = ForecastAnalysis.totalMean(of: rows), mean.halfWidth <= target * mean.mean { return rows }
            // Looks at every run would stop too early too often: each comes after a quarter more of them.
            count = min(most, count + max(2, count / 4))
        }
    }

    // MARK: - The end

    private func finish(_ file: ExperimentFile, _ rows: [ReplicationRow]) throws {
        let analysis = ForecastAnalysis(
            rows, paths: prepared.paths, limits: prepared.limits, start: prepared.start, design: prepared.design)
        let digest = ReplicationBatch.digest(of: rows)
        try RunFile.attempt { () throws(RunDatabaseError) in
            try file.record(analysis.rows, parameters: parameters(analysis))
            try file.finish(digest: digest)
        }
        let report = ForecastReport(
            prepared: prepared, analysis: analysis, digest: digest,
            lost: rows.filter { $0.outcome?.digest == nil })
        if isJSON { Console.out(try report.json) } else { tell(report) }
        if !report.lost.isEmpty { throw Exit.failed.code }
    }

    private func tell(_ report: ForecastReport) {
        let page = (path as NSString).deletingPathExtension + ".html"
        let next = Invocation.line("report", path, "--format", "html", "--output", page)
        Console.out(report.text + "\nDatabase   \(path)\nNext       \(next)\n")
    }

    private func parameters(_ analysis: ForecastAnalysis) -> [(name: String, value: String)] {
        let input = prepared.input
        var parameters: [(name: String, value: String)] = [
            ("forecast.growth", prepared.document.growth?.text ?? "none"),
            ("forecast.history", input.files.first?.name ?? ""),
            ("forecast.horizon", "\(prepared.horizon)"),
        ]
        for limit in prepared.limits {
            let value = "\(limit.drawn) at \(limit.value) \(limit.unit)"
            parameters.append((name: "forecast.limit.\(limit.name)", value: value))
        }
        parameters += [
            ("forecast.methods", prepared.forecast.members.map(input.named).joined(separator: ", ")),
            ("forecast.pairs", "\(analysis.variance?.pairs ?? 0)"),
            ("forecast.runs", "\(analysis.runs)"), ("forecast.seed", "\(prepared.document.seed)"),
            ("forecast.start", prepared.start.text(decimals: .none)),
            ("forecast.step", "\(input.grid.step)"),
        ]
        return parameters
    }
}
