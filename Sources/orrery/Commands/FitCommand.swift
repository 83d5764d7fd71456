import ArgumentParser
import Foundation
import KubernetesAPI
import Scenarios
import VirtualTime

/// `orrery fit FAILURES.csv`.
struct FitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fit",
        abstract: "Fits lifetimes and repair times to a failure log, and writes the fault for a scenario.",
        discussion: """
            Exponential, Weibull, lognormal and Gompertz laws are fitted by maximum likelihood, to the times from a \
            repair to the next failure of the same machine and to the times of repair. What was not seen to its end \
            counts as longer (right-censored): machines that run when the log ends, and outages without an end.

            The law with the lowest AIC is marked. A² is the statistic of Anderson and Darling, and p the share of \
            samples drawn from the law that lie as far from it: a small p says that the law is wrong, however good it \
            is among the four. The last lines are for a scenario's spec, and can be run as they are.

            FORMS OF THE FILE (CSV; its first line names the columns, in any order)
              node,start,end             outages, or duration for end; since and until
                                         say when a machine was watched (without a
                                         start: it had no outage); others are for --by
              lifetime,censored,repair   lengths (90m, or seconds); yes where the end
                                         was not seen
              System,…,Prob Started,…    the failure data of Los Alamos, as published

            EXAMPLES
              orrery fit failures.csv
              orrery fit failures.csv --by cause --until 2026-01-01
              orrery fit lifetimes.csv --json
            """)

    @Argument(help: ArgumentHelp("The failure log; - for standard input.", valueName: "file"))
    var file: String

    @Option(help: ArgumentHelp("Fits each value of a column by itself.", valueName: "column"))
    var by: String?

    @Option(
        help: ArgumentHelp(
            "From when on machines were watched; without it, from their first repair.", valueName: "time"))
    var from: String?

    @Option(
        help: ArgumentHelp("Until when they were watched; without it, the last time in the log.", valueName: "time"))
    var until: String?

    @Option(help: ArgumentHelp("Samples drawn for each test; 0 makes none.", valueName: "number"))
    var bootstrap = 199

    @Option(help: "The number from which the draws of the tests follow.")
    var seed: UInt64 = 1

    @Flag(help: "Prints one JSON object instead.")
    var json = false

    func validate() throws {
        guard (0...100_000).contains(bootstrap) else { throw ValidationError("--bootstrap is from 0 to 100000.") }
        _ = (try time(from, "--from"), try time(until, "--until"))
    }

    func run() throws {
        let log = try read()
        let column = try by.map { try place(of: $0, in: log) }
        let window = FailureLog.Window(from: try time(from, "--from"), until: try time(until, "--until"))
        try check(window, log)
        let fits = log.groups(by: column, window: window).map { group in
            FailureFit(group, replicates: bootstrap, seed: Seed(seed))
        }
        let report = FitReport(file: log.file, column: column.map { log.columns[$0] }, fits: fits)
        guard report.hasFit else {
            Console.error(report.problems)
            throw Exit.badInput.code
        }
        Console.out(json ? try report.json : report.text)
    }

    private func read() throws -> FailureLog {
        let diagnostics = Diagnostics()
        let input = file == "-" ? try StandardInput.read() : nil
        let log = FailureLog.read(path: file, standardInput: input, diagnostics)
        DiagnosticPrinter.show(diagnostics.all)
        guard let log else { throw Exit.badInput.code }
        return log
    }

    // MARK: - Arguments

    private func place(of name: String, in log: FailureLog) throws -> Int {
        if let place = log.column(name) { return place }
        let nearest = NearestName.of(name, among: log.columns).map { "; did you mean \"\($0)\"?" } ?? ""
        Console.error(
            "error: \(log.file) has no column \"\(name)\" (there are: \(log.columns.joined(separator: ", ")))\(nearest)"
        )
        throw Exit.badInput.code
    }

    private func time(_ text: String?, _ option: String) throws -> LogTime? {
        guard let text else { return nil }
        guard let time = LogTime(parsing: text) else {
            throw ValidationError("\(option) is a time as in the log: \(LogTime.example).")
        }
        return time
    }

    /// Ends when the options and the log have different kinds of time.
    private func check(_ window: FailureLog.Window, _ log: FailureLog) throws {
        for (option, time) in [("--from", window.from), ("--until", window.until)] {
            guard let time, let problem = log.problem(with: time) else { continue }
            Console.error("error: \(option) \(time): \(problem)")
            throw Exit.badInput.code
        }
    }
}
