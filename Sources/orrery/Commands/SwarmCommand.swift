import ArgumentParser
import Chronology
import Experiments
import Foundation
import Scenarios
import Simulation

/// `orrery swarm --seeds A..B`.
struct SwarmCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "swarm",
        abstract: "Hunts for bugs: random clusters, random workloads, random faults, one seed after the other.",
        discussion: """
            Each seed draws a small cluster, what runs on it, what people do to it and what breaks, and which of all \
            that exists at all. While things break, every invariant is checked after every event. Then everything is \
            mended, and within 45 minutes of virtual time the cluster must be where its objects want it: every pod that \
            fits anywhere runs, workloads have what they ask for, and no controller wants to change anything.

            A seed that fails is written to a folder as a scenario like any other, and named with the one command that \
            repeats it. The exit code is 1 when a seed fails. Seeds run in processes of their own: one that ends its \
            process counts as failed and is named, too. The same seeds give the same results at any parallelism.

            EXAMPLES
              orrery swarm --seeds 1000
              orrery swarm --seeds 1001..5000 --parallel 4 --json
              orrery swarm --seeds 17..17              one seed again
              orrery swarm --seeds 17..17 --write      its scenario as files
              orrery swarm --scenario scenarios/failures/control-plane
              orrery shrink --seed 17                  the smallest scenario that fails in the same way
            """)

    @Option(help: ArgumentHelp("A number of seeds (from 1 on), or the first and the last one.", valueName: "N|A..B"))
    var seeds: String?

    @Option(help: ArgumentHelp("Checks this scenario as a seed's is, instead of seeds.", valueName: "folder"))
    var scenario: String?

    @Option(help: ArgumentHelp("Processes at a time; auto takes one for each processor.", valueName: "K|auto"))
    var parallel = "1"

    @Option(name: .shortAndLong, help: ArgumentHelp("Where scenarios are written.", valueName: "folder"))
    var output = "reports/out/swarm"

    @Flag(help: "Writes the scenarios of all seeds, at most 100, and runs none.")
    var write = false

    @Flag(help: "Prints one JSON object instead of lines.")
    var json = false

    @Flag(name: .shortAndLong, help: "Shows no progress.")
    var quiet = false

    // What a worker is told; it prints a line before and behind each seed.
    @Flag(help: .hidden)
    var worker = false

    func validate() throws {
        guard seeds == nil || scenario == nil else {
            throw ValidationError("--seeds and --scenario: one of the two is checked, not both.")
        }
        guard (seeds == nil) != (scenario == nil) else {
            throw ValidationError("Say which seeds (--seeds 1000), or which scenario (--scenario folder).")
        }
        if let seeds { _ = try Self.range(seeds) }
        _ = try ProcessCount.parsed(parallel)
    }

    func run() throws {
        if let scenario { return try check(scenario) }
        let range = try Self.range(seeds ?? "1")
        if worker { return work(range) }
        if write { return try writeAll(range) }
        Interruption.watch()
        let progress = SwarmProgress(count: range.count, isQuiet: quiet || json)
        let swarm = Swarm(seeds: range, parallelism: try ProcessCount.parsed(parallel), worker: .current) { slice in
            ["swarm", "--worker", "--seeds", "\(slice.lowerBound)..\(slice.upperBound)"]
        }
        let report: SwarmReport
        do {
            report = try swarm.run { report in
                progress.show(report)
                return !Interruption.isRequested
            }
        } catch {
            Console.error("error: a worker cannot be started: \(error.localizedDescription)")
            throw Exit.badInput.code
        }
        progress.clear()
        let folders = try report.failures.prefix(SwarmFiles.limit).map {
            try SwarmFiles.write(.ofSeed($0.seed), to: "\(output)/seed-\($0.seed)")
        }
        Console.out(json ? SwarmText.json(report, seeds: range) : SwarmText.lines(report, folders, progress.seconds))
        if Interruption.isRequested { throw Exit.interrupted.code }
        if !report.failures.isEmpty { throw Exit.failed.code }
    }

    // MARK: - One process

    private func work(_ range: ClosedRange<UInt64>) {
        let check = SwarmCheck()
        for seed in range {
            // An event that never ends would keep everybody waiting.
            alarm(SwarmFiles.secondsLimit)
            Console.out(SwarmLine.began(seed).text + "\n")
            Console.out(SwarmLine.ended(seed, check.outcome(of: .ofSeed(seed))).text + "\n")
        }
        alarm(0)
    }

    private func check(_ path: String) throws {
        var request = RunRequest()
        request.scenario = path
        let loaded = ScenarioLoader.load(request)
        if !worker { DiagnosticPrinter.show(loaded.diagnostics, isQuiet: quiet || json) }
        guard let setup = loaded.setup else {
            if !worker { try DiagnosticPrinter.stopWhenWrong(loaded) }
            throw Exit.badInput.code
        }
        if worker {
            alarm(SwarmFiles.secondsLimit)
            Console.out(SwarmLine.began(0).text + "\n")
        }
        let outcome = SwarmCheck().outcome(of: setup)
        guard !worker else { return Console.out(SwarmLine.ended(0, outcome).text + "\n") }
        Console.out(json ? SwarmText.json(outcome, name: setup.name) : SwarmText.line(outcome))
        if outcome.failure != nil { throw Exit.failed.code }
    }

    private func writeAll(_ range: ClosedRange<UInt64>) throws {
        guard range.count <= 100 else {
            Console.error("error: \(range.count) scenarios are too many to write; at most 100")
            throw Exit.badInput.code
        }
        for seed in range {
            Console.out(try SwarmFiles.write(.ofSeed(seed), to: "\(output)/seed-\(seed)") + "\n")
        }
    }

    // MARK: - Arguments

    private static func range(_ text: String) throws -> ClosedRange<UInt64> {
        let ends = text.components(separatedBy: "..").map { UInt64($0) }
        if ends.count == 1, let count = ends[0], count >= 1 { return 1...count }
        if ends.count == 2, let first = ends[0], let last = ends[1], first <= last, last < .max { return first...last }
        throw ValidationError("\"\(text)\" names no seeds; write a number such as 1000, or 1001..5000.")
    }
}
