import Chronology

extension Instant {
    /// Returns the first multiple of `period` after the start that is not before this instant.
    func nextTick(of period: Duration) -> Instant {
        let step = period.nanoseconds
        let rest = ((nanoseconds % step) + step) % step
        return rest == 0 ? self : Instant(nanoseconds: nanoseconds - rest + step)
    }
}
