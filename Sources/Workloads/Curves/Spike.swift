package import Chronology

/// A time at which a curve is multiplied, once or again and again.
package struct Spike: Hashable, Sendable {
    /// The first beginning.
    package var at: Instant
    /// How long it lasts; shorter than `every`.
    package var length: Duration
    /// From one beginning to the next; nil for once.
    package var every: Duration?
    /// The factor in thousandths.
    package var permille: Int64

    /// Creates a spike.
    package init(at: Instant, length: Duration, every: Duration? = nil, permille: Int64) {
        self.at = at
        self.length = length
        self.every = every.flatMap { $0 > .zero ? $0 : nil }
        self.permille = permille
    }

    /// The latest beginning that is not after `instant`.
    private func beginning(before instant: Instant) -> Instant? {
        guard instant >= at else { return nil }
        guard let every else { return at }
        return at + every * ((instant - at).nanoseconds / every.nanoseconds)
    }

    func isOn(at instant: Instant) -> Bool {
        beginning(before: instant).map { instant < $0 + length } ?? false
    }

    func nextChange(after instant: Instant) -> Instant? {
        guard let beginning = beginning(before: instant) else { return at }
        let end = beginning + length
        if instant < end { return every.map { min(end, beginning + $0) } ?? end }
        return every.map { beginning + $0 }
    }
}
