package import Chronology
import VirtualTime

extension World {
    /// The event that will be carried out next: when, and the name of its kind; nil when none is left.
    ///
    /// It copies the event queue: for messages, not for loops.
    package var nextEvent: (at: Instant, kind: String)? {
        var queue = queue
        guard let (key, event) = queue.pop() else { return nil }
        return (key.instant, WorldEvent(rawValue: event.kind).map { "\($0)" } ?? "kind \(event.kind)")
    }
}
