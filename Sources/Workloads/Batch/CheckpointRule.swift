package import Chronology
import VirtualTime

// The model behind: J. W. Young, "A first order approximation to the optimum checkpoint interval" (1974), and J. T. Daly,
// "A higher order estimate of the optimum checkpoint interval for restart dumps" (2006).

/// How a container saves what it has worked, and goes on from there after its end was none of its own.
///
///     first run     │ every ┊cost│ every ┊cost│ every ┊co✕          saved: two stretches, lost: one
///     next run      │restore│ every ┊cost│ rest │                   no checkpoint at the very end
package struct CheckpointRule: Hashable, Sendable {
    /// The work between two checkpoints; above zero.
    package var every: Duration
    /// How long writing one takes; no work is done meanwhile.
    package var cost: Duration
    /// How long a successor reads the last one before it goes on.
    package var restore: Duration

    /// Creates a rule.
    package init(every: Duration, cost: Duration = .zero, restore: Duration = .zero) {
        precondition(every > .zero, "checkpoints need work between them")
        self.every = every
        self.cost = cost
        self.restore = restore
    }

    /// How far a run got.
    package struct Progress: Hashable, Sendable {
        /// Work done in this run, at full speed.
        package var work: Duration
        /// Work that is safe in a checkpoint, that of earlier runs among it.
        package var saved: Duration
        /// Work that has to be done again.
        package var lost: Duration
        /// Time of this run that went into reading and writing checkpoints.
        package var overhead: Duration

        package init(work: Duration, saved: Duration, lost: Duration, overhead: Duration) {
            self.work = work
            self.saved = saved
            self.lost = lost
            self.overhead = overhead
        }
    }

    /// Returns how long a run takes that nobody disturbs, when `saved` of `total` is done already.
    package func length(total: Duration, saved: Duration) -> Duration {
        let rest = total - saved
        let checkpoints = Int128(cost.nanoseconds) * Int128(count(in: rest))
        let all = Int128((start(saved) + rest).nanoseconds) + checkpoints
        // Nobody waits for the end of one that takes longer.
        return Duration(nanoseconds: Int64(min(all, Int128(Limits.sampledDuration.nanoseconds))))
    }

    /// Returns how far such a run has got `elapsed` after its start.
    package func progress(after elapsed: Duration, total: Duration, saved: Duration) -> Progress {
        let rest = total - saved
        let working = elapsed - start(saved)
        guard working > .zero else { return Progress(work: .zero, saved: saved, lost: .zero, overhead: elapsed) }
        let cycle = (every + cost).nanoseconds
        let written = min(count(in: rest), working.nanoseconds / cycle)
        let since = Duration(nanoseconds: working.nanoseconds - written * cycle)
        let safe = every * written
        let unsafe = min(since, every, rest - safe)
        let work = safe + unsafe
        return Progress(work: work, saved: saved + safe, lost: unsafe, overhead: elapsed - work)
    }

    private func start(_ saved: Duration) -> Duration { saved > .zero ? restore : .zero }

    /// The checkpoints that are written while `rest` is worked; none at its end.
    private func count(in rest: Duration) -> Int64 {
        rest <= .zero ? 0 : (rest.nanoseconds - 1) / every.nanoseconds
    }
}
