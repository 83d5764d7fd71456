import ArgumentParser
import Chronology
import Experiments
import RunDatabase
import Scenarios
import Simulation

extension SizingRule.Recommender: ExpressibleByArgument {}

/// `orrery right-size RUN.sqlite|SCENARIO|MANIFESTS…`.
struct RightSizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "right-size",
        abstract: "Compares requests with usage, and simulates what better requests would save.",
        discussion: """
            It runs a scenario, or a run again out of its database, and looks at what each container uses once a minute. \
            From a percentile of that and a margin (or from the VerticalPodAutoscaler's recommender) it takes requests, runs \
            the same scenario with them, and tells both bills, and what the pods went through. Usage stays what it was, also \
            where a scenario has it as a share of the request; limits stay, and requests never exceed them, and stay within \
            LimitRanges. What nobody says the usage of keeps its requests. Pods that the API server refuses with the other \
            requests are no saving. The saving is what the second run cost less: with machines that nothing \
            takes away the bill stays, and only more of it is idle.

            EXAMPLES
              orrery right-size reports/out/web-shop.sqlite
              orrery right-size scenarios/cost/who-pays --percentile 99 --margin 20%
              orrery right-size scenarios/cost/who-pays --recommender vpa --json | jq .after.billUSD
            """)

    @OptionGroup var input: InputOptions

    @Option(help: ArgumentHelp("The percentile of usage over the time of all pods, 1 to 100.", valueName: "number"))
    var percentile: Int64 = 95

    @Option(help: ArgumentHelp("What is added to the percentile, such as 15%.", valueName: "share"))
    var margin = "15%"

    @Option(help: "percentile, or vpa for the VerticalPodAutoscaler's recommender with its defaults.")
    var recommender: SizingRule.Recommender = .percentile

    @Option(help: ArgumentHelp("From one look at the usage to the next, such as 30s or 5m.", valueName: "duration"))
    var every = "1m"

    @Flag(name: .shortAndLong, help: "Prints no progress and no warnings.")
    var quiet = false

    @Flag(help: "Prints one JSON object.")
    var json = false

    func validate() throws {
        _ = try rule()
        if recommender == .vpa, percentile != 95 || margin != "15%" {
            throw ValidationError(
                "--recommender vpa has its own percentiles and margin: leave out --percentile and --margin.")
        }
    }

    func run() throws {
        let setup = try self.setup()
        let rule = try rule()
        let sizing = RightSizing(setup, rule: rule) { step in
            if !quiet, !json { Console.error("running \(setup.name) \(step) …") }
        }
        let report = RightSizeReport(name: setup.name, horizon: setup.horizon, sizing: sizing)
        Console.out(json ? try report.json : report.text)
    }

    /// Returns the setup of a run's database, or of what else is named.
    private func setup() throws -> WorldSetup {
        if input.parent == nil, input.inputs.count == 1, let path = input.inputs.first, path.hasSuffix(".sqlite") {
            try refuseOptions(of: path)
            return try Reloading.setup(of: try RunFile.open(path))
        }
        let loaded = try input.load()
        DiagnosticPrinter.show(loaded.diagnostics, isQuiet: quiet || json)
        try DiagnosticPrinter.stopWhenWrong(loaded)
        guard let setup = loaded.setup else { throw Exit.badInput.code }
        guard !setup.hasLiveExtenders else {
            Console.error("error: the scheduler asks live extenders, whose answers nobody can compare")
            throw Exit.badInput.code
        }
        return setup
    }

    /// Ends when an option would have to change a run that is in its database.
    private func refuseOptions(of path: String) throws {
        guard let name = input.givenOptions.first else { return }
        Console.error("error: \(name): \(path) holds a run as it was (expected a scenario or manifests with \(name))")
        throw Exit.badInput.code
    }

    private func rule() throws -> SizingRule {
        var rule = SizingRule()
        rule.recommender = recommender
        guard 1...100 ~= percentile else {
            throw ValidationError("--percentile \(percentile): a whole number from 1 to 100, such as 95.")
        }
        rule.percentile = percentile
        let digits = margin.hasSuffix("%") ? margin.dropLast() : margin[...]
        guard let share = Int64(digits), 0...1_000 ~= share else {
            throw ValidationError("--margin \(margin): a whole number of hundredths from 0% to 1000%, such as 15%.")
        }
        rule.marginPercent = share
        guard let period = try? Duration(parsing: every), period >= .seconds(1), period <= .days(1) else {
            throw ValidationError("--every \(every): a length of time from 1s to 1d, such as 1m.")
        }
        rule.sampleSeconds = period.wholeSeconds
        return rule
    }
}
