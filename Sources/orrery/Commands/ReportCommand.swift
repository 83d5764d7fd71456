import ArgumentParser
import KubernetesAPI
import Reports
import RunDatabase

extension ReportFormat: ExpressibleByArgument {}

/// `orrery report RUN.sqlite [NAME]`.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Answers a question about a run, out of its database.",
        discussion: """
            Without a name it prints the run's summary and the reports there are, with the question that each answers. \
            A report is one .sql file: those in ./reports (or the folder that --reports names) are added to those that \
            come with Orrery, and replace them when they have the same name.

            EXAMPLES
              orrery report reports/out/web-shop.sqlite
              orrery report reports/out/web-shop.sqlite cost-by-namespace
              orrery report reports/out/web-shop.sqlite pods --format csv > pods.csv
            """)

    @Argument(help: ArgumentHelp("The database of a run.", valueName: "run.sqlite"))
    var database: String

    @Argument(help: ArgumentHelp("The report; without it: the summary and the list of reports.", valueName: "name"))
    var name: String?

    @Option(help: "table (aligned, with units), csv or json (raw numbers).")
    var format: ReportFormat = .table

    @Option(help: ArgumentHelp("A folder with more reports, instead of ./reports.", valueName: "dir"))
    var reports: String?

    func run() throws {
        if let experiment = try? ExperimentReader(path: database) { return try tell(experiment) }
        let reader = try RunFile.open(database)
        let catalog = try attempt { () throws(ReportError) in try ReportCatalog(userFolder: reports) }
        RunFile.warnWhenIncomplete(reader.run)
        guard let name else {
            try printOverview(reader, catalog)
            return
        }
        let report = try attempt { () throws(ReportError) in try catalog.report(named: name) }
        let table = try attempt { () throws(ReportError) in try ReportRunner.run(report, on: reader) }
        if format == .table { Console.out("\(report.title): \(report.question)\n\n") }
        Console.out(table.text(format))
    }

    private func tell(_ experiment: ExperimentReader) throws {
        if let name {
            Console.error("error: \(database) holds an experiment, and \"\(name)\" is a report of runs")
            throw Exit.badInput.code
        }
        let summary = try RunFile.attempt { () throws(RunDatabaseError) in try ExperimentSummary(of: experiment) }
        switch format {
        case .json: Console.out(summary.json)
        case .table: Console.out(summary.text)
        case .csv: Console.out(summary.csv)
        }
    }

    private func printOverview(_ reader: RunReader, _ catalog: ReportCatalog) throws {
        let summary = try RunFile.attempt { () throws(RunDatabaseError) in try RunSummary(of: reader) }
        switch format {
        case .json: Console.out(summary.json)
        case .csv:
            let report = try attempt { () throws(ReportError) in try catalog.report(named: "summary") }
            Console.out(try attempt { () throws(ReportError) in try ReportRunner.run(report, on: reader) }.text(.csv))
        case .table:
            Console.out(summary.text)
            var columns = TextColumns([.left, .left])
            for report in catalog.reports { columns.add([report.name, report.question]) }
            Console.out("\nReports (\(Invocation.line("report", database)) NAME)\n" + columns.text())
        }
    }

    private func attempt<Value>(_ body: () throws(ReportError) -> Value) throws -> Value {
        do {
            return try body()
        } catch {
            var line = "error: \(error)"
            if case .unknown(let wanted, let known) = error, let near = NearestName.of(wanted, among: known) {
                line += "; did you mean \"\(near)\"?"
            }
            Console.error(line)
            throw Exit.badInput.code
        }
    }
}
