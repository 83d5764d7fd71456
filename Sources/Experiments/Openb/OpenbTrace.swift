package import SchedulingFramework

/// One list of pods of the openb trace, and the orders in which they arrive.
package struct OpenbTrace: Sendable {
    /// Without the common beginning: `default`, `gpuspec33`.
    package let name: String
    /// The different kinds of pods, in order of appearance.
    let kinds: [OpenbPod]
    /// The typical pods, from which fragments are measured.
    package let typicalPods: [FragmentMeasure.PodClass]
    /// By seed, ascending.
    let arrivals: [OpenbArrival]

    /// The seeds with an order of arrivals, ascending.
    package var seeds: [Int] { arrivals.map(\.seed) }

    /// The part of all pods that typical ones make up at least.
    private static let typicalShare = 0.95

    /// A kind of pod as fragments see it.
    private struct Kind: Hashable {
        var milliCPU: Int64
        var gpuMilli: Int64
        var gpus: Int64
        var models: String
        var count = 0

        /// Whether it goes before `other`: the frequent first.
        func precedes(_ other: Kind) -> Bool {
            if count != other.count { return count > other.count }
            if milliCPU != other.milliCPU { return milliCPU > other.milliCPU }
            if gpuMilli != other.gpuMilli { return gpuMilli > other.gpuMilli }
            if gpus != other.gpus { return gpus > other.gpus }
            return models > other.models
        }
    }

    /// Returns the most frequent kinds that together make up 95 % of `pods`, with their shares.
    static func typical(of pods: [OpenbPod]) -> [FragmentMeasure.PodClass] {
        var counts: [Kind: Int] = [:]
        for pod in pods {
            let kind = Kind(milliCPU: pod.milliCPU, gpuMilli: pod.gpuMilli, gpus: pod.gpus, models: pod.models)
            counts[kind, default: 0] += 1
        }
        var kinds: [Kind] = counts.map { kind, count in
            var kind = kind
            kind.count = count
            return kind
        }
        kinds.sort { $0.precedes($1) }
        var taken = 0
        var covered = 0
        while taken < kinds.count, Double(covered) < typicalShare * Double(pods.count) {
            covered += kinds[taken].count
            taken += 1
        }
        let total = Double(pods.count)
        return kinds[..<taken].map { kind in
            let pod = OpenbPod(
                milliCPU: kind.milliCPU, memory: 0, gpus: kind.gpus, gpuMilli: kind.gpuMilli, models: kind.models)
            let share = (Double(kind.count) / total) / (Double(covered) / total)
            return FragmentMeasure.PodClass(milliCPU: kind.milliCPU, gpu: pod.gpu, share: share)
        }
    }
}

/// One order in which the pods of a trace arrive, and the rank of the nodes.
struct OpenbArrival: Sendable {
    var seed: Int
    /// The kinds of the pods, in order of arrival.
    var pods: [Int32]
    /// Places in the list of nodes, by rank.
    var nodes: [Int32]
}
