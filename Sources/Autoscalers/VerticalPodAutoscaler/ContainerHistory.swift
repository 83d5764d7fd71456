// Kubernetes counterpart: vertical-pod-autoscaler/pkg/recommender/model (container, aggregate container state, v1.5).
// Deliberate differences: none.

package import Chronology

/// What the recommender remembers of one container of all pods of a workload.
package struct ContainerHistory: Sendable {
    /// The memory of one pod's container: one peak counts for each day.
    private struct Peaks {
        var windowEnd: Instant?
        var peak: Double = 0
        var outOfMemoryPeak: Double = 0
        var latest: Instant?

        var highest: Double { max(peak, outOfMemoryPeak) }
    }

    /// Over which a peak of memory is taken (`--memory-aggregation-interval`).
    static let window = Duration.days(1)
    /// What a container needed at least that was killed for want of memory (`--oom-bump-up-ratio`,
    /// `--oom-min-bump-up-bytes`).
    static let bumpRatio = 1.2
    static let leastBump = Double(100 << 20)
    /// What a sample of the processor weighs at least, in cores requested.
    static let leastWeight = 0.1

    private(set) var cores = DecayingHistogram(.cores)
    private(set) var bytes = DecayingHistogram(.bytes)
    private var peaks: [Int32: Peaks] = [:]
    /// Samples of the processor, and when the first and the last came.
    private(set) var samples: Int64 = 0
    private(set) var first: Instant?
    private(set) var last: Instant?

    /// Creates a history of nothing.
    package init() {}

    /// Adds what a container got of the processor, which weighs by what it asked for.
    package mutating func addCPU(milli: Int64, requestMilli: Int64?, at instant: Instant) {
        cores.add(
            Double(milli) / 1_000, weight: max(Self.leastWeight, Double(requestMilli ?? 0) / 1_000), at: instant)
        samples += 1
        first = first ?? instant
        last = instant
    }

    /// Adds what the container of a pod held of memory.
    package mutating func addMemory(bytes: Int64, pod: Int32, at instant: Instant) {
        if let latest = peaks[pod]?.latest, instant < latest { return }
        note(Double(bytes), pod: pod, at: instant, isOutOfMemory: false)
    }

    /// A container was killed for want of memory when it asked for, or held, this much.
    package mutating func addOutOfMemory(requestBytes: Int64, pod: Int32, at instant: Instant) {
        let known = peaks[pod, default: Peaks()]
        // One of an earlier window is too old to say anything.
        if let end = known.windowEnd, instant < end - Self.window { return }
        let used = max(Double(requestBytes), known.peak)
        note(max(used + Self.leastBump, used * Self.bumpRatio), pod: pod, at: instant, isOutOfMemory: true)
    }

    /// A pod is gone: its peaks count on, and it has no more of them.
    package mutating func forget(pod: Int32) { peaks[pod] = nil }

    private mutating func note(_ usage: Double, pod: Int32, at instant: Instant, isOutOfMemory: Bool) {
        var known = peaks[pod, default: Peaks()]
        defer { peaks[pod] = known }
        known.latest = instant
        let end = known.windowEnd ?? instant
        known.windowEnd = end
        if instant < end {
            guard usage > known.highest else { return }
            if known.highest > 0 { bytes.subtract(known.highest, weight: 1, at: end) }
        } else {
            let windows = (instant - end).nanoseconds / Self.window.nanoseconds + 1
            known.windowEnd = end + Self.window * windows
            (known.peak, known.outOfMemoryPeak) = (0, 0)
        }
        bytes.add(usage, weight: 1, at: known.windowEnd ?? instant)
        if isOutOfMemory { known.outOfMemoryPeak = usage } else { known.peak = usage }
    }
}
