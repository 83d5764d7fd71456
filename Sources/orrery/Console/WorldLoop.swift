import Chronology
import Simulation

/// Runs a world to its end while somebody watches.
enum WorldLoop {
    /// Events between two looks at the clock and at Control-C.
    private static let chunk = 16_384
    // Checked events are so much slower that Control-C would wait.
    private static let checkedChunk = 256

    /// Runs until the horizon, a broken invariant or Control-C; returns whether it was the last.
    static func run(_ world: inout World, isQuiet: Bool, until isEnough: () -> Bool = { false }) -> Bool {
        var progress = ProgressLine(
            clock: WallClock(startDate: world.setup.startDate), end: world.end, isQuiet: isQuiet)
        defer { progress.clear() }
        let count = world.checksInvariants ? checkedChunk : chunk
        while world.run(events: count) {
            if Interruption.isRequested { return true }
            if isEnough() { break }
            progress.show(now: world.now, events: world.events)
        }
        return false
    }
}
