import Chronology
import RunDatabase
import Simulation

/// The event at which a run parts from another, told by running up to it once more.
struct PartedEvent {
    /// nil when the run was over before.
    let event: EventWords?
    /// What it did.
    let effects: [String]

    /// How many effects are worth reading.
    private static let shown = 6

    /// Repeats the run of `setup` up to its event `number`, from 1, and carries that out.
    init(number: Int64, of setup: WorldSetup) {
        let log = EffectLog()
        var world = World(setup, observer: log)
        while world.events < number - 1, !Interruption.isRequested {
            let left = min(number - 1 - world.events, 16_384)
            guard world.run(events: Int(left)) else { break }
        }
        world.enterDueBranches()
        event = world.events == number - 1 ? world.nextEventInWords : nil
        log.isOpen = true
        if event != nil { _ = world.run(events: 1) }
        effects = log.lines
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
