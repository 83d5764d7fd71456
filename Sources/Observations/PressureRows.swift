package import Chronology

/// A stretch of time in which a pod got less of the processor than it wanted.
package struct ThrottleIntervalRow: Hashable, Sendable {
    package var pod: Int32
    package var node: Int32
    package var from: Instant
    package var to: Instant
    /// What it would have used, in thousandths of a core.
    package var wanted: Int64
    /// What it got.
    package var granted: Int64

    package init(pod: Int32, node: Int32, from: Instant, to: Instant, wanted: Int64, granted: Int64) {
        self.pod = pod
        self.node = node
        self.from = from
        self.to = to
        self.wanted = wanted
        self.granted = granted
    }
}

/// A container that the kernel killed, or a pod that its kubelet evicted.
package struct PressureKillRow: Hashable, Sendable {
    package var pod: Int32
    package var node: Int32
    /// Empty when the whole pod went.
    package var container: String
    package var at: Instant
    /// `OOMKilled` or `Evicted`.
    package var reason: String
    /// What was short: `limit` or `system` for the kernel, `memory.available` and its like for the kubelet.
    package var signal: String

    package init(pod: Int32, node: Int32, container: String, at: Instant, reason: String, signal: String) {
        self.pod = pod
        self.node = node
        self.container = container
        self.at = at
        self.reason = reason
        self.signal = signal
    }
}
