import ArgumentParser
import Chronology
import Observations
import Reports
import RunDatabase
import Scenarios
import Simulation
import VirtualTime

/// `orrery run [SCENARIO|MANIFESTS…]`.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Simulates a scenario, or manifests on machines, and writes one SQLite database.",
        discussion: """
            Give it a scenario, or Kubernetes manifests as you have them (files, folders, List objects, kubectl and helm \
            output) and the machines to run them on. Node objects among the manifests make them the export of a live
            cluster: the run goes on from there, with its pods on its machines. It prints a summary and names the database and what to look at next.

            EXAMPLES
              orrery run scenarios/first-steps/web-shop
              orrery run my-app/ --machines 3xm6i.large,2xm6i.xlarge --zones us-east-1a,us-east-1b --for 30d
              kubectl get deployments,jobs -A -o yaml | orrery run - --machines 5xm6i.large --for 7d
              kubectl get nodes,pods,deployments,replicasets,daemonsets,pv,pvc -A -o json | orrery run - --for 7d
              orrery run scenarios/first-steps/web-shop --seed 7 --set duration=7d --check
              orrery run my-app/ --machines 4xm6i.large --prices negotiated.csv --json | jq .costUSD
              orrery run --from reports/out/web-shop.sqlite --at 36h --set pools.general.count=4

            ASSERTIONS
              assert: of a scenario bounds metrics, or any SQL over the run's database, in the whole run, between two instants \
            or during a fault. What does not hold is told with what was seen, and the exit code is 1; --junit FILE writes it \
            for CI. Metrics: \
            \(Self.metrics).

            WHAT IF
              --from RUN.sqlite --at INSTANT repeats a run out of its database up to an instant, proves by the recorded \
            digests that it is the same, and goes on with what --set, --for and --scheduler-config change: faults, changes, \
            arrivals, workloads, services (traffic), scheduler, delays and request limits under parameters, more machines \
            (pools.NAME.count), duration, assert. What is past cannot change, and is refused. Files that a setting names and \
            the run has not kept are read relative to the working directory.
            """)

    /// The metrics of every run, and those of services.
    private static var metrics: String {
        let names = ScenarioMetric.ofRuns.map(\.name)
        return names.joined(separator: ", ") + ", and for services service.NAMESPACE/NAME with "
            + ScenarioMetric.serviceSuffixes.joined(separator: ", ")
    }

    @OptionGroup var input: InputOptions

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Where the database goes (default: reports/out/<scenario>.sqlite).", valueName: "file.sqlite"))
    var output: String?

    @Option(
        help: ArgumentHelp(
            "Writes what came of the assertions as JUnit XML, a test case each.", valueName: "file.xml"))
    var junit: String?

    @Flag(help: "Checks the invariants after every event; slow.")
    var check = false

    @Flag(
        help: ArgumentHelp(
            "Lets the scheduler call the extenders of its configuration. Such a run depends on processes outside, and "
                + "cannot be replayed."))
    var liveExtenders = false

    @Flag(name: .shortAndLong, help: "Prints no progress, no warnings and no summary.")
    var quiet = false

    @Flag(help: "Prints one JSON object instead of the summary: cost by part, faults, assertions.")
    var json = false

    func run() throws {
        let loaded = try input.load()
        DiagnosticPrinter.show(loaded.diagnostics, isQuiet: quiet)
        try DiagnosticPrinter.stopWhenWrong(loaded)
        guard let setup = loaded.setup else { throw Exit.badInput.code }
        let history = try sharedHistory(of: setup)
        let transport = try LiveExtenders.transport(for: setup.scheduler, isAllowed: liveExtenders)

        let path = output ?? OutputFile.defaultPath(scenario: setup.name, branch: input.branchAt)
        let read = input.files + loaded.files
        try OutputFile.refuse(path, over: read)
        if let junit {
            try OutputFile.refuse(junit, over: read + [path], option: "--junit")
            guard FileKind(at: junit) != .folder else {
                Console.error("error: cannot write \(junit): a folder stands there")
                throw Exit.badInput.code
            }
        }
        let writer = try OutputFile.create(path, isNamed: output != nil)
        history?.watch(writer)
        writer.assertions = setup.finalAssertions.filter(\.needsDatabase)
        var world = World(setup, observer: writer, extenders: transport)
        world.checksInvariants = check
        Interruption.watch()
        let wasInterrupted = WorldLoop.run(&world, isQuiet: quiet || json) {
            writer.failure != nil || history?.isBroken ?? false
        }
        if wasInterrupted { world.breakOff() }
        do {
            try writer.close()
        } catch {
            OutputFile.removeUnlessReadable(path)
            Console.error("error: the database is not complete: \(error)")
            throw Exit.badInput.code
        }

        if let objection = history?.objection(WallClock(startDate: setup.startDate)) {
            OutputFile.remove(path)
            Console.error("error: the history of \(input.parent ?? "the run") is not repeated: \(objection)")
            throw Exit.failed.code
        }
        let report = AssertionReport(
            setup.finalAssertions, told: world.verdicts, recorded: writer.verdicts,
            clock: WallClock(startDate: setup.startDate))
        if let junit {
            try OutputFile.write(JUnitText(suite: setup.name, report: report, path: path).text, to: junit)
        }
        if let violation = world.violation {
            tell(violation, of: world)
            throw Exit.failed.code
        }
        if wasInterrupted { Console.error("stopped at \(clock(setup, world.now)); the database is incomplete") }
        let reader = try RunFile.open(path)
        if !quiet || json { try printResult(reader) }
        if wasInterrupted { throw Exit.interrupted.code }
        try tell(report, path: path)
    }

    /// Returns what proves that a branch shares the past of the run it leaves; nil for a run of its own.
    private func sharedHistory(of setup: WorldSetup) throws -> SharedHistory? {
        guard let parent = input.parent else { return nil }
        let reader = try RunFile.open(parent)
        let checkpoints = try RunFile.attempt { () throws(RunDatabaseError) in try reader.checkpoints() }
        return SharedHistory(checkpoints, branch: setup.branches.count)
    }

    private func printResult(_ reader: RunReader) throws {
        let summary = try RunFile.attempt { () throws(RunDatabaseError) in try RunSummary(of: reader) }
        guard !json else {
            Console.out(summary.json)
            return
        }
        Console.out(summary.text)
        let pod = try RunFile.attempt { () throws(RunDatabaseError) in try PodChoice.telling(reader) }
        var lines = [Invocation.line("report", reader.path, "cost-by-namespace")]
        if let pod { lines.append(Invocation.line("explain", reader.path, "pod/" + pod)) }
        if let parent = input.parent { lines.append(Invocation.line("diff", parent, reader.path)) }
        let faults = try RunFile.attempt { () throws(RunDatabaseError) in try reader.faults() }
        if let fault = faults.first { lines.append(Invocation.line("explain", reader.path, "fault/" + fault.name)) }
        if !liveExtenders { lines.append(Invocation.line("replay", reader.path)) }
        Console.out("\nDatabase  \(reader.path)\nNext\n" + lines.map { "  \($0)\n" }.joined())
    }

    /// Says which assertions do not hold, and ends with 1 when there are any.
    private func tell(_ report: AssertionReport, path: String) throws {
        guard !report.broken.isEmpty else { return }
        for verdict in report.broken { Console.errorPart(report.text(of: verdict, path: path)) }
        throw Exit.failed.code
    }

    /// Says everything that helps to find a bug of ours.
    private func tell(_ violation: InvariantViolation, of world: World) {
        Console.error(
            """
            invariant broken: \(violation.invariant): \(violation.message)
              scenario  \(world.setup.name)
              seed      \(world.setup.seed)
              event     \(violation.event)
              time      \(clock(world.setup, violation.at)) (\(violation.at.sinceStart) after the start)
              again     \(Invocation.repeated(with: ["--seed", "\(world.setup.seed)", "--check"]))
            This is a bug in Orrery. The database holds the run up to here.
            """)
    }

    private func clock(_ setup: WorldSetup, _ instant: Instant) -> String {
        WallClock(startDate: setup.startDate).text(of: instant)
    }
}
