import ArgumentParser
import Experiments
import Foundation
import KubernetesAPI

/// `orrery reproduce fgd`.
struct ReproduceFGDCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fgd",
        abstract: "Repeats the experiment of \"Beware of Fragmentation\" (USENIX ATC'23) on Alibaba's GPU trace.",
        discussion: """
            Pods of a trace arrive one by one on 1,213 nodes with 6,212 GPUs until 130 % of them are asked for; the \
            scheduler places each at once or never. The three tables that the authors published are written to the \
            output folder. With --check they are compared with those in DIR/published: the exit code is 1 when a cell \
            is off by more than 0.01, or the mean of ten random runs by more than 0.3.

            DIR holds csv/, arrivals/ and published/ as in ../shared/data/openb.

            EXAMPLE
              orrery reproduce fgd --data ../shared/data/openb --traces default --policies fgd,best-fit --check
            """)

    @Option(help: ArgumentHelp("The folder with the trace.", valueName: "dir"))
    var data: String

    @Option(
        help: ArgumentHelp("Traces, such as default,gpuspec33; all that have arrivals if not given.", valueName: "list")
    )
    var traces: String?

    @Option(
        help: ArgumentHelp(
            "Seeds of the arrivals, such as 42,43 or 42-46; all there are if not given.", valueName: "list"))
    var seeds: String?

    @Option(
        help: ArgumentHelp(
            "Policies: \(FragmentationPolicy.allCases.map(\.rawValue).joined(separator: ", ")); all if not given.",
            valueName: "list"))
    var policies: String?

    @Option(help: ArgumentHelp("The folder for the tables.", valueName: "dir"))
    var output = "reports/out/fgd"

    @Option(help: "Runs of the random policy for each seed; the tables show the first.")
    var randomDraws = 2

    // What a worker is told: its number and how many there are. It prints a line behind each of its runs.
    @Option(help: .hidden)
    var share: String?

    @Option(help: "Runs at a time; as many as there are processors if not given.")
    var jobs: Int?

    @Flag(help: "Compares the tables with the published ones.")
    var check = false

    @Flag(name: .shortAndLong, help: "Shows no progress.")
    var quiet = false

    func validate() throws {
        guard randomDraws > 0, jobs ?? 1 > 0 else { throw ValidationError("Draws and jobs are at least 1.") }
        guard share == nil || chosenShare != nil else { throw ValidationError("A share is written 0/2 or 1/2.") }
    }

    func run() throws {
        Interruption.watch()
        let experiment: FragmentationExperiment
        let policies = try chosenPolicies()
        let seeds = try chosenSeeds()
        do {
            // What is to be compared with must be there before anything runs.
            if check { for table in FragmentationTable.allCases { _ = try table.published(in: data + "/published") } }
            experiment = try FragmentationExperiment(
                folder: try OpenbFolder(path: data), traces: Self.list(traces), seeds: seeds,
                policies: policies, randomDraws: randomDraws)
        } catch {
            throw Self.badInput("\(error)")
        }
        if let share = chosenShare {
            experiment.run(share) { line in
                Console.out(line.text + "\n")
                return !Interruption.isRequested
            }
            return
        }
        try Self.createFolder(output)
        let began = Stopwatch.nanoseconds
        let isShown = !quiet && Console.isErrorTerminal
        let count = experiment.count
        let workers = jobs ?? ProcessInfo.processInfo.activeProcessorCount
        let results: [FragmentationExperiment.Result]?
        do {
            results = try experiment.run(parallelism: workers, arguments: workerArguments) { done in
                if isShown { Console.errorPart("\r" + Self.progress(done, of: count, since: began)) }
                return !Interruption.isRequested
            }
        } catch {
            throw Self.badInput("\(error)")
        }
        if isShown { Console.errorPart("\r" + String(repeating: " ", count: 60) + "\r") }
        guard let results else { throw Exit.interrupted.code }
        for table in FragmentationTable.allCases {
            let path = output + "/" + table.fileName
            do {
                try table.text(results, gpus: experiment.gpus).write(toFile: path, atomically: true, encoding: .utf8)
            } catch {
                throw Self.badInput("cannot write \(path): \(error.localizedDescription)")
            }
        }
        Console.out(FragmentationSummary.means(results))
        let seconds = Double(Stopwatch.nanoseconds - began) / 1e9
        Console.out("\(count) runs in \(Figures.fixed(seconds, 1)) s; tables in \(output)\n")
        if check { try compare(results) }
    }

    private func compare(_ results: [FragmentationExperiment.Result]) throws {
        let comparison: FragmentationCheck
        do {
            comparison = try FragmentationCheck(results, published: data + "/published")
        } catch {
            throw Self.badInput("\(error)")
        }
        Console.out(FragmentationSummary.comparison(comparison))
        guard comparison.isPassed else { throw Exit.failed.code }
    }

    // MARK: - Workers

    private var chosenShare: FragmentationExperiment.Share? {
        let parts = (share ?? "").split(separator: "/").compactMap { Int($0) }
        guard parts.count == 2, parts[0] >= 0, parts[1] > parts[0] else { return nil }
        return FragmentationExperiment.Share(number: parts[0], count: parts[1])
    }

    private func workerArguments(_ share: FragmentationExperiment.Share) -> [String] {
        var arguments = ["reproduce", "fgd", "--data", data, "--random-draws", "\(randomDraws)"]
        for (option, value) in [("--traces", traces), ("--seeds", seeds), ("--policies", policies)] {
            if let value { arguments += [option, value] }
        }
        return arguments + ["--share", "\(share.number)/\(share.count)"]
    }

    // MARK: - Arguments

    private static func list(_ text: String?) -> [String] {
        (text ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    private func chosenPolicies() throws -> [FragmentationPolicy] {
        let names = Self.list(policies)
        let known = FragmentationPolicy.allCases.map(\.rawValue)
        let chosen = try names.map { name in
            guard let policy = FragmentationPolicy(rawValue: name) else {
                let hint = NearestName.of(name, among: known).map { "; did you mean \"\($0)\"?" } ?? ""
                let all = known.joined(separator: ", ")
                throw Self.badInput("there is no policy \"\(name)\" (there are: \(all))\(hint)")
            }
            return policy
        }
        return chosen.isEmpty ? FragmentationPolicy.allCases : FragmentationPolicy.allCases.filter(chosen.contains)
    }

    private func chosenSeeds() throws -> [Int] {
        try Self.list(seeds).flatMap { entry -> [Int] in
            let ends = entry.split(separator: "-", maxSplits: 1).map { Int($0) }
            guard let first = ends.first ?? nil, let last = ends.last ?? nil, first <= last, last - first < 10_000,
                !entry.hasPrefix("-"), !entry.hasSuffix("-")
            else { throw Self.badInput("\"\(entry)\" is no seed; seeds are written 42,43 or 42-46") }
            return Array(first...last)
        }
    }

    private static func createFolder(_ path: String) throws {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw badInput("cannot create the folder \(path): \(error.localizedDescription)")
        }
    }

    private static func badInput(_ message: String) -> any Error {
        Console.error("error: " + message)
        return Exit.badInput.code
    }

    private static func progress(_ done: Int, of count: Int, since began: UInt64) -> String {
        let seconds = Double(Stopwatch.nanoseconds - began) / 1e9
        let left = Figures.clock(seconds * Double(count - done) / Double(max(1, done)))
        return "\(done) of \(count) runs  \(left) left        "
    }
}
