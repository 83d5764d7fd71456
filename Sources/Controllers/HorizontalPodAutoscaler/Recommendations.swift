package import Chronology

/// What was recommended lately, so that replicas do not follow every passing mood of a metric.
package struct Recommendations: Hashable, Sendable {
    /// Equal recommendations, one after the other.
    private struct Run: Hashable, Sendable {
        var replicas: Int64
        var last: Instant
    }

    private var runs: [Run] = []

    /// Creates a memory of nothing.
    package init() {}

    package var isEmpty: Bool { runs.isEmpty }

    /// Whether nothing else was recommended for as long as any window reaches back.
    package func areAll(_ replicas: Int64) -> Bool { runs.count == 1 && runs[0].replicas == replicas }

    /// Notes a recommendation.
    ///
    /// Of equal ones in a row only the latest matters: a window that reaches back to an earlier one holds it as well.
    package mutating func note(_ replicas: Int64, at now: Instant) {
        if let last = runs.last, last.replicas == replicas {
            runs[runs.count - 1].last = now
        } else {
            runs.append(Run(replicas: replicas, last: now))
        }
    }

    /// Forgets what is older than every window.
    package mutating func forget(before cutoff: Instant) {
        guard let first = runs.first, first.last < cutoff, runs.count > 1 else { return }
        let kept = runs.firstIndex { $0.last >= cutoff } ?? runs.count - 1
        runs.removeFirst(min(kept, runs.count - 1))
    }

    /// Returns the highest of `replicas` and all recommendations after `cutoff`.
    package func highest(_ replicas: Int64, after cutoff: Instant) -> Int64 {
        runs.reduce(replicas) { $1.last > cutoff ? max($0, $1.replicas) : $0 }
    }

    /// Returns the lowest of `replicas` and all recommendations after `cutoff`.
    package func lowest(_ replicas: Int64, after cutoff: Instant) -> Int64 {
        runs.reduce(replicas) { $1.last > cutoff ? min($0, $1.replicas) : $0 }
    }

    /// Returns what the windows of a behavior make of `desired`, which is noted.
    package mutating func stabilize(
        _ desired: Int64, current: Int64, behavior: ScalingBehavior?, now: Instant
    ) -> LimitVerdict {
        defer { note(desired, at: now) }
        let down = behavior?.down.window ?? ScalingBehavior.downscaleWindow
        let up = behavior?.up.window ?? .zero
        forget(before: now - max(up, down))
        var stable = desired
        if behavior == nil {
            stable = highest(desired, after: now - down)
        } else {
            stable = max(current, lowest(desired, after: now - up))
            stable = min(stable, highest(desired, after: now - down))
        }
        if stable == desired {
            return LimitVerdict(stable, "ReadyForNewScale", "recommended size matches current size")
        }
        if behavior != nil, desired >= current {
            return LimitVerdict(
                stable, "ScaleUpStabilized",
                "recent recommendations were lower than current one, applying the lowest recent recommendation")
        }
        return LimitVerdict(
            stable, "ScaleDownStabilized",
            "recent recommendations were higher than current one, applying the highest recent recommendation")
    }
}
