import KubernetesAPI
import SchedulingFramework

// Counterpart: pkg/kubelet/lifecycle/predicate.go and AdmissionCheck of the scheduler (v1.36).
// Deliberate differences: supplemental groups are not read; device plugins have no say.

/// The rules by which a kubelet takes a pod or refuses it.
enum NodeAdmission {
    /// One reason against a pod.
    enum Failure: Equatable, Sendable {
        case shortage(ResourceName, requested: Int64, used: Int64, capacity: Int64)
        /// A predicate of the scheduler's, by its name, and what it says.
        case predicate(String, String)

        /// What stands in the pod's status, and in its message.
        var refusal: Refusal {
            switch self {
            case .shortage(let name, let requested, let used, let capacity):
                Refusal(
                    reason: "OutOf\(name.text)",
                    message: "Node didn't have enough resource: \(name.text), requested: \(requested), used: \(used), "
                        + "capacity: \(capacity)")
            case .predicate(let name, let text):
                Refusal(reason: name, message: "Predicate \(name) failed: \(text)")
            }
        }
    }

    /// A refusal as the kubelet words it.
    struct Refusal: Equatable, Sendable {
        var reason: String
        var message: String

        static let shuttingDown = Refusal(
            reason: "NodeShutdown", message: "Pod was rejected as the node is shutting down.")
        static let foreignSystem = Refusal(
            reason: "PodOSSelectorNodeLabelDoesNotMatch",
            message: "Failed to admit pod as the `kubernetes.io/os` label doesn't match node label")
        static let unsupportedSystem = Refusal(
            reason: "PodOSNotSupported", message: "Failed to admit pod as the OS field doesn't match node OS")
    }

    /// Returns everything that speaks against a pod on a node that already holds `holdings`, in upstream's order.
    static func failures(_ needs: PodNeeds, on node: NodeSurface, holding holdings: NodeHoldings) -> [Failure] {
        var failures = shortages(needs.requests, on: node, holding: holdings)
        if !matches(needs, node) {
            failures.append(.predicate("NodeAffinity", "node(s) didn't match Pod's node affinity/selector"))
        }
        let isTaken = needs.ports.contains { port in holdings.ports.contains { $0.conflicts(with: port) } }
        if isTaken {
            failures.append(.predicate("NodePorts", "node(s) didn't have free ports for the requested pod ports"))
        }
        let isKeptOff = node.taints.contains { taint in !needs.tolerations.contains { $0.tolerates(taint) } }
        if isKeptOff {
            failures.append(.predicate("TaintToleration", "node(s) had taints that the pod didn't tolerate"))
        }
        return failures
    }

    private static func matches(_ needs: PodNeeds, _ node: NodeSurface) -> Bool {
        for pair in needs.nodeSelector.pairs where node.labels[pair.key] != pair.value { return false }
        return needs.requiredNodes?.matches(name: node.name, labels: node.labels) ?? true
    }

    private static func shortages(
        _ wanted: ResourceAmounts, on node: NodeSurface, holding holdings: NodeHoldings
    ) -> [Failure] {
        var failures: [Failure] = []
        func compare(_ name: ResourceName, _ wanted: Int64, used: Int64, capacity: Int64) {
            if wanted > 0, wanted > capacity - used {
                failures.append(.shortage(name, requested: wanted, used: used, capacity: capacity))
            }
        }
        compare(.pods, 1, used: holdings.pods, capacity: node.allowedPods)
        compare(
            .cpu, wanted.milliCPU, used: holdings.requests.milliCPU, capacity: node.allocatable.milliCPU)
        compare(.memory, wanted.memory, used: holdings.requests.memory, capacity: node.allocatable.memory)
        compare(
            .ephemeralStorage, wanted.ephemeralStorage, used: holdings.requests.ephemeralStorage,
            capacity: node.allocatable.ephemeralStorage)
        for scalar in wanted.scalars {
            // A resource of the cluster and not of the node is nothing that this node could be short of.
            let isOfNode = node.allocatable.scalars.contains { $0.name == scalar.name }
            if scalar.name.isExtended, !isOfNode { continue }
            compare(
                scalar.name, scalar.amount, used: holdings.requests.scalar(scalar.name),
                capacity: node.allocatable.scalar(scalar.name))
        }
        return failures
    }
}
