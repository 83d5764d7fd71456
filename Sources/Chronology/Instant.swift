/// A point of virtual time: whole nanoseconds since the scenario's start date.
///
/// Negative values lie before the start, as in objects exported from a live cluster.
@frozen
@usableFromInline
package struct Instant: Hashable, Comparable, Sendable {
    /// Nanoseconds since the scenario's start date.
    @usableFromInline package var nanoseconds: Int64

    /// Creates an instant `nanoseconds` after the scenario's start date.
    @inlinable
    package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// The scenario's start date.
    @inlinable package static var start: Instant { Instant(nanoseconds: 0) }

    /// An instant that no simulation reaches.
    @inlinable package static var never: Instant { Instant(nanoseconds: Int64.max) }

    /// The length of time since the scenario's start date.
    @inlinable package var sinceStart: Duration { Duration(nanoseconds: nanoseconds) }

    /// This instant cut to a whole second, as `metav1.Time` does when it is written.
    @inlinable package var wholeSecond: Instant {
        let second: Int64 = 1_000_000_000
        let remainder = nanoseconds % second
        return Instant(nanoseconds: nanoseconds - (remainder < 0 ? remainder + second : remainder))
    }
}

// MARK: - Arithmetic

extension Instant {
    @inlinable
    package static func < (left: Instant, right: Instant) -> Bool { left.nanoseconds < right.nanoseconds }

    @inlinable
    package static func + (left: Instant, right: Duration) -> Instant {
        Instant(nanoseconds: left.nanoseconds + right.nanoseconds)
    }

    @inlinable
    package static func - (left: Instant, right: Duration) -> Instant {
        Instant(nanoseconds: left.nanoseconds - right.nanoseconds)
    }

    @inlinable
    package static func - (left: Instant, right: Instant) -> Duration {
        Duration(nanoseconds: left.nanoseconds - right.nanoseconds)
    }
}
