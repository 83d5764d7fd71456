/// A length of virtual time in whole nanoseconds; may be negative.
@frozen
@usableFromInline
package struct Duration: Hashable, Comparable, Sendable {
    /// The length in nanoseconds.
    @usableFromInline package var nanoseconds: Int64

    /// Creates a length from `nanoseconds`.
    @inlinable
    package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// No time at all.
    @inlinable package static var zero: Duration { Duration(nanoseconds: 0) }

    /// Returns a length of whole microseconds.
    @inlinable
    package static func microseconds(_ count: Int64) -> Duration { Duration(nanoseconds: count * 1_000) }

    /// Returns a length of whole milliseconds.
    @inlinable
    package static func milliseconds(_ count: Int64) -> Duration { Duration(nanoseconds: count * 1_000_000) }

    /// Returns a length of whole seconds.
    @inlinable
    package static func seconds(_ count: Int64) -> Duration { Duration(nanoseconds: count * 1_000_000_000) }

    /// Returns a length of whole minutes.
    @inlinable
    package static func minutes(_ count: Int64) -> Duration { seconds(count * 60) }

    /// Returns a length of whole hours.
    @inlinable
    package static func hours(_ count: Int64) -> Duration { seconds(count * 3_600) }

    /// Returns a length of days of 24 hours.
    @inlinable
    package static func days(_ count: Int64) -> Duration { seconds(count * 86_400) }

    /// The whole seconds in this length, rounded toward zero.
    @inlinable package var wholeSeconds: Int64 { nanoseconds / 1_000_000_000 }

    /// The length in seconds, for display and statistics only.
    @inlinable package var inSeconds: Double { Double(nanoseconds) / 1e9 }
}

// MARK: - Arithmetic

extension Duration {
    @inlinable
    package static func < (left: Duration, right: Duration) -> Bool { left.nanoseconds < right.nanoseconds }

    @inlinable
    package static func + (left: Duration, right: Duration) -> Duration {
        Duration(nanoseconds: left.nanoseconds + right.nanoseconds)
    }

    @inlinable
    package static func - (left: Duration, right: Duration) -> Duration {
        Duration(nanoseconds: left.nanoseconds - right.nanoseconds)
    }

    @inlinable
    package static func * (left: Duration, right: Int64) -> Duration {
        Duration(nanoseconds: left.nanoseconds * right)
    }

    @inlinable
    package static func / (left: Duration, right: Int64) -> Duration {
        Duration(nanoseconds: left.nanoseconds / right)
    }

    @inlinable
    package static func += (left: inout Duration, right: Duration) {
        left.nanoseconds += right.nanoseconds
    }

    @inlinable
    package static func -= (left: inout Duration, right: Duration) {
        left.nanoseconds -= right.nanoseconds
    }

    @inlinable
    package static prefix func - (value: Duration) -> Duration { Duration(nanoseconds: -value.nanoseconds) }
}
