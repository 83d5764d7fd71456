import ArgumentParser
import Chronology
import RunDatabase
import Simulation
import VirtualTime

/// `orrery replay RUN.sqlite`.
struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Runs a run again out of its own database, and confirms that nothing differs.",
        discussion: """
            The inputs are inside the database, so nothing else is needed. The digest is compared after every event; when \
            one differs, it is named and the exit code is 1. A run that was stopped is compared as far as it got.

            EXAMPLE
              orrery replay reports/out/web-shop.sqlite
            """)

    @Argument(help: ArgumentHelp("The database of a run.", valueName: "run.sqlite"))
    var database: String

    @Flag(name: .shortAndLong, help: "Shows no progress.")
    var quiet = false

    func run() throws {
        let reader = try RunFile.open(database)
        let setup = try Reloading.setup(of: reader)
        let checkpoints = try RunFile.attempt { () throws(RunDatabaseError) in try reader.checkpoints() }
        let run = reader.run
        guard run.isFinished || !checkpoints.isEmpty else {
            Console.error("error: the run was stopped before its first checkpoint: there is nothing to compare")
            throw Exit.badInput.code
        }

        let comparison = CheckpointComparison(checkpoints)
        var world = World(setup, observer: comparison)
        Interruption.watch()
        let wasInterrupted = WorldLoop.run(&world, isQuiet: quiet) {
            comparison.difference != nil || (!run.isFinished && comparison.isExhausted)
        }
        if wasInterrupted {
            Console.error("stopped; \(Figures.grouped(comparison.compared)) events were compared and are the same")
            throw Exit.interrupted.code
        }
        if let difference = comparison.difference { try tell(difference, of: setup) }
        guard run.isFinished else {
            Console.out(
                "replayed \(Figures.grouped(comparison.compared)) events: the same as recorded; the run is incomplete "
                    + "and was compared as far as its last checkpoint\n")
            return
        }
        let digest = world.digest.description
        guard comparison.isExhausted, world.events == run.events, digest == run.digest else {
            Console.out(
                "replayed \(Figures.grouped(world.events)) events: digest \(digest) differs from the recorded "
                    + "\(run.digest ?? "-") after \(Figures.grouped(run.events)) events\n")
            throw Exit.failed.code
        }
        Console.out("replayed \(Figures.grouped(world.events)) events: digest \(digest) confirmed\n")
    }

    /// Names the first event that differs, by running up to it once more.
    private func tell(_ difference: CheckpointComparison.Difference, of setup: WorldSetup) throws {
        var world = World(setup)
        _ = world.run(events: Int(difference.event - 1))
        world.enterDueBranches()
        let number = Figures.grouped(difference.event)
        let clock = WallClock(startDate: setup.startDate)
        let place: String
        if let next = world.nextEvent, next.at <= world.end {
            place = "event \(number), \(clock.text(of: next.at)) (\(next.at.sinceStart) after the start), \(next.kind)"
        } else {
            place = "event \(number): the replay ends before it"
        }
        let what = difference.isMissing ? "one run goes on where the other ended" : "the first event that differs"
        Console.out("replay differs: \(what): \(place)\n")
        throw Exit.failed.code
    }
}
