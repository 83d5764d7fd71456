package import KubernetesAPI

/// What a pod asks of a node's graphics processors: so many devices, and of each so much.
///
/// A pod asks in one of three ways; in a spec, the amounts stand among the requests of its containers:
///
/// | form | where | meaning |
/// |---|---|---|
/// | `nvidia.com/gpu: n` | requests | n whole devices |
/// | `alibabacloud.com/gpu-milli: m`, `alibabacloud.com/gpu-count: n` | requests | n devices (default 1), m/1000 of each |
/// | the same two, and `alibabacloud.com/gpu-card-model: A\|B` | annotations | as above, on devices of these models |
///
/// Annotations win over requests, as in the simulator of the FGD paper, whose pods carry nothing else. In the spec
/// form the model is chosen by node selector or node affinity, as for any label. Profiles with `GpuShare` name the
/// group `alibabacloud.com` in the `ignoredResourceGroups` of NodeResourcesFit, which cannot know of devices.
package struct GpuRequest: Hashable, Sendable {
    /// Devices, at least 1.
    package var count: Int32
    /// Thousandths of each device, at least 1; more than one device are asked for whole.
    package var milli: Int32
    /// The models that will do; empty for any.
    package var models: [String]

    package init(count: Int32 = 1, milli: Int32, models: [String] = []) {
        self.count = count
        self.milli = milli
        self.models = models
    }

    /// Thousandths of a device in all.
    package var total: Int64 { Int64(count) * Int64(milli) }

    /// Whether it is a part of one device.
    package var isShared: Bool { count == 1 && milli < NodeGpus.whole }
}

// MARK: - Where it is written

extension GpuRequest {
    /// Whole devices, as the device plugin of the maker counts them.
    package static let wholeName: ResourceName = .nvidiaGPU
    /// Thousandths of each device.
    package static let milliName: ResourceName = "alibabacloud.com/gpu-milli"
    /// Devices, of pods and of nodes.
    package static let countName: ResourceName = "alibabacloud.com/gpu-count"
    /// The annotation of pods and the label of nodes that name the model of the device.
    package static let modelKey = "alibabacloud.com/gpu-card-model"
    /// The label of nodes that NVIDIA's feature discovery sets.
    package static let productKey = "nvidia.com/gpu.product"

    /// Reads what a spec asks for; nil when it asks for no device.
    init?(_ requests: ResourceAmounts) {
        if requests.scalars.isEmpty { return nil }
        let whole = requests.scalar(Self.wholeName)
        if whole > 0 {
            self.init(count: Int32(clamping: whole), milli: NodeGpus.whole)
            return
        }
        self.init(milli: requests.scalar(Self.milliName), count: requests.scalar(Self.countName), models: [])
    }

    /// Returns the thousandths of a device that a spec asks for as parts of devices; whole ones are not among them.
    package static func sharedMilli(of requests: ResourceAmounts) -> Int64 {
        guard requests.scalar(wholeName) == 0, let request = GpuRequest(requests) else { return 0 }
        return min(request.total, Int64(NodeGpus.countMax) * Int64(NodeGpus.whole))
    }

    /// Reads what a pod's annotations ask for; nil when they do not speak of devices.
    package init?(annotations: StringMap) {
        if annotations.isEmpty { return nil }
        let milli = annotations[Self.milliName.text].flatMap { Int64($0) } ?? 0
        let count = annotations[Self.countName.text].flatMap { Int64($0) } ?? 0
        let models = (annotations[Self.modelKey] ?? "").split(separator: "|").map(String.init)
        self.init(milli: milli, count: count, models: models)
    }

    private init?(milli: Int64, count: Int64, models: [String]) {
        guard milli > 0 || count > 0 else { return nil }
        // A count alone asks for whole devices.
        self.init(
            count: Int32(clamping: max(1, count)), milli: milli > 0 ? Int32(clamping: milli) : NodeGpus.whole,
            models: models)
    }

    /// Returns how many devices a node with these amounts has.
    package static func deviceCount(of allocatable: ResourceAmounts) -> Int {
        if allocatable.scalars.isEmpty { return 0 }
        let count = max(allocatable.scalar(countName), allocatable.scalar(wholeName))
        return Int(min(count, Int64(NodeGpus.countMax)))
    }

    /// Returns the model of the devices of a node with these labels; empty when none is named.
    static func model(of labels: StringMap) -> String { labels[modelKey] ?? labels[productKey] ?? "" }
}
