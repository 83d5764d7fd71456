import ArgumentParser
import Experiments
import RunDatabase
import Scenarios

/// `orrery compare EXPERIMENT`.
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Runs variants of a scenario with the same chance, and says which differences are real.",
        discussion: """
            An experiment file names a scenario, axes with values (each a label and the settings that it means), and \
            a number of seeds. Every combination of values is run with every seed. The same seed gives every variant \
            the same demand, failures and delays, so that differences are taken seed by seed: their mean has a \
            Student t interval and a bootstrap interval, and p-values are corrected for the number of comparisons. \
            Where that shows nothing, the words are "no difference shown". With tieBreaks: K each seed is run with K \
            streams of the scheduler's tie-breaks, and it is told in how many of them the difference shows.

            Runs go to worker processes, one for each processor. Everything lands in one SQLite file; an experiment \
            that was stopped goes on where it was. The same experiment gives the same rows at any parallelism.

            EXAMPLES
              orrery compare scenarios/scheduling/spread-or-pack
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

    @OptionGroup var workers: WorkerOptions

    @Flag(help: "Prints one JSON object instead of tables.")
    var json = false

    @Flag(name: .shortAndLong, help: "Shows no progress, no warnings and no tables.")
    var quiet = false

    func run() throws {
        let (loaded, document) = try ComparisonEnd.load(experiment, isQuiet: quiet || json)
        let plan = ComparisonPlan(loaded, document: document)
        let path = output ?? ExperimentOutput.defaultPath("compare", document.name)
        let file = try ExperimentOutput.open(path, isNamed: output != nil, restarts: workers.restart) {
            file throws(RunDatabaseError) in
            try file.begin(plan.experiment, variants: plan.variants, inputs: plan.inputs)
        }
        let isComplete = try workers.run(plan.replications, in: file, isQuiet: quiet || json)
        guard isComplete else {
            Console.error("stopped; the same command goes on with \(path)")
            throw Exit.interrupted.code
        }
        try ComparisonEnd(path: path, loaded: loaded, document: document, experiment: experiment)
            .finish(file, json: json, quiet: quiet)
    }
}
