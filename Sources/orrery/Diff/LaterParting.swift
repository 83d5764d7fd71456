import Simulation

/// Where what happens in two runs parts whose digests part earlier, by a number alone.
///
/// Faults, changes and arrivals are known by their places in the lists of a scenario: with one more in front of it the same
/// fault has another number, though it strikes the same.
struct LaterParting {
    let events: (a: PartedEvent, b: PartedEvent)
    /// The number of the event in the first run; nil when nothing that can be seen differs as far as was looked.
    let number: Int64?

    /// How many events are looked at, at most.
    private static let limit = 200_000

    /// Whether it is worth looking: what parts the digests is the same, and told by its place in a list.
    static func isLikely(_ a: PartedEvent, _ b: PartedEvent) -> Bool {
        a == b && a.event.map { ["faultStrike", "change", "arrival"].contains($0.kind) } ?? false
    }

    /// Repeats both runs side by side from the event `number` on, until one does what the other does not.
    init(after number: Int64, of a: WorldSetup, _ b: WorldSetup) {
        var runs = (a: RepeatedRun(of: a, before: number), b: RepeatedRun(of: b, before: number))
        var found: Int64?
        var events = (a: runs.a.next(), b: runs.b.next())
        var left = Self.limit
        while events.a == events.b, events.a.event != nil, left > 0, !Interruption.isRequested {
            let next = runs.a.number
            events = (runs.a.next(), runs.b.next())
            left -= 1
            if events.a != events.b { found = next }
        }
        self.events = events
        self.number = found
    }
}
