import Chronology
import Simulation

/// A run that is repeated to see what its events do.
struct RepeatedRun {
    private var world: World
    private let log: EffectLog
    /// Whether it came to the event that was asked for.
    private let isThere: Bool

    /// Repeats the run of `setup` up to the event before `number`, from 1.
    init(of setup: WorldSetup, before number: Int64) {
        log = EffectLog()
        world = World(setup, observer: log)
        while world.events < number - 1, !Interruption.isRequested {
            let left = min(number - 1 - world.events, 16_384)
            guard world.run(events: Int(left)) else { break }
        }
        isThere = world.events == number - 1
    }

    /// The number of the event that comes next.
    var number: Int64 { world.events + 1 }

    /// Carries out the next event, and tells what it did.
    ///
    /// What a branch has taken out is still due, and does nothing: nobody means that when they ask what happened.
    mutating func next() -> PartedEvent {
        guard isThere else { return PartedEvent(event: nil, effects: []) }
        world.enterDueBranches()
        while world.nextEventIsVoid, !Interruption.isRequested {
            _ = world.run(events: 1)
            world.enterDueBranches()
        }
        let event = world.nextEventInWords
        log.begin()
        if event != nil { _ = world.run(events: 1) }
        return PartedEvent(event: event, effects: log.lines)
    }
}
