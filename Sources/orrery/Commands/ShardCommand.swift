import ArgumentParser
import Experiments
import RunDatabase
import Scenarios

/// `orrery shard EXPERIMENT`.
struct ShardCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shard",
        abstract:
            "Runs a share of an experiment or a forecast, so that several machines run it together, and merges the shares.",
        discussion: """
            An experiment is a file as orrery compare reads it, and a forecast one as orrery forecast does. Each share is a file of its own; one that was stopped goes on where it was. Merged, they are the same \
            rows as a run on one machine, to the digest. A driver for Dask and an Indexed Job for Kubernetes can be \
            printed.

            EXAMPLES
              orrery shard experiment.yaml --unit 0/4 -o part-0.sqlite      the first of four
              orrery shard experiment.yaml --merge part-*.sqlite -o all.sqlite
              orrery shard scenarios/forecast/growing-shop --unit 0/4 -o part-0.sqlite
              orrery shard experiment.yaml --print kubernetes-job --units 16 --image registry.example.com/orrery:1
              orrery shard experiment.yaml --print dask-driver > dask_shard.py
              python dask_shard.py experiment.yaml --scheduler tcp://host:8786

            EXIT CODES
              0  done
              1  merging: a share is missing, a run was lost, or what the experiment expects was not shown
              2  bad input
            """)

    /// What can be printed.
    enum Printed: String, CaseIterable, ExpressibleByArgument {
        case kubernetesJob = "kubernetes-job"
        case daskDriver = "dask-driver"
    }

    @Argument(
        help: ArgumentHelp(
            "An experiment or a forecast file, or a folder with experiment.yaml or forecast.yaml.",
            valueName: "experiment"))
    var experiment: String

    @Option(help: ArgumentHelp("Runs this share: its number from 0, and how many there are.", valueName: "I/N"))
    var unit: String?

    @Option(parsing: .upToNextOption, help: ArgumentHelp("Merges the databases of shares.", valueName: "files"))
    var merge: [String] = []

    @Option(help: ArgumentHelp("Prints what runs the shares elsewhere: kubernetes-job or dask-driver."))
    var print: Printed?

    @Option(help: ArgumentHelp("How many shares a printed Job has.", valueName: "N"))
    var units = 8

    @Option(help: ArgumentHelp("The image of a printed Job, which holds the orrery binary.", valueName: "image"))
    var image = "registry.example.com/orrery:latest"

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Where the database goes (default: in reports/out).", valueName: "file.sqlite"))
    var output: String?

    @OptionGroup var workers: WorkerOptions

    @Flag(help: "Prints one JSON object when shares are merged.")
    var json = false

    @Flag(name: .shortAndLong, help: "Shows no progress, no warnings and no tables.")
    var quiet = false

    func validate() throws {
        let asked = [unit != nil, !merge.isEmpty, print != nil].count { $0 }
        guard asked == 1 else {
            throw ValidationError("Say one of --unit I/N, --merge files and --print kubernetes-job|dask-driver.")
        }
        if let unit, ExperimentShare(parsing: unit) == nil {
            throw ValidationError("\"\(unit)\" is no share; write 0/4 for the first of four.")
        }
        guard (1...100_000).contains(units) else { throw ValidationError("--units is a number from 1 to 100000.") }
    }

    func run() throws {
        if print == .daskDriver { return Console.out(ShardText.daskDriver) }
        if let file = ForecastLoader.file(experiment) { return try run(forecast: file) }
        let (loaded, document) = try ComparisonEnd.load(experiment, isQuiet: quiet || json)
        if print == .kubernetesJob {
            return Console.out(
                ShardText.kubernetesJob(name: document.name, experiment: experiment, image: image, count: units))
        }
        let plan = ComparisonPlan(loaded, document: document)
        if let share = unit.flatMap({ ExperimentShare(parsing: $0) }) { return try run(share, of: plan, document.name) }
        try merge(
            plan, ComparisonEnd(path: mergedPath(document), loaded: loaded, document: document, experiment: experiment))
    }

    // MARK: - Forecasts

    private func run(forecast file: String) throws {
        let document = try PreparedForecast.document(file, isQuiet: quiet || json)
        let input = try PreparedForecast.input(document, isQuiet: quiet || json)
        let prepared = try PreparedForecast(document, input: input, isQuiet: quiet || json)
        if print == .kubernetesJob {
            return Console.out(
                ShardText.kubernetesJob(name: prepared.name, experiment: experiment, image: image, count: units))
        }
        guard let share = unit.flatMap({ ExperimentShare(parsing: $0) }) else {
            let run = ForecastRun(
                prepared: prepared, path: output ?? prepared.defaultPath, isJSON: json, isQuiet: quiet)
            return try run.merge(try parts(), isNamed: output != nil, restarts: workers.restart)
        }
        let path = output ?? partPath(prepared.name, share)
        let run = ForecastRun(prepared: prepared, path: path, isJSON: json, isQuiet: quiet)
        let database = try run.open(isNamed: output != nil, restarts: workers.restart)
        // How many runs the interval asks for is known only when shares are merged: all that it may.
        let rows = share.replications(of: prepared.design.rows(document.replications))
        try run.run(rows, in: database, workers)
        try close(database, rows.count)
    }

    // MARK: - Experiments

    private func partPath(_ name: String, _ share: ExperimentShare) -> String {
        ExperimentOutput.defaultPath("shard", "\(name)-\(share.number)-of-\(share.count)")
    }

    private func parts() throws -> [ExperimentReader] {
        try merge.map { path in
            try RunFile.attempt { () throws(RunDatabaseError) in try ExperimentReader(path: path) }
        }
    }

    private func close(_ file: ExperimentFile, _ count: Int) throws {
        try RunFile.attempt { () throws(RunDatabaseError) in
            let done = try ExperimentReader(path: file.path).replications(withDays: true)
            try file.finish(digest: ReplicationBatch.digest(of: done))
        }
        if !quiet { Console.out("\(count) runs in \(file.path)\n") }
    }

    private func mergedPath(_ document: ExperimentDocument) -> String {
        output ?? ExperimentOutput.defaultPath("compare", document.name)
    }

    private func open(_ path: String, _ plan: ComparisonPlan) throws -> ExperimentFile {
        try ExperimentOutput.open(path, isNamed: output != nil, restarts: workers.restart) {
            file throws(RunDatabaseError) in
            try file.begin(plan.experiment, variants: plan.variants, inputs: plan.inputs)
        }
    }

    private func run(_ share: ExperimentShare, of plan: ComparisonPlan, _ name: String) throws {
        let path = output ?? partPath(name, share)
        let file = try open(path, plan)
        let rows = share.replications(of: plan.replications)
        let isComplete = try workers.run(rows, in: file, isQuiet: quiet || json)
        guard isComplete else {
            Console.error("stopped; the same command goes on with \(path)")
            throw Exit.interrupted.code
        }
        try close(file, rows.count)
    }

    private func merge(_ plan: ComparisonPlan, _ end: ComparisonEnd) throws {
        let parts = try self.parts()
        let file = try open(end.path, plan)
        let missing = try RunFile.attempt { () throws(RunDatabaseError) in
            try ShareMerge.merge(parts, into: file, of: plan.experiment, plan.replications)
        }
        guard missing.isEmpty else {
            Console.error(
                "\(missing.count) of \(plan.replications.count) runs are in none of the files; merge the rest into "
                    + "\(end.path), or let orrery compare run them")
            throw Exit.failed.code
        }
        try end.finish(file, json: json, quiet: quiet)
    }
}
