package import KubernetesAPI

// Counterpart: FGDScore of Weng et al., Beware of fragmentation: scheduling GPU-sharing workloads with fragmentation
// gradient descent, USENIX ATC'23, and of its simulator. Deliberate differences: none.

/// Ranks nodes, and the devices of each, by how little the pod adds to the fragments there (FGD).
package struct FragmentationGradientDescent: SchedulerPlugin {
    package static let name: PluginName = "FGD"

    /// The plugin's arguments.
    package struct Arguments: Hashable, Sendable {
        /// The pods that typically come; with none, all nodes score alike.
        package var typicalPods: [FragmentMeasure.PodClass] = []

        package init(typicalPods: [FragmentMeasure.PodClass] = []) { self.typicalPods = typicalPods }
    }

    private let measure: FragmentMeasure

    package init(arguments: Arguments = Arguments()) { measure = FragmentMeasure(arguments.typicalPods) }
}

// MARK: - Score

extension FragmentationGradientDescent: ScorePlugin {
    package var scoreScope: PluginScope { .nodeUsage }

    package func score(_ pod: PodInfo, on node: NodeInfo, in snapshot: Snapshot, state: CycleState) -> Int64 {
        answer(pod, on: node)?.score ?? Self.unchanged
    }

    private func answer(_ pod: PodInfo, on node: NodeInfo) -> FragmentNote.Answer? {
        guard let gpus = node.gpus else { return nil }
        let left = node.allocatable.milliCPU - node.requested.milliCPU - pod.shape.requests.milliCPU
        return FragmentNote.of(node, gpus, measure).answer(pod.shape.gpu, leaving: left, gpus)
    }
}

// MARK: - Devices

extension FragmentationGradientDescent: DevicePlugin {
    package func devices(for pod: PodInfo, on node: NodeInfo, in snapshot: Snapshot) -> UInt64? {
        guard let request = pod.shape.gpu else { return nil }
        guard request.isShared else { return node.gpus?.first(request) }
        guard let answer = answer(pod, on: node), answer.device >= 0 else { return nil }
        return 1 << UInt64(answer.device)
    }
}

// MARK: - The rule

extension FragmentationGradientDescent {
    /// The score of a node whose fragments stay as they are.
    static let unchanged: Int64 = 50

    /// Returns 0 to 100: more than 50 when fragments go away, less when there are more, in thousandths of a device.
    static func score(before: Double, after: Double) -> Int64 {
        Int64(100 * (1 / (1 + exponential(-((before - after) / 1000)))))
    }

    /// Returns e to the power of `x`, to a few units of the last digit; exactly 1 at 0.
    static func exponential(_ x: Double) -> Double {
        let limit = 700.0
        if x > limit { return exponential(limit) }
        if x < -limit { return 0 }
        let halvings = (x / 0.693_147_180_559_945_3).rounded()
        // Two parts, so that the difference is exact to the last digit.
        let rest = x - halvings * 0.693_147_180_369_123_8 - halvings * 1.908_214_929_270_587_7e-10
        var sum = 1.0
        for power in stride(from: 16.0, through: 1.0, by: -1.0) { sum = 1 + sum * rest / power }
        return Double(sign: .plus, exponent: Int(halvings), significand: sum)
    }
}

// MARK: - Reading

extension FragmentationGradientDescent.Arguments {
    /// Reads `typicalPods`: a list of `{cpu, gpuMilli, gpuCount, models, weight}`, where weights are numbers of pods.
    package init(reading reader: FieldReader) {
        let classes = reader.objects("typicalPods") { entry -> (FragmentMeasure.PodClass, Int64)? in
            let milliCPU = entry.quantity("cpu")?.milliValue ?? 0
            let milli = entry.int64("gpuMilli", in: 0...Int64(NodeGpus.whole))
            let count = entry.int64("gpuCount", in: 0...Int64(NodeGpus.countMax)) ?? (milli ?? 0 > 0 ? 1 : 0)
            let models = entry.strings("models")
            let weight = entry.int64("weight", in: 1...1_000_000_000) ?? 1
            if let milli, count > 1, milli < Int64(NodeGpus.whole) {
                entry.error("gpuMilli", "several devices are asked for whole", expected: "1000")
                return nil
            }
            let devices = count > 0 && milli != 0
            let gpu = GpuRequest(count: Int32(count), milli: Int32(milli ?? Int64(NodeGpus.whole)), models: models)
            return (FragmentMeasure.PodClass(milliCPU: milliCPU, gpu: devices ? gpu : nil, share: 0), weight)
        }
        let sum = classes.reduce(0) { $0 + $1.1 }
        self.init(
            typicalPods: classes.map { entry, weight in
                var entry = entry
                entry.share = Double(weight) / Double(max(1, sum))
                return entry
            })
    }
}
