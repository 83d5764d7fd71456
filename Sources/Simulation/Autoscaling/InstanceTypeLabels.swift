package import Autoscalers
package import Costs
import KubernetesAPI
package import Machines

// Counterpart: the labels that kubelets and Karpenter's AWS provider put on nodes (pkg/apis/v1/labels.go there).
// Deliberate differences: what a type's name does not tell, such as local disks and bandwidths, is left out; the
// hypervisor follows from the family's generation.

extension MachineModel {
    /// Creates what an autoscaler knows of `type`; a price of nil means that it is not sold that way.
    package init(_ type: MachineType, onDemand: NanoDollars?, spot: NanoDollars?) {
        self.init(
            name: type.name, capacity: type.capacity, allocatable: type.allocatable, labels: type.instanceLabels,
            onDemandPrice: onDemand?.amount, spotPrice: spot?.amount)
    }
}

extension MachineType {
    private static let prefix = "karpenter.k8s.aws/instance-"
    /// Families on Xen, from before the provider's own hypervisor.
    private static let xenFamilies: Set<String> = [
        "c1", "c3", "c4", "d2", "f1", "g2", "g3", "g3s", "h1", "i2", "i3", "m1", "m2", "m3", "m4", "p2", "p3", "r3",
        "r4", "t1", "t2", "x1", "x1e",
    ]

    /// The labels that every machine of the type has.
    var instanceLabels: StringMap {
        var labels = NodeLabels.completed([
            NodeLabels.system: "linux", NodeLabels.architecture: architecture.rawValue,
            "node.kubernetes.io/instance-type": name,
        ])
        guard let dot = name.firstIndex(of: "."), dot != name.startIndex else { return labels }
        let family = String(name[..<dot])
        let size = String(name[name.index(after: dot)...])
        let category = family.prefix { !$0.isNumber }
        let generation = family.dropFirst(category.count).prefix { $0.isNumber }
        labels[Self.prefix + "family"] = family
        labels[Self.prefix + "size"] = size
        // "u-6tb1" is of the category "u".
        labels[Self.prefix + "category"] = String(category.prefix { $0 != "-" })
        if !generation.isEmpty { labels[Self.prefix + "generation"] = String(generation) }
        labels[Self.prefix + "cpu"] = String(milliCPU / 1_000)
        labels[Self.prefix + "memory"] = String(memoryBytes >> 20)
        labels[Self.prefix + "hypervisor"] =
            size.hasPrefix("metal") ? "" : Self.xenFamilies.contains(family) ? "xen" : "nitro"
        let marks = family.dropFirst(category.count + generation.count)
        labels[Self.prefix + "cpu-manufacturer"] =
            architecture == .arm64 ? "aws" : marks.first == "a" ? "amd" : "intel"
        if gpuCount > 0 {
            labels[Self.prefix + "gpu-count"] = String(gpuCount)
            if let gpuType { labels[Self.prefix + "gpu-name"] = gpuType }
            labels[Self.prefix + "gpu-manufacturer"] = gpuResource == .nvidiaGPU ? "nvidia" : "amd"
        }
        return labels
    }
}
