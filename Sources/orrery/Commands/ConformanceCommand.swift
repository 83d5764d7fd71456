import ArgumentParser
import Conformance
import Foundation

/// `orrery conformance scheduler PATH`.
struct ConformanceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conformance",
        abstract: "Compares decisions with those recorded from the real Kubernetes.",
        subcommands: [SchedulerConformanceCommand.self])
}

/// `orrery conformance scheduler PATH`.
struct SchedulerConformanceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scheduler",
        abstract: "Replays recorded decisions of kube-scheduler v1.36.",
        discussion: """
            PATH holds one folder of cases for each family; or it is such a folder. The last line is \
            `N of M decisions agree`; the exit code is 1 unless all do.

            EXAMPLE
              orrery conformance scheduler ../shared/golden/scheduler --family taints --verbose
            """)

    @Argument(help: ArgumentHelp("The folder with the recorded decisions.", valueName: "path"))
    var path: String

    @Flag(name: .shortAndLong, help: "Shows what differs, up to ten decisions of each family.")
    var verbose = false

    @Option(help: ArgumentHelp("Compares this family only.", valueName: "name"))
    var family: String?

    func run() throws {
        var folder = path
        while folder.count > 1, folder.hasSuffix("/") { folder.removeLast() }
        var only = family
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        if names.contains(where: { $0.hasSuffix(".json") }) {
            let place = URL(fileURLWithPath: folder)
            only = place.lastPathComponent
            folder = place.deletingLastPathComponent().path
        }
        guard !names.isEmpty else {
            Console.error("error: \(path) is no folder with recorded decisions")
            throw Exit.badInput.code
        }
        var report = SchedulerConformance.run(folder: folder)
        if let only {
            let known = report.families.map(\.name)
            guard known.contains(only) else {
                Console.error("error: there is no family \"\(only)\" (there are: \(known.joined(separator: ", ")))")
                throw Exit.badInput.code
            }
            report.families.removeAll { $0.name != only }
            report.problems.removeAll { !$0.contains(only + "/") }
        }
        Console.out(report.lines(verbose: verbose ? 10 : 0).map { $0 + "\n" }.joined())
        guard report.problems.isEmpty, report.decisions > 0, report.agreeing == report.decisions else {
            throw Exit.failed.code
        }
    }
}
