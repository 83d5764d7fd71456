import Chronology

/// A quantity that stays the same between changes, as far back as somebody may still ask.
struct RecentValues {
    private var changes: [(since: Instant, value: Int64)]
    private(set) var start: Instant

    init(_ value: Int64, since start: Instant) {
        changes = [(start, value)]
        self.start = start
    }

    var latest: Int64 { changes[changes.count - 1].value }

    /// Notes another value; what is older than `horizon` is forgotten, save what held then.
    mutating func note(_ value: Int64, at now: Instant, keeping horizon: Duration) {
        guard value != latest else { return }
        if changes[changes.count - 1].since == now {
            changes[changes.count - 1].value = value
            return
        }
        let oldest = now - horizon
        if changes.count > 1, changes[1].since <= oldest {
            let kept = changes.lastIndex { $0.since <= oldest } ?? 0
            changes.removeFirst(kept)
        }
        changes.append((now, value))
    }

    /// Returns the value at an instant.
    func value(at instant: Instant) -> Int64 {
        (changes.last { $0.since <= instant } ?? changes[0]).value
    }

    /// Returns the mean over a stretch, rounded up; the stretch has a length.
    func mean(from begin: Instant, to end: Instant) -> Int64 {
        guard let last = changes.last, last.since > begin else { return latest }
        var (until, total) = (end, Int128(0))
        for change in changes.reversed() where change.since < until {
            let since = max(change.since, begin)
            total += Int128(change.value) * Int128((until - since).nanoseconds)
            until = since
            if since == begin { break }
        }
        // Before the first change that is known, the first value held.
        if until > begin { total += Int128(changes[0].value) * Int128((until - begin).nanoseconds) }
        let length = Int128((end - begin).nanoseconds)
        return Int64(clamping: (total + length - 1) / length)
    }
}
