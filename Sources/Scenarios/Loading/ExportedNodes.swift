import Costs
import KubernetesAPI
import Machines

/// Sorts the nodes of an exported cluster into groups of equal machines.
enum ExportedNodes {
    /// Nodes of one machine type, bought in one way.
    struct Group {
        /// The machine type as the nodes' labels name it; nil without such a label.
        var typeName: String?
        var machineType: MachineType
        var purchase: Purchase
        /// The pool as the nodes' labels name it; nil without such a label.
        var poolLabel: String?
        var nodes: [Node]
        /// The zone of each node.
        var zones: [String]
        /// Where the first one stands.
        var place: SourcePlace

        var poolName: String {
            let name = (poolLabel ?? typeName ?? "exported").lowercased()
            let stem = String(name.map { $0 == "." || $0 == "_" ? "-" : $0 })
            return purchase == .spot ? stem + "-spot" : stem
        }
    }

    private static let typeLabels = ["node.kubernetes.io/instance-type", "beta.kubernetes.io/instance-type"]
    private static let zoneLabels = ["topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone"]
    /// The label by which Karpenter marks the nodes that it bought.
    static let nodePoolLabel = "karpenter.sh/nodepool"
    /// Labels by which clouds and tools name the pools of machines.
    private static let poolLabels = [
        "eks.amazonaws.com/nodegroup", "alpha.eksctl.io/nodegroup-name", "cloud.google.com/gke-nodepool",
        nodePoolLabel, "karpenter.sh/provisioner-name", "kubernetes.azure.com/agentpool",
        "kops.k8s.io/instancegroup", "orrery.dev/pool",
    ]
    /// Labels by which clouds mark machines that can be taken back, with the value in lower case.
    private static let spotLabels = [
        ("karpenter.sh/capacity-type", "spot"), ("eks.amazonaws.com/capacityType", "spot"),
        ("cloud.google.com/gke-spot", "true"), ("cloud.google.com/gke-provisioning", "spot"),
        ("cloud.google.com/gke-preemptible", "true"), ("node.kubernetes.io/lifecycle", "spot"),
    ]

    /// Returns the groups in the order of their first nodes.
    static func groups(of objects: [LoadedObject], catalogue: MachineCatalogue) -> [Group] {
        var groups: [Group] = []
        for loaded in objects {
            guard case .node(let node) = loaded.object else { continue }
            let labels = node.metadata.labels
            let typeName = typeLabels.lazy.compactMap { labels[$0] }.first { !$0.isEmpty }
            let isSpot = spotLabels.contains { labels[$0.0]?.lowercased() == $0.1 }
            let type = typeName.flatMap { catalogue[$0] } ?? machineType(of: node, name: typeName)
            let zone = zoneLabels.lazy.compactMap { labels[$0] }.first ?? ""
            let purchase: Purchase = isSpot ? .spot : .onDemand
            let pool = poolLabels.lazy.compactMap { labels[$0] }.first { !$0.isEmpty }
            if let index = groups.firstIndex(where: {
                $0.typeName == typeName && $0.poolLabel == pool && $0.purchase == purchase && $0.machineType == type
            }) {
                groups[index].nodes.append(node)
                groups[index].zones.append(zone)
            } else {
                groups.append(
                    Group(
                        typeName: typeName, machineType: type, purchase: purchase, poolLabel: pool,
                        nodes: [node], zones: [zone], place: loaded.place))
            }
        }
        return groups
    }

    /// Returns a machine type out of what a node says of itself.
    private static func machineType(of node: Node, name: String?) -> MachineType {
        let capacity = node.status.capacity
        return MachineType.custom(
            name: name ?? "unknown", cpu: capacity[.cpu] ?? .zero, memory: capacity[.memory] ?? .zero,
            disk: capacity[.ephemeralStorage] ?? Quantity(100 << 30, format: .binarySI),
            maxPods: capacity[.pods]?.value ?? 110, gpuCount: capacity[.nvidiaGPU]?.value ?? 0,
            architecture: node.metadata.labels["kubernetes.io/arch"] == "arm64" ? .arm64 : .amd64)
    }
}
