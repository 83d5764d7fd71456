import ArgumentParser
import KubernetesAPI
import Reports
import RunDatabase

extension ReportCommand {
    /// The form in which an answer is written.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case table, md, csv, json, html

        /// The form of a table; nil for what is no table.
        var ofTables: ReportFormat? { ReportFormat(rawValue: rawValue) }
    }
}

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
              orrery report reports/out/web-shop.sqlite pods --format csv --types > pods.schema.json
              orrery report reports/out/web-shop.sqlite --format html -o web-shop.html

            The database of an experiment (orrery compare) is told as its comparison, that of a forecast as its \
            quantiles, the dates of its limits and the parts of its variance. --format html makes one page with charts \
            and sortable tables that needs no network: for a screen, a telephone or paper.
            """)

    @Argument(help: ArgumentHelp("The database of a run.", valueName: "run.sqlite"))
    var database: String

    @Argument(help: ArgumentHelp("The report; without it: the summary and the list of reports.", valueName: "name"))
    var name: String?

    @Option(
        help: """
            table (aligned, with units), md (the same in Markdown), csv or json (raw numbers), or html (a page, without a \
            name).
            """)
    var format: Format = .table

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Where it is written, instead of on standard output.", valueName: "file"))
    var output: String?

    @Option(help: ArgumentHelp("A folder with more reports, instead of ./reports.", valueName: "dir"))
    var reports: String?

    @Option(
        help: ArgumentHelp(
            "A parameter of the report; its .sql file names them. Again for more.", valueName: "name=value"))
    var set: [String] = []

    @Flag(
        help:
            "With csv: what the columns are, as a Table Schema in JSON, in place of the rows; orrery export has all tables."
    )
    var types = false

    func validate() throws {
        if types, format != .csv || name == nil {
            throw ValidationError("--types tells of the columns of a report with --format csv: name the report.")
        }
        if format == .html, name != nil {
            throw ValidationError("--format html makes a page of the whole run: leave out the name of a report.")
        }
        if name == nil, let first = set.first {
            throw ValidationError("--set \(first): there is no report to set it for.")
        }
    }

    func run() throws {
        if let output { try OutputFile.refuse(output, over: [database]) }
        let text: String
        if let experiment = try? ExperimentReader(path: database) {
            text = try answer(experiment)
        } else {
            let reader = try RunFile.open(database)
            let catalog = try attempt { () throws(ReportError) in try ReportCatalog(userFolder: reports) }
            // Of a report that is asked for, what is wrong is told as an error.
            for problem in catalog.problems where problem.name != name { Console.error("warning: \(problem.error)") }
            RunFile.warnWhenIncomplete(reader.run)
            text = try name.map { try answer(reader, catalog, $0) } ?? overview(reader, catalog)
        }
        if let output { try OutputFile.write(text, to: output) } else { Console.out(text) }
    }

    private func answer(_ reader: RunReader, _ catalog: ReportCatalog, _ name: String) throws -> String {
        let report = try attempt { () throws(ReportError) in try catalog.report(named: name) }
        let table = try attempt { () throws(ReportError) in
            try ReportRunner.run(report, on: reader, settings: set)
        }
        return types ? table.typesText : heading(report) + table.text(format.ofTables ?? .table)
    }

    private func heading(_ report: ReportDefinition) -> String {
        switch format {
        case .table: "\(report.title): \(report.question)\n\n"
        case .md: "## \(report.title)\n\n\(report.question)\n\n"
        case .csv, .json, .html: ""
        }
    }

    private func answer(_ experiment: ExperimentReader) throws -> String {
        if let name {
            Console.error("error: \(database) holds an experiment, and \"\(name)\" is a report of runs")
            throw Exit.badInput.code
        }
        if format == .html {
            return try RunFile.attempt { () throws(RunDatabaseError) in try ExperimentPage(of: experiment).html() }
        }
        let summary = try RunFile.attempt { () throws(RunDatabaseError) in try ExperimentSummary(of: experiment) }
        switch format {
        case .json: return summary.json
        case .csv: return summary.table.text(.csv)
        case .md: return "## \(summary.experiment.name)\n\n```\n\(summary.text)```\n"
        case .table, .html: return summary.text
        }
    }

    private func overview(_ reader: RunReader, _ catalog: ReportCatalog) throws -> String {
        if format == .html {
            return try RunFile.attempt { () throws(RunDatabaseError) in try RunPage(of: reader).html() }
        }
        let summary = try RunFile.attempt { () throws(RunDatabaseError) in try RunSummary(of: reader) }
        switch format {
        case .json: return summary.json
        case .csv, .md: return try answer(reader, catalog, "summary")
        case .table, .html:
            var columns = TextColumns([.left, .left])
            for report in catalog.reports { columns.add([report.name, report.question]) }
            return summary.text + "\nReports (\(Invocation.line("report", database)) NAME)\n" + columns.text()
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
