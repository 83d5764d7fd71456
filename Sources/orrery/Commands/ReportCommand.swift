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
              orrery report reports/out/web-shop.sqlite who-pays --set by=label --set label=app --set idle=shareByNode
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

    @Option(
        help: ArgumentHelp(
            "A parameter of the report; its .sql file names them. Again for more.", valueName: "name=value"))
    var set: [String] = []

    func run() throws {
        let reader = try RunFile.open(database)
        let catalog = try attempt { () throws(ReportError) in try ReportCatalog(userFolder: reports) }
        RunFile.warnWhenIncomplete(reader.run)
        guard let name else {
            if let first = set.first {
                Console.error("error: --set \(first): there is no report to set it for")
                throw Exit.badInput.code
            }
            try printOverview(reader, catalog)
            return
        }
        let report = try attempt { () throws(ReportError) in try catalog.report(named: name) }
        let table = try attempt { () throws(ReportError) in try ReportRunner.run(report, on: reader, settings: set) }
        if format == .table { Console.out("\(report.title): \(report.question)\n\n") }
        Console.out(table.text(format))
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
            if case .unknownParameter(_, let setting, let known) = error,
                let near = NearestName.of(String(setting.prefix { $0 != "=" }), among: known)
            {
                line += "; did you mean \"\(near)\"?"
            }
            Console.error(line)
            throw Exit.badInput.code
        }
    }
}
