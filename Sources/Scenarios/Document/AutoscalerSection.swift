import Autoscalers
import Chronology
import KubernetesAPI

/// What `autoscaler` says; pools with `autoscaling` need nothing said.
struct AutoscalerSection {
    var clusterAutoscaler = ClusterAutoscaler.Parameters()
    /// Whether anything is said of the Cluster Autoscaler.
    var hasClusterAutoscaler = false
    /// nil when it says nothing.
    var karpenter: KarpenterSection?
    /// Where it stands, for messages.
    var position: Position?
}

/// Reads `autoscaler`: the flags of the Cluster Autoscaler under their own names.
extension ScenarioReading {
    private typealias Parameters = ClusterAutoscaler.Parameters

    private static var durations: [(flag: String, place: WritableKeyPath<Parameters, Duration>)] {
        [
            ("scan-interval", \.scanInterval), ("new-pod-scale-up-delay", \.newPodScaleUpDelay),
            ("max-node-provision-time", \.maxNodeProvisionTime),
            ("initial-node-group-backoff-duration", \.initialBackoff),
            ("max-node-group-backoff-duration", \.maxBackoff), ("node-group-backoff-reset-timeout", \.backoffReset),
            ("scale-down-delay-after-add", \.scaleDownDelayAfterAdd),
            ("scale-down-delay-after-delete", \.scaleDownDelayAfterDelete),
            ("scale-down-delay-after-failure", \.scaleDownDelayAfterFailure),
            ("scale-down-unneeded-time", \.scaleDownUnneededTime), ("scale-down-unready-time", \.scaleDownUnreadyTime),
            ("max-pod-eviction-time", \.maxPodEvictionTime),
            ("blocking-system-pod-distruption-timeout", \.systemPodDisruptionTimeout),
        ]
    }

    private static var switches: [(flag: String, place: WritableKeyPath<Parameters, Bool>)] {
        [
            ("balance-similar-node-groups", \.balancesSimilarNodeGroups), ("scale-down-enabled", \.scaleDownEnabled),
            ("scale-down-unready-enabled", \.scaleDownUnreadyEnabled),
            ("ignore-daemonsets-utilization", \.ignoresDaemonSetsUtilization),
            ("ignore-mirror-pods-utilization", \.ignoresMirrorPodsUtilization),
            ("skip-nodes-with-local-storage", \.skipsNodesWithLocalStorage),
            ("skip-nodes-with-system-pods", \.skipsNodesWithSystemPods),
            ("skip-nodes-with-custom-controller-pods", \.skipsNodesWithCustomControllerPods),
            ("daemonset-eviction-for-occupied-nodes", \.evictsDaemonSetPods),
        ]
    }

    private static var counts: [(flag: String, place: WritableKeyPath<Parameters, Int>)] {
        [
            ("max-nodes-total", \.maxNodesTotal), ("max-nodes-per-scaleup", \.maxNodesPerScaleUp),
            ("ok-total-unready-count", \.okTotalUnreadyCount),
            ("max-scale-down-parallelism", \.maxScaleDownParallelism), ("max-drain-parallelism", \.maxDrainParallelism),
            ("max-bulk-soft-taint-count", \.maxBulkSoftTaintCount),
        ]
    }

    private static var shares: [(flag: String, place: WritableKeyPath<Parameters, Int64>)] {
        [
            ("scale-down-utilization-threshold", \.scaleDownUtilizationThreshold),
            ("scale-down-gpu-utilization-threshold", \.scaleDownGpuUtilizationThreshold),
        ]
    }

    func autoscaler(_ reader: FieldReader) -> AutoscalerSection {
        var section = AutoscalerSection(position: reader.position)
        section.hasClusterAutoscaler = reader.has("clusterAutoscaler")
        reader.object("clusterAutoscaler") { read($0, into: &section.clusterAutoscaler) }
        section.karpenter = reader.object("karpenter") { karpenter($0) }
        return section
    }

    private func read(_ reader: FieldReader, into parameters: inout Parameters) {
        // The real one still takes this flag, and goes by it no longer.
        reader.inert(["scale-down-non-empty-candidates-count"])
        for (flag, place) in Self.durations {
            guard let value = reader.read(flag, { duration($0, path: $1) }) else { continue }
            let isAllowed = flag == "scan-interval" ? value >= .seconds(1) : value >= .zero
            if isAllowed {
                parameters[keyPath: place] = value
            } else {
                reader.error(flag, "found \(value)", expected: flag == "scan-interval" ? "1s or more" : "0s or more")
            }
        }
        for (flag, place) in Self.switches { if let value = reader.bool(flag) { parameters[keyPath: place] = value } }
        for (flag, place) in Self.counts {
            if let value = reader.int64(flag, in: 0...1_000_000) { parameters[keyPath: place] = Int(value) }
        }
        for (flag, place) in Self.shares {
            guard let value = reader.quantity(flag) else { continue }
            if value >= .zero, value <= Quantity(1) {
                parameters[keyPath: place] = value.milliValue
            } else {
                reader.error(flag, "found \(value)", expected: "a share from 0 to 1")
            }
        }
        if let seconds = reader.int64("max-graceful-termination-sec", in: 0...86_400) {
            parameters.maxGracefulTermination = .seconds(seconds)
        }
        if let percent = reader.int64("max-total-unready-percentage", in: 0...100) {
            parameters.maxTotalUnreadyPercentage = percent
        }
        if let count = reader.int64("min-replica-count", in: 0...1_000_000) { parameters.minReplicaCount = count }
        if let cutoff = reader.int64("expendable-pods-priority-cutoff", in: Int64(Int32.min)...Int64(Int32.max)) {
            parameters.expendablePodsPriorityCutoff = Int32(cutoff)
        }
        if let bounds = span("cores-total", reader) { parameters.coresTotal = bounds }
        if let bounds = span("memory-total", reader) { parameters.memoryTotal = bounds }
        parameters.balancingIgnoredLabels = reader.oneOrMore("balancing-ignore-label")
        parameters.startupTaints = reader.oneOrMore("startup-taint")
        readExpanders(reader, into: &parameters)
    }

    /// Returns bounds such as `0:320000`.
    private func span(_ flag: String, _ reader: FieldReader) -> ClosedRange<Int64>? {
        guard let text = reader.string(flag) else { return nil }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { Int64($0) }
        if parts.count == 2, let low = parts[0], let high = parts[1], low >= 0, low <= high { return low...high }
        reader.error(flag, "found the text \"\(ManifestTree.shortened(text))\"", expected: "MIN:MAX, such as 0:320000")
        return nil
    }

    private func readExpanders(_ reader: FieldReader, into parameters: inout Parameters) {
        let names = reader.oneOrMore("expander").flatMap { $0.split(separator: ",").map(String.init) }
        var expanders: [ClusterAutoscaler.Expander] = []
        for name in names {
            if let expander = ClusterAutoscaler.Expander(rawValue: name) {
                expanders.append(expander)
            } else {
                let known = ClusterAutoscaler.Expander.allCases.map(\.rawValue).joined(separator: ", ")
                reader.error("expander", "there is no expander \"\(ManifestTree.shortened(name))\"", expected: known)
            }
        }
        if !expanders.isEmpty { parameters.expanders = expanders }
        parameters.priorities = reader.objects("priorities") { tier in
            tier.require("groups", expected: "patterns of pool names")
            guard let priority = tier.int64("priority", in: 1...1_000_000) else { return nil }
            return ClusterAutoscaler.PriorityTier(priority: Int(priority), patterns: tier.oneOrMore("groups"))
        }
        if parameters.expanders.contains(.priority), parameters.priorities.isEmpty {
            reader.error(
                "priorities", "the expander priority has nothing to go by", expected: "a list of priority and groups")
        }
    }
}
