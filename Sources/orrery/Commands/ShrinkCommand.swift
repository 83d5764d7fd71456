import ArgumentParser
import Experiments
import Foundation
import Scenarios
import Simulation

/// `orrery shrink --seed S`.
struct ShrinkCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shrink",
        abstract: "Finds the smallest scenario that fails as a seed of the swarm, or a scenario, does.",
        discussion: """
            Takes out workloads, faults, changes, pools and fields, makes machines, replicas and times fewer and \
            rounder, and ends the run at the failing event; a step is kept when the same invariant breaks, the cluster \
            does not settle for the same reason, or the process ends in the same place. What is left is written as a \
            scenario folder, whose title is the cause in one line: say there what was wrong once you know it.

            EXAMPLES
              orrery shrink --seed 17
              orrery shrink my-scenario --name stuck-rollout
              orrery swarm --scenario scenarios/regressions/stuck-rollout      does it still fail?
            """)

    @Argument(help: ArgumentHelp("A scenario that fails, instead of a seed.", valueName: "folder"))
    var scenario: String?

    @Option(help: ArgumentHelp("A seed of the swarm that fails.", valueName: "number"))
    var seed: UInt64?

    @Option(help: ArgumentHelp("The name of the scenario that is written.", valueName: "name"))
    var name: String?

    @Option(help: ArgumentHelp("The folder in which it is written.", valueName: "folder"))
    var output = "scenarios/regressions"

    @Option(help: ArgumentHelp("Scenarios that are tried at most.", valueName: "number"))
    var tries = 5_000

    @Flag(name: .shortAndLong, help: "Shows no progress.")
    var quiet = false

    func validate() throws {
        guard seed == nil || scenario == nil else {
            throw ValidationError("--seed and \(scenario ?? ""): one of the two is shrunk, not both.")
        }
        guard (seed == nil) != (scenario == nil) else { throw ValidationError("Name a seed or a scenario.") }
        guard tries > 0 else { throw ValidationError("At least one scenario must be tried.") }
        if let name, name.contains("/") || name.isEmpty { throw ValidationError("The name is that of one folder.") }
    }

    func run() throws {
        Interruption.watch()
        let found = try original()
        let runner = CaseRunner(worker: .current) { ["swarm", "--worker", "--scenario", $0] }
        let isShown = !quiet && Console.isErrorTerminal
        do {
            let shrinker = try Shrinker(
                found, limit: tries,
                progress: { tries, bytes in
                    if isShown { Console.errorPart("\r\(tries) tries, the last of \(bytes) bytes   ") }
                    return !Interruption.isRequested
                }, judge: runner.outcome)
            guard var shrinker else {
                Console.error(
                    "\(seed.map { "seed \($0)" } ?? scenario ?? "") does not fail: there is nothing to shrink")
                throw Exit.badInput.code
            }
            let result = try shrinker.shrink()
            if isShown { Console.errorPart("\r" + String(repeating: " ", count: 60) + "\r") }
            try tell(result)
        } catch let error as ExitCode {
            throw error
        } catch {
            Console.error("error: a case cannot be run: \(error.localizedDescription)")
            throw Exit.badInput.code
        }
        if Interruption.isRequested { throw Exit.interrupted.code }
    }

    private func original() throws -> SwarmCase {
        if let seed { return .ofSeed(seed) }
        var request = RunRequest()
        request.scenario = scenario
        let loaded = ScenarioLoader.load(request)
        DiagnosticPrinter.show(loaded.diagnostics, isQuiet: quiet)
        try DiagnosticPrinter.stopWhenWrong(loaded)
        let inputs = (loaded.setup?.inputs ?? []).filter { $0.name != ScenarioLoader.requestName }
        // The scenario is read before what it names.
        return SwarmCase(
            files: inputs.enumerated().map { index, input in
                SwarmCase.File(name: index == 0 ? SwarmCase.scenarioName : input.name, text: input.text)
            })
    }

    private func tell(_ result: Shrinker.Result) throws {
        let origin = seed.map { "seed \($0) of the swarm" } ?? scenario ?? ""
        let slug = name ?? Self.slug(of: result.failure) + (seed.map { "-\($0)" } ?? "")
        let cause = "\(result.failure.kind.rawValue): \(result.failure.subject): \(result.failure.message)"
        let regression = result.swarmCase.regression(
            named: slug, cause: String(cause.prefix(160)), origin: "Shrunk from \(origin).")
        let folder = try SwarmFiles.write(regression, to: "\(output)/\(slug)")
        Console.out(
            """
            \(result.failure)
            \(result.tries) tries\(result.isMinimal ? "; nothing more can be taken out" : "; stopped before the end")
            Scenario  \(folder)
            Next
              \(Invocation.line("swarm", "--scenario", folder))
              once it holds: say in its title what was wrong, name it in scenarios/README.md, and keep its summary:
              \(Invocation.line("run", folder, "--check", "--json")) > \(folder)/expected/summary.json

            """)
    }

    private static func slug(of failure: SwarmFailure) -> String {
        let text = "\(failure.kind.rawValue) \(failure.subject)".lowercased()
        let letters = text.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
        return String(letters).split(separator: "-").prefix(8).joined(separator: "-")
    }
}
