import Chronology
import RunDatabase
import Simulation

/// The event at which a run parts from another, told by running up to it once more.
struct PartedEvent: Hashable {
    /// nil when the run was over before.
    let event: EventWords?
    /// What it did.
    let effects: [String]

    /// How many effects are worth reading.
    private static let shown = 6

    /// Repeats the run of `setup` up to its event `number`, from 1, and carries that out.
    init(number: Int64, of setup: WorldSetup) {
        var run = RepeatedRun(of: setup, before: number)
        self = run.next()
    }

    init(event: EventWords?, effects: [String]) {
        self.event = event
        self.effects = effects
    }

    /// The event for people, on one line, without its time.
    var text: String {
        guard let event else { return "the run is over" }
        return event.subject.isEmpty ? event.what : "\(event.what): \(event.subject)"
    }

    /// What it did, as far as it is worth reading.
    var effectLines: [String] {
        let rest = effects.count - Self.shown
        return effects.prefix(Self.shown) + (rest > 0 ? ["… and \(rest) more"] : [])
    }
}
