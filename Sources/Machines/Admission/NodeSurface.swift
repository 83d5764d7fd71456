import KubernetesAPI
import SchedulingFramework

/// What a kubelet reads off its own node object when it admits a pod; a class, as each admission takes it in hand.
final class NodeSurface: Sendable {
    let name: String
    let labels: StringMap
    let operatingSystem: String
    let taints: [Taint]
    let allocatable: ResourceAmounts
    let allowedPods: Int64

    static let osLabel = "kubernetes.io/os"

    init(_ node: Node) {
        name = node.metadata.name
        labels = node.metadata.labels
        operatingSystem = node.metadata.labels[Self.osLabel] ?? "linux"
        taints = node.spec.taints.filter { $0.effect == .noExecute }
        allocatable = ResourceAmounts(node.status.allocatable)
        allowedPods = node.status.allocatable[.pods]?.value ?? 0
    }
}

/// What the pods that a kubelet admitted hold of its node.
struct NodeHoldings: Sendable {
    var requests = ResourceAmounts()
    var pods: Int64 = 0
    var ports: [HostPort] = []

    mutating func add(_ needs: PodNeeds) {
        requests.add(needs.requests, sign: 1)
        pods += 1
        if !needs.ports.isEmpty { ports += needs.ports }
    }

    mutating func remove(_ needs: PodNeeds) {
        requests.add(needs.requests, sign: -1)
        pods -= 1
        for port in needs.ports {
            if let place = ports.firstIndex(of: port) { ports.remove(at: place) }
        }
    }
}
