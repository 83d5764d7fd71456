package import Chronology

/// A run of a container that was cut short, and what that cost in work.
package struct LostWorkRow: Hashable, Sendable {
    /// -1 when the pod is not known.
    package var pod: Int32
    package var node: Int32
    package var container: String
    package var at: Instant
    /// `Error`, `OOMKilled`, or `Unknown` when the machine failed.
    package var reason: String
    package var exitCode: Int32
    /// Work done in this run, at full speed.
    package var done: Duration
    /// Work that has to be done again.
    package var lost: Duration
    /// Work that is safe in a checkpoint, that of earlier runs among it.
    package var saved: Duration
    /// Time of the run that went into reading and writing checkpoints.
    package var overhead: Duration

    package init(
        pod: Int32, node: Int32, container: String, at: Instant, reason: String, exitCode: Int32, done: Duration,
        lost: Duration, saved: Duration, overhead: Duration
    ) {
        self.pod = pod
        self.node = node
        self.container = container
        self.at = at
        self.reason = reason
        self.exitCode = exitCode
        self.done = done
        self.lost = lost
        self.saved = saved
        self.overhead = overhead
    }
}
