import ArgumentParser
import Chronology
import KubernetesAPI
import Scenarios

/// `orrery import FORMAT FILE… -o FOLDER`.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Makes a scenario out of a trace that somebody recorded.",
        discussion: """
            Writes a folder with scenario.yaml, manifests and CSV files that can be run, read and changed. The same trace \
            gives the same bytes.

            FORMATS
            \(TraceRegistry.formats.map { "  \($0.name): \($0.summary)" }.joined(separator: "\n"))

            EXAMPLES
              orrery import surf-lisa tasks.csv topology.json -o lisa && orrery run lisa
              orrery import worldcup98 requests.csv -o cup --from 1998-06-10 --until 1998-06-12
              orrery import azure-llm-2023 conv.csv -o llm --cpu-per-request 1500ms --scale 10
            """)

    @Argument(help: ArgumentHelp("The form of the trace.", valueName: "format"))
    var format: String

    @Argument(help: ArgumentHelp("Its files, in the order that the format names.", valueName: "files"))
    var files: [String]

    @Option(name: .shortAndLong, help: ArgumentHelp("The folder to write.", valueName: "folder"))
    var output: String

    @Flag(help: "Replaces the folder when it is there.")
    var overwrite = false

    @Option(help: ArgumentHelp("How many machines; as many as the trace needs otherwise.", valueName: "number"))
    var machines: Int64?

    @Option(
        help: ArgumentHelp(
            "How much of the load: 0.1 takes every tenth job, or a tenth of the requests.", valueName: "factor"))
    var scale: String?

    @Option(help: ArgumentHelp("Leaves out what was before: a date, or a time since the beginning.", valueName: "time"))
    var from: String?

    @Option(help: ArgumentHelp("Leaves out what was later: a date, or a time since the beginning.", valueName: "time"))
    var until: String?

    @Option(help: ArgumentHelp("The processor time of a request, such as 10ms.", valueName: "duration"))
    var cpuPerRequest: String?

    func validate() throws { _ = try options() }

    func run() throws {
        guard let format = TraceRegistry.format(named: self.format) else {
            throw Exit.badInput.code
        }
        let folder = try begin()
        let source = TraceSource(paths: files)
        format.convert(source, try options(), into: folder)
        DiagnosticPrinter.show(source.diagnostics.all)
        guard !source.hasErrors else {
            folder.discard()
            Console.error("nothing was written")
            throw Exit.badInput.code
        }
        guard folder.finish() else {
            let reason = folder.failure.map { "\($0.path): \(OutputFile.reason($0.error))" } ?? folder.path
            Console.error("error: cannot write \(reason)")
            throw Exit.badInput.code
        }
        Console.out("\(folder.path): written; next: orrery run \(folder.path)\n")
    }

    /// Begins the folder, or ends with what is in the way.
    private func begin() throws -> ScenarioFolder {
        try OutputFile.refuse(output, over: files)
        try OutputFile.refuse(folders: ScenarioFolder.touched(by: output), around: files)
        if let problem {
            Console.error("error: \(output) \(problem)")
            throw Exit.badInput.code
        }
        do {
            return try ScenarioFolder(path: output)
        } catch {
            Console.error("error: cannot write \(output): \(OutputFile.reason(error))")
            throw Exit.badInput.code
        }
    }

    /// Why the folder cannot be made where it is wanted; nil when it can.
    private var problem: String? {
        guard FileKind(at: output) != .nothing else { return nil }
        guard overwrite else { return "stands already; --overwrite replaces it" }
        guard ScenarioFolder.isScenario(output) else {
            return "holds no scenario: --overwrite replaces a scenario's folder only"
        }
        return ScenarioFolder.stranger(in: output).map {
            "holds \($0), which no import wrote: --overwrite would remove it; name another folder"
        }
    }

    /// Returns what the options ask for, or throws what is wrong with them.
    private func options() throws -> ImportOptions {
        let names = TraceRegistry.formats.map { $0.name }
        guard names.contains(format) else {
            let nearest = NearestName.of(format, among: names).map { " Did you mean \"\($0)\"?" } ?? ""
            throw ValidationError(
                "There is no format \"\(format)\"; one of \(names.joined(separator: ", ")).\(nearest)")
        }
        var options = ImportOptions()
        if let machines {
            guard machines > 0, machines <= 100_000 else { throw ValidationError("--machines is from 1 to 100000.") }
            options.machines = machines
        }
        if let scale {
            guard let quantity = Quantity(parsing: scale), quantity.milliValue > 0, quantity.milliValue <= 1_000_000,
                quantity == Quantity(milli: quantity.milliValue)
            else { throw ValidationError("--scale is a factor above 0, up to 1000, with at most three decimals.") }
            options.scalePermille = quantity.milliValue
        }
        options.from = try point(from, "--from")
        options.until = try point(until, "--until")
        if let cpuPerRequest {
            guard let length = try? Duration(parsing: cpuPerRequest), length > .zero, length <= .hours(1) else {
                throw ValidationError("--cpu-per-request is a length of time such as 10ms, up to an hour.")
            }
            options.cpuPerRequest = length
        }
        return options
    }

    private func point(_ text: String?, _ option: String) throws -> TracePoint? {
        guard let text else { return nil }
        guard let point = TracePoint(parsing: text) else {
            throw ValidationError("\(option) is a date such as 1998-06-10, or a time since the beginning such as 36h.")
        }
        return point
    }
}
