// Kubernetes counterpart: vertical-pod-autoscaler/pkg/recommender/logic (estimator, recommender, v1.5).
// Deliberate differences: none.

import Chronology

/// What the VerticalPodAutoscaler would recommend for one container, in thousandths of a core and bytes.
package struct VerticalRecommendation: Hashable, Sendable {
    /// An amount of each resource.
    package struct Amounts: Hashable, Sendable {
        package var cpuMilli: Int64
        package var memoryBytes: Int64

        /// Creates amounts.
        package init(cpuMilli: Int64, memoryBytes: Int64) {
            self.cpuMilli = cpuMilli
            self.memoryBytes = memoryBytes
        }
    }

    /// What it should ask for.
    package var target: Amounts
    /// Below this a pod is worth to be replaced.
    package var lowerBound: Amounts
    /// Above this a pod is worth to be replaced.
    package var upperBound: Amounts
}

/// The recommender's rules, at the defaults of its flags.
package struct VerticalRecommender: Hashable, Sendable {
    /// `--target-cpu-percentile` and its like for the bounds.
    package var target = 0.9
    package var lower = 0.5
    package var upper = 0.95
    /// `--recommendation-margin-fraction`.
    package var margin = 0.15
    /// `--pod-recommendation-min-cpu-millicores`, shared by the containers of a pod.
    package var leastMilli = 25.0
    /// `--pod-recommendation-min-memory-mb`, shared by the containers of a pod.
    package var leastBytes = Double(250 << 20)

    /// Creates the rules.
    package init() {}

    /// Returns what is recommended for a container of a pod with `containers` containers; nil before there are samples.
    package func recommendation(for history: ContainerHistory, containers: Int = 1) -> VerticalRecommendation? {
        guard history.samples > 0 || !history.bytes.isEmpty else { return nil }
        let confidence = Self.confidence(in: history)
        return VerticalRecommendation(
            target: amounts(history, target, factor: 1, containers),
            // Both converge on the percentile as samples of more days come.
            lowerBound: amounts(history, lower, factor: Self.inverseSquare(1 + 0.001 / confidence), containers),
            upperBound: amounts(history, upper, factor: 1 + 1 / confidence, containers))
    }

    /// Days of samples: by the calendar or by one a minute, whichever is less.
    static func confidence(in history: ContainerHistory) -> Double {
        guard let first = history.first, let last = history.last else { return 0 }
        let days = Double((last - first).nanoseconds) / Double(Duration.days(1).nanoseconds)
        return min(days, Double(history.samples) / (60 * 24))
    }

    private static func inverseSquare(_ base: Double) -> Double {
        1 / (base * base)
    }

    private func amounts(
        _ history: ContainerHistory, _ share: Double, factor: Double, _ containers: Int
    ) -> VerticalRecommendation.Amounts {
        let fraction = 1 / Double(max(1, containers))
        func amount(_ value: Double, least: Double) -> Int64 {
            let base = Self.whole(value)
            let usage = base + Self.whole(Double(base) * margin)
            // Without a sample there is nothing that a factor could make infinite.
            return max(usage > 0 ? Self.whole(Double(usage) * factor) : 0, Self.whole(least * fraction))
        }
        return VerticalRecommendation.Amounts(
            cpuMilli: amount(history.cores.percentile(share) * 1_000, least: leastMilli),
            memoryBytes: amount(history.bytes.percentile(share), least: leastBytes))
    }

    /// Cuts a part of a thousandth or a byte off, as each step does (`ResourceAmount`).
    private static func whole(_ value: Double) -> Int64 { Int64(min(max(0, value), 1e14)) }
}
