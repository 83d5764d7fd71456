import KubernetesAPI
import SchedulingFramework

/// What pods of the openb trace ask for; thousands of pods ask alike.
package struct OpenbPod: Hashable, Sendable {
    /// Thousandths of a CPU.
    package var milliCPU: Int64
    /// MiB.
    package var memory: Int64
    package var gpus: Int64
    /// Thousandths of each device; 0 without devices.
    package var gpuMilli: Int64
    /// The models that will do, as written (`A|B`); empty for any, and without devices.
    package var models: String

    /// Creates what a row of the trace asks for: without devices, what it says of them does not count.
    init(milliCPU: Int64, memory: Int64, gpus: Int64, gpuMilli: Int64, models: String) {
        self.milliCPU = milliCPU
        self.memory = memory
        self.gpus = gpus
        self.gpuMilli = gpus == 0 ? 0 : gpuMilli
        self.models = gpus == 0 ? "" : models
    }

    /// Thousandths of a device in all.
    var gpuTotal: Int64 { gpus * gpuMilli }

    private var modelList: [String] { models.split(separator: "|").map(String.init) }

    /// The request of devices; nil without any.
    var gpu: GpuRequest? {
        gpus == 0
            ? nil : GpuRequest(count: Int32(clamping: gpus), milli: Int32(clamping: gpuMilli), models: modelList)
    }

    /// Returns the spec of such a pod.
    func spec() -> PodSpec {
        var container = Container(name: "main", image: "openb")
        container.requests = [.cpu: Quantity(milli: milliCPU), .memory: Quantity(memory << 20, format: .binarySI)]
        if gpus > 0 {
            container.requests[GpuRequest.countName] = Quantity(gpus)
            container.requests[GpuRequest.milliName] = Quantity(gpuMilli)
        }
        container.limits = container.requests
        var spec = PodSpec(containers: [container])
        if !models.isEmpty {
            let rule = NodeSelectorRequirement(key: GpuRequest.modelKey, operator: .in, values: modelList)
            let selector = NodeSelector(terms: [NodeSelectorTerm(matchExpressions: [rule])])
            spec.affinity = Affinity(nodeAffinity: NodeAffinityRules(required: selector))
        }
        return spec
    }
}
