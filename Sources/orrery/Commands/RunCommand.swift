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
            output) and the machines to run them on. It prints a summary and names the database and what to look at next.

            EXAMPLES
              orrery run scenarios/first-steps/web-shop
              orrery run my-app/ --machines 3xm6i.large,2xm6i.xlarge --zones us-east-1a,us-east-1b --for 30d
              kubectl get deployments,jobs -A -o yaml | orrery run - --machines 5xm6i.large --for 7d
              orrery run scenarios/first-steps/web-shop --seed 7 --set duration=7d --check
              orrery run my-app/ --machines 4xm6i.large --prices negotiated.csv --json | jq .costUSD
            """)

    @OptionGroup var input: InputOptions

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Where the database goes (default: reports/out/<scenario>.sqlite).", valueName: "file.sqlite"))
    var output: String?

    @Flag(help: "Checks the invariants after every event; slow.")
    var check = false

    @Flag(
        help: ArgumentHelp(
            "Lets the scheduler call the extenders of its configuration. Such a run depends on processes outside, and "
                + "cannot be replayed."))
    var liveExtenders = false

    @Flag(name: .shortAndLong, help: "Prints no progress, no warnings and no summary.")
    var quiet = false

    @Flag(help: "Prints one JSON object instead of the summary.")
    var json = false

    func run() throws {
        let loaded = try input.load()
        DiagnosticPrinter.show(loaded.diagnostics, isQuiet: quiet)
        try DiagnosticPrinter.stopWhenWrong(loaded)
        guard let setup = loaded.setup else { throw Exit.badInput.code }
        let transport = try LiveExtenders.transport(for: setup.scheduler, isAllowed: liveExtenders)

        let path = output ?? OutputFile.defaultPath(scenario: setup.name)
        let writer = try OutputFile.create(path, isNamed: output != nil)
        var world = World(setup, observer: writer, extenders: transport)
        world.checksInvariants = check
        Interruption.watch()
        let wasInterrupted = WorldLoop.run(&world, isQuiet: quiet || json)
        do {
            try writer.close()
        } catch {
            Console.error("error: the database is not complete: \(error)")
            throw Exit.failed.code
        }

        if let violation = world.violation {
            tell(violation, of: world)
            throw Exit.failed.code
        }
        if wasInterrupted { Console.error("stopped at \(clock(setup, world.now)); the database is incomplete") }
        let reader = try RunFile.open(path)
        if !quiet || json { try printResult(reader) }
        if wasInterrupted { throw Exit.interrupted.code }
        try tellAssertions(world.outcomes)
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
        let faults = try RunFile.attempt { () throws(RunDatabaseError) in try reader.faults() }
        if let fault = faults.first { lines.append(Invocation.line("explain", reader.path, "fault/" + fault.name)) }
        if !liveExtenders { lines.append(Invocation.line("replay", reader.path)) }
        Console.out("\nDatabase  \(reader.path)\nNext\n" + lines.map { "  \($0)\n" }.joined())
    }

    /// Says which assertions do not hold, and ends with 1 when there are any.
    private func tellAssertions(_ outcomes: [AssertionRow]) throws {
        let broken = outcomes.filter { !$0.held }
        guard !broken.isEmpty else { return }
        for row in broken {
            Console.error("assertion failed: \(row.name): expected \(row.expected), actual \(row.actual)")
        }
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
