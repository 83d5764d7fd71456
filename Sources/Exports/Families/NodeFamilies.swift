import KubernetesAPI
import Observations

/// What is told of machines.
enum NodeFamilies {
    static let table: [ObjectFamily<Node>] = states + resources + kubelet + prices

    // MARK: - kube-state-metrics

    private static let states: [ObjectFamily<Node>] = [
        .facts("kube_node_info", "A node of the cluster.") { [("provider_id", $0.spec.providerID)] },
        .facts("kube_node_labels", "The labels of a node.") { $0.metadata.labelPairs },
        .time("kube_node_created", "When a node was registered.") { $0.metadata.creationTimestamp },
        .time("kube_node_deletion_timestamp", "When the deletion of a node was asked for.") {
            $0.metadata.deletionTimestamp
        },
        .gauge("kube_node_role", "A role that a node has by its labels.") { node in
            let prefix = "node-role.kubernetes.io/"
            return node.metadata.labels.keys.filter { $0.hasPrefix(prefix) }
                .map { MetricSample([("role", String($0.dropFirst(prefix.count)))]) }
        },
        .number("kube_node_spec_unschedulable", "Whether a node is cordoned.") { $0.spec.unschedulable ? 1 : 0 },
        .gauge("kube_node_spec_taint", "A taint of a node.") { node in
            node.spec.taints.map {
                MetricSample([("key", $0.key), ("value", $0.value), ("effect", $0.effect.rawValue)])
            }
        },
        .gauge("kube_node_status_condition", "Which status a condition of a node has.") { node in
            node.status.conditions.flatMap {
                MetricSample.statuses($0.status.rawValue, label: "status", beside: [("condition", $0.type.name)])
            }
        },
    ]

    private static let resources: [ObjectFamily<Node>] = [
        .gauge("kube_node_status_capacity", "What a node has of a resource.") { amounts($0.status.capacity) },
        .gauge("kube_node_status_allocatable", "What pods may ask for of a node's resource.") {
            amounts($0.status.allocatable)
        },
    ]

    private static func amounts(_ list: ResourceList) -> [MetricSample] {
        list.entries.map { MetricSample(ResourceLabels.of($0.name), $0.amount.double) }
    }

    // MARK: - The kubelet and cAdvisor

    private static let kubelet: [ObjectFamily<Node>] = [
        ObjectFamily(
            MetricFamily("machine_cpu_cores", unit: "cores", help: "Cores of the machine."), target: cadvisor
        ) { node, _ in number(of: node, .cpu) },
        ObjectFamily(
            MetricFamily("machine_memory_bytes", unit: "bytes", help: "Memory of the machine."), target: cadvisor
        ) { node, _ in number(of: node, .memory) },
        ObjectFamily(
            MetricFamily("kubelet_node_name", help: "The name under which a kubelet is registered."),
            target: { .kubelet(node: $0.metadata.name) }
        ) { node, _ in node.isReady ? [MetricSample()] : [] },
    ]

    private static let cadvisor: @Sendable (Node) -> MetricTarget = { .cadvisor(node: $0.metadata.name) }

    /// What a machine has, as long as its kubelet answers.
    private static func number(of node: Node, _ resource: ResourceName) -> [MetricSample] {
        guard node.isReady, let amount = node.status.capacity[resource] else { return [] }
        return [MetricSample([], amount.double)]
    }

    // MARK: - OpenCost

    private static let prices: [ObjectFamily<Node>] = [
        price("node_total_hourly_cost", "Dollars an hour for the whole machine, at its list price.") { $0.total },
        price("node_cpu_hourly_cost", "Dollars an hour for one core.") { $0.core },
        price("node_ram_hourly_cost", "Dollars an hour for one GiB of memory.") { $0.gibibyte },
        price("node_gpu_hourly_cost", "Dollars an hour for one GPU.") { $0.gpu },
        price("node_gpu_count", "GPUs of the machine.") { $0.gpus },
        price("kubecost_node_is_spot", "Whether the machine is a spot machine.") { $0.isSpot ? 1 : 0 },
    ]

    private static func price(
        _ name: String, _ help: String, _ value: @escaping @Sendable (NodePrice) -> Double
    ) -> ObjectFamily<Node> {
        ObjectFamily(MetricFamily(name, help: help), target: { _ in .openCost }) { node, context in
            guard let machine = context.machines[node.metadata.name], let price = NodePrice(machine) else { return [] }
            let labels = node.metadata.labels
            // OpenCost names the node as the instance, and Prometheus is told to believe it.
            return [
                MetricSample(
                    [
                        ("instance", node.metadata.name), ("instance_type", machine.machineType),
                        ("region", labels["topology.kubernetes.io/region"] ?? ""),
                        ("provider_id", node.spec.providerID), ("arch", labels["kubernetes.io/arch"] ?? ""),
                    ], value(price))
            ]
        }
    }
}

/// The resource of an amount, and the unit in which kube-state-metrics tells it.
enum ResourceLabels {
    static func of(_ name: ResourceName) -> [(String, String)] {
        [("resource", LabelText.name(name.text)), ("unit", unit(name))]
    }

    private static func unit(_ name: ResourceName) -> String {
        if name == .cpu { return "core" }
        let isBytes = [.memory, .storage, .ephemeralStorage].contains(name) || name.text.hasPrefix("hugepages-")
        return isBytes ? "byte" : "integer"
    }
}
