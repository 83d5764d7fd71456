import Autoscalers
import KubernetesAPI

/// How requests follow from usage.
package struct SizingRule: Hashable, Sendable {
    /// Where a recommendation comes from.
    package enum Recommender: String, Hashable, Sendable, CaseIterable {
        /// A percentile of the usage over the time of all pods, and a margin.
        case percentile
        /// The recommender of the VerticalPodAutoscaler with its defaults.
        case vpa
    }

    package var recommender = Recommender.percentile
    /// From 1 to 100.
    package var percentile: Int64 = 95
    /// What is added, in hundredths.
    package var marginPercent: Int64 = 15
    /// From one look at the usage to the next.
    package var sampleSeconds: Int64 = 60

    /// Creates the usual rule.
    package init() {}

    /// The least that is recommended: what the scheduler can still tell from nothing.
    static let leastMilli: Int64 = 10
    static let leastBytes: Int64 = 16 << 20

    /// Returns what a container should ask for, at most its limits and within what the limit ranges of its namespace
    /// let it ask for; nil of what is not known.
    func request(
        from samples: UsageSamples, of container: Container, containers: Int, ranges: [LimitRange.Item] = []
    ) -> (cpuMilli: Int64?, memoryBytes: Int64?) {
        var (cpu, memory): (Int64?, Int64?)
        switch recommender {
        case .percentile:
            cpu = samples.cpuMilli(percentile: percentile).map { max(Self.leastMilli, withMargin($0)) }
            memory = samples.memoryBytes(percentile: percentile).map { max(Self.leastBytes, withMargin($0)) }
        case .vpa:
            let target = VerticalRecommender().recommendation(for: samples.history, containers: containers)?.target
            cpu = samples.knowsCPU ? target?.cpuMilli : nil
            memory = samples.knowsMemory ? target?.memoryBytes : nil
        }
        let bounds = RequestBounds(container, ranges)
        return (
            cpu.map { bounds.bounded($0, .cpu) { $0.milliValue } },
            memory.map { amount in
                // Whole MiB, as people write them, above the least that is allowed as well; only a most may be none.
                let allowed = bounds.bounded(Self.wholeMebibytes(amount), .memory) { $0.value }
                return bounds.bounded(Self.wholeMebibytes(allowed), .memory) { $0.value }
            }
        )
    }

    private static func wholeMebibytes(_ bytes: Int64) -> Int64 { ((bytes + (1 << 20) - 1) >> 20) << 20 }

    private func withMargin(_ amount: Int64) -> Int64 {
        Int64((Int128(amount) * Int128(100 + marginPercent) + 99) / 100)
    }
}
