import ArgumentParser
import Conformance

/// `orrery conformance`.
struct ConformanceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conformance",
        abstract: "Compares what we do with what was recorded from the real Kubernetes.",
        subcommands: [SchedulerConformanceCommand.self, ControllersConformanceCommand.self])
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
        let place = try RecordedCases(path: path, family: family, what: "decisions")
        var report = SchedulerConformance.run(folder: place.folder)
        if let only = place.family {
            report.families.removeAll { $0.name != only }
            report.problems.removeAll { !$0.contains(only + "/") }
        }
        try place.tell(report, verbose: verbose ? 10 : 0)
    }
}
