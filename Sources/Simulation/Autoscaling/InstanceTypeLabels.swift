import KubernetesAPI
import Machines

// Counterpart: the labels that kubelets and Karpenter's AWS provider put on nodes (pkg/apis/v1/labels.go there).
// Deliberate difference: what a type's name does not tell, such as the hypervisor, is left out.

extension MachineType {
    /// The labels that every machine of the type has.
    var instanceLabels: StringMap {
        var labels: StringMap = [
            "kubernetes.io/os": "linux", "kubernetes.io/arch": architecture.rawValue,
            "node.kubernetes.io/instance-type": name,
        ]
        guard let dot = name.firstIndex(of: "."), dot != name.startIndex else { return labels }
        let family = name[..<dot]
        let category = family.prefix { !$0.isNumber }
        let generation = family.dropFirst(category.count).prefix { $0.isNumber }
        let prefix = "karpenter.k8s.aws/instance-"
        labels[prefix + "family"] = String(family)
        labels[prefix + "size"] = String(name[name.index(after: dot)...])
        labels[prefix + "category"] = String(category)
        if !generation.isEmpty { labels[prefix + "generation"] = String(generation) }
        labels[prefix + "cpu"] = String(milliCPU / 1_000)
        labels[prefix + "memory"] = String(memoryBytes >> 20)
        let marks = family.dropFirst(category.count + generation.count)
        labels[prefix + "cpu-manufacturer"] =
            architecture == .arm64 ? "aws" : marks.first == "a" ? "amd" : "intel"
        if gpuCount > 0 {
            labels[prefix + "gpu-count"] = String(gpuCount)
            if let gpuType { labels[prefix + "gpu-name"] = gpuType }
            labels[prefix + "gpu-manufacturer"] = gpuResource == .nvidiaGPU ? "nvidia" : "amd"
        }
        return labels
    }
}
