import ArgumentParser
import Conformance

/// `orrery conformance controllers PATH`.
struct ControllersConformanceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "controllers",
        abstract: "Replays recorded traces of kube-controller-manager v1.36.",
        discussion: """
            PATH holds one folder of cases for each family; or it is such a folder. Each case is played under virtual \
            time with a scripted kubelet, and every recorded item is compared in its own sense. The last line is \
            `N of M items agree`; the exit code is 1 unless all do.

            EXAMPLE
              orrery conformance controllers ../shared/golden/controllers --family job --verbose
            """)

    @Argument(help: ArgumentHelp("The folder with the recorded traces.", valueName: "path"))
    var path: String

    @Flag(name: .shortAndLong, help: "Shows what differs, up to ten items of each family.")
    var verbose = false

    @Option(help: ArgumentHelp("Compares this family only.", valueName: "name"))
    var family: String?

    @Option(name: .customLong("case"), help: ArgumentHelp("Compares this case only.", valueName: "name"))
    var caseName: String?

    func run() throws {
        let place = try RecordedCases(path: path, family: family, what: "traces")
        let report = ControllerConformance.run(folder: place.folder, family: place.family, name: caseName)
        try place.tell(report, verbose: verbose ? (caseName == nil ? 10 : Int.max) : 0)
    }
}
