import ArgumentParser
import Chronology
import Experiments
import Simulation

/// `orrery capacity shrink INPUTS`.
struct CapacityShrinkCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shrink",
        abstract: "Finds machines that could go while everything still runs, and what that saves.",
        discussion: """
            The dearest machines are looked at first, of equal ones those with the least on them. What the scheduler \
            finds new places for at --at is then drained in a run to the end of the scenario: budgets are respected, and \
            no pod may wait for longer than --patience, at later peaks either. Pods that nobody makes anew keep their \
            machine.
            """)

    @OptionGroup var input: CapacityInput

    @Option(help: ArgumentHelp("When: a time since the start such as 36h, or a date.", valueName: "instant"))
    var at = "1h"

    @Option(help: ArgumentHelp("How long a pod may wait for a node.", valueName: "duration"))
    var patience = CapacityInput.defaultPatience

    func run() throws {
        let (setup, _) = try input.load()
        let instant = try CapacityInput.instant(at, of: setup)
        let patience = try CapacityInput.patience(patience, of: setup)
        guard instant + CapacityRun.drainTime < .start + setup.horizon else {
            Console.error(
                "--at: error: found \(at) (expected more than \(CapacityRun.drainTime) before the end of the run)")
            throw Exit.badInput.code
        }
        input.tellWhatIsLeftOut(setup, standing: setup.pools)
        let answer = ShrinkSearch(CapacityRun(setup, patience: patience), at: instant).search()
        let shown = ShrinkAnswer(
            answer, scenario: setup.name, at: WallClock(startDate: setup.startDate).text(of: instant),
            uncounted: CapacityText.uncountedPrices(setup))
        Console.out(input.json ? try CapacityText.json(shown) : shown.text)
        if answer.waiting != nil { throw Exit.failed.code }
    }
}
