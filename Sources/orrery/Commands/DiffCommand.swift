import ArgumentParser
import Chronology
import Reports
import RunDatabase
import Simulation

/// `orrery diff A.sqlite B.sqlite`.
struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Says where two runs part, what differs in their inputs, and what changed in outcome.",
        discussion: """
            The first event that differs is found by the digests in both databases; both runs are then repeated up to it \
            (--no-event leaves that out), and the event is named on both sides. Exit codes: 0 the runs are the same, 1 they \
            differ, 2 one of them cannot be read.

            EXAMPLES
              orrery run --from reports/out/web-shop.sqlite --at 36h --set pools.general.count=4 --output four.sqlite
              orrery diff reports/out/web-shop.sqlite four.sqlite
              orrery diff before.sqlite after.sqlite --json | jq .outcome
            """)

    @Argument(help: ArgumentHelp("The database of a run.", valueName: "a.sqlite"))
    var left: String

    @Argument(help: ArgumentHelp("The database of another one.", valueName: "b.sqlite"))
    var right: String

    @Flag(help: "Shows the figures that are the same as well.")
    var all = false

    @Flag(inversion: .prefixedNo, help: "Repeats both runs up to the first event that differs to name it.")
    var event = true

    @Flag(help: "Prints one JSON object.")
    var json = false

    func run() throws {
        let (a, b) = (try RunFile.open(left), try RunFile.open(right))
        RunFile.warnWhenIncomplete(a.run)
        RunFile.warnWhenIncomplete(b.run)
        let comparison = try RunFile.attempt { () throws(RunDatabaseError) in try RunComparison(a, b) }
        let found = try RunFile.attempt { () throws(RunDatabaseError) in
            FirstDifference.find(
                .init(checkpoints: try a.checkpoints(), isFinished: a.run.isFinished),
                .init(checkpoints: try b.checkpoints(), isFinished: b.run.isFinished))
        }
        var events: (a: PartedEvent, b: PartedEvent)?
        var later: LaterParting?
        if event, let difference = found.difference {
            Interruption.watch()
            let setups = (a: try Reloading.setup(of: a), b: try Reloading.setup(of: b))
            let parted = (
                a: PartedEvent(number: difference.event, of: setups.a),
                b: PartedEvent(number: difference.event, of: setups.b)
            )
            events = parted
            if LaterParting.isLikely(parted.a, parted.b) {
                later = LaterParting(after: difference.event, of: setups.a, setups.b)
            }
            if Interruption.isRequested { throw Exit.interrupted.code }
        }
        let isSame = found.difference == nil && a.run.digest == b.run.digest && a.run.isFinished && b.run.isFinished
        let report = DiffReport(
            comparison: comparison, paths: (left, right), found: found, events: events, later: later,
            isSame: isSame)
        Console.out(json ? report.json : report.text(all: all))
        if !isSame { throw Exit.failed.code }
    }
}
