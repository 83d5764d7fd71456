import ArgumentParser
import Chronology
import Exports
import Foundation
import RunDatabase
import Simulation

/// `orrery export RUN.sqlite`.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes a run for the tools that people have: Prometheus and Grafana, or tables as CSV.",
        discussion: """
            openmetrics: what kube-state-metrics, cAdvisor and OpenCost would have told of the cluster, with the names and \
            labels of kube-prometheus and the times of the virtual clock, so that dashboards and alert rules run on it. The \
            run is repeated out of its database to see every object; digests prove that it is the same run.
            csv: every table and every view of the database as a file in a folder, and datapackage.json with their types.

            EXAMPLES
              orrery export run.sqlite -o run.om --start 13h30m --end 16h
              promtool tsdb create-blocks-from openmetrics run.om data
              prometheus --storage.tsdb.path=data --storage.tsdb.retention.time=100y
              orrery export run.sqlite --format csv -o tables
            """)

    /// What is written.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case openmetrics, csv
    }

    @Argument(help: ArgumentHelp("The database of a run.", valueName: "run.sqlite"))
    var database: String

    @Option(help: "openmetrics or csv.")
    var format: Format = .openmetrics

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "The file (openmetrics; without it standard output) or the folder (csv) that is written.",
            valueName: "path"))
    var output: String?

    @Option(help: ArgumentHelp("openmetrics: the time between two scrapes.", valueName: "duration"))
    var step: String = "30s"

    @Option(
        help: ArgumentHelp(
            "openmetrics: the first scrape, as a time since the start of the run (13h30m) or a date.", valueName: "time"
        ))
    var start: String?

    @Option(help: ArgumentHelp("openmetrics: the end, written likewise.", valueName: "time"))
    var end: String?

    @Option(
        help: ArgumentHelp(
            "openmetrics: a label of all samples, to tell runs apart in one Prometheus. Again for more.",
            valueName: "name=value"))
    var label: [String] = []

    @Flag(name: .shortAndLong, help: "Shows no progress.")
    var quiet = false

    func validate() throws {
        if format == .csv {
            guard output != nil else { throw ValidationError("--format csv writes a folder: name it with --output.") }
            guard step == "30s", start == nil, end == nil, label.isEmpty else {
                throw ValidationError("--step, --start, --end and --label are for --format openmetrics.")
            }
        }
    }

    func run() throws {
        if let output { try OutputFile.refuse(output, over: [database]) }
        switch format {
        case .openmetrics:
            let reader = try RunFile.open(database)
            RunFile.warnWhenIncomplete(reader.run)
            try MetricsExport(self, of: reader).run()
        case .csv:
            try writeTables(to: output ?? ".")
        }
    }

    private func writeTables(to folder: String) throws {
        let reader = try RunFile.attempt { () throws(RunDatabaseError) in try TableReader(path: database) }
        var open: (name: String, file: OutputStreamFile)?
        var failure: (any Error)?
        func write(_ name: String, _ bytes: [UInt8]) {
            guard failure == nil else { return }
            do {
                if open?.name != name {
                    try open?.file.close()
                    open = (name, try OutputStreamFile(folder + "/" + name))
                }
                open?.file.write(bytes)
            } catch {
                failure = error
            }
        }
        let written = try RunFile.attempt { () throws(RunDatabaseError) in try TableFolder(reader).write(write) }
        if let failure { throw failure }
        try open?.file.close()
        guard !quiet else { return }
        Console.error(
            "\(written.tables) tables and views with \(Figures.grouped(written.rows)) rows in \(folder); "
                + "\(TableFolder.packageName) has their types")
    }
}
