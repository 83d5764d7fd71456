/// How far a place's clocks are ahead of UTC.
package struct UTCOffset: Hashable, Sendable {
    /// Seconds east of Greenwich, less than a day either way.
    package let seconds: Int

    /// Creates an offset; `seconds` lies within a day either way.
    package init(seconds: Int) {
        precondition(seconds.magnitude < 86_400, "an offset from UTC is less than a day")
        self.seconds = seconds
    }

    /// Coordinated universal time.
    package static let utc = UTCOffset(seconds: 0)

    /// Returns the offset of whole hours.
    package static func hours(_ count: Int) -> UTCOffset { UTCOffset(seconds: count * 3_600) }
}

extension UTCOffset: CustomStringConvertible {
    /// The offset as RFC 3339 writes it, "Z" or "+05:30"; seconds are cut off.
    package var description: String {
        if seconds == 0 { return "Z" }
        let minutes = Int(seconds.magnitude) / 60
        return "\(seconds < 0 ? "-" : "+")\(zeroPadded(minutes / 60, 2)):\(zeroPadded(minutes % 60, 2))"
    }
}
