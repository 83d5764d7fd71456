package import Chronology

/// When an event happens and which of the events of that instant it is; no two events of a queue share a key.
package struct EventKey: Hashable, Sendable {
    /// The instant at which the event happens.
    package let instant: Instant
    /// The number of events that the queue had taken before this one.
    package let sequence: UInt64

    /// Creates a key.
    package init(instant: Instant, sequence: UInt64) {
        self.instant = instant
        self.sequence = sequence
    }
}

extension EventKey: Comparable {
    package static func < (left: EventKey, right: EventKey) -> Bool {
        left.instant != right.instant ? left.instant < right.instant : left.sequence < right.sequence
    }
}
