import KubernetesAPI
import Testing

@testable import SchedulingFramework

/// Upstream's score of free room knows nothing of pod-level requests; all else does.
@Suite struct PodLevelScoreTests {
    private static func node(_ name: String, cpu: Int64, memory: Int64) -> NodeInfo {
        var node = Node(metadata: ObjectMeta(name: name))
        node.status.allocatable = [.cpu: Quantity(cpu), .memory: Quantity(memory << 30), .pods: Quantity(110)]
        return NodeInfo(node)
    }

    private static func pod(_ uid: UInt64, own: ResourceList = [:], podLevel: ResourceList = [:]) -> PodInfo {
        var container = Container(name: "c", image: "i")
        container.requests = own
        var spec = PodSpec(containers: [container])
        spec.requests = podLevel
        var metadata = ObjectMeta(name: "p\(uid)", namespace: "default")
        metadata.uid = UID(high: 0, low: uid)
        return PodInfo(Pod(metadata: metadata, spec: spec))
    }

    /// A small empty node, and a large one of which a quarter is taken.
    private static var nodes: [NodeInfo] {
        let large = node("b", cpu: 16, memory: 64)
        large.add(pod(9, own: [.cpu: Quantity(4), .memory: Quantity(16 << 30)]))
        return [node("a", cpu: 4, memory: 16), large]
    }

    @Test("the score of free room counts containers alone, the score of balance the pod as a whole")
    func scores() throws {
        let nodes = Self.nodes
        let snapshot = Snapshot(nodes: nodes)
        let pod = Self.pod(1, podLevel: [.cpu: Quantity(3), .memory: Quantity(1 << 30)])
        let rows: [(any ScorePlugin & UsageScorePlugin, [Int64])] = [
            (NodeResourcesFit(), [97, 74]), (NodeResourcesBalancedAllocation(), [57, 70]),
        ]
        for (plugin, expected) in rows {
            #expect(nodes.map { plugin.score(pod, on: $0, in: snapshot, state: CycleState()) } == expected)
            let formula = try #require(plugin.formula(for: pod.shape))
            #expect(nodes.map { withUnsafePointer(to: $0.figures) { formula.score(on: $0) } } == expected)
        }
    }

    @Test("a placed pod counts as a whole, and fits as a whole")
    func sums() {
        let node = Self.node("a", cpu: 4, memory: 16)
        let pod = Self.pod(1, podLevel: [.cpu: Quantity(3), .memory: Quantity(1 << 30)])
        node.add(pod)
        #expect(node.requested.milliCPU == 3000 && node.nonZeroRequested.milliCPU == 3000)
        #expect(
            NodeResourcesFit().filter(Self.pod(2, podLevel: [.cpu: Quantity(2)]), on: node, state: CycleState())
                == .unschedulable("Insufficient cpu"))
    }

    @Test("without its pre-score, a pod that asks for nothing is balanced nowhere")
    func asksForNothing() {
        let nodes = Self.nodes
        let balance = NodeResourcesBalancedAllocation()
        let pod = Self.pod(1)
        #expect(balance.score(pod, on: nodes[1], in: Snapshot(nodes: nodes), state: CycleState()) == 0)
        #expect(balance.formula(for: pod.shape) == nil)
    }
}
