import Chronology
import ControlPlane
import FakeCluster
import KubernetesAPI
import SchedulingFramework
import Testing

@testable import Autoscalers

@Suite struct ClusterAutoscalerScaleDownTests {
    private static func budget(allowed: Int64) -> KubernetesObject {
        var budget = PodDisruptionBudget(metadata: ObjectMeta(name: "b", namespace: "d"))
        budget.selector = LabelSelector(matchLabels: ["app": "web"])
        budget.status.disruptionsAllowed = allowed
        return .podDisruptionBudget(budget)
    }

    /// Pods of a very low priority neither take room nor keep a node, however much they ask for.
    @Test(arguments: [(-11, ["600 ScaleDownEmpty a 1"]), (-10, [])] as [(Int32, [String])])
    func expendablePodsAreNotThere(priority: Int32, decisions: [String]) {
        let cloud = FakeCloud()
        cloud.addGroup("a", min: 1, size: 2)
        cloud.view.add(.pod(Fixtures.pod("p1", node: "a-1")))
        cloud.view.add(.pod(Fixtures.pod("p2", milli: 3500, node: "a-2") { $0.priority = priority }))
        var autoscaler = ClusterAutoscaler()
        let result = cloud.run(&autoscaler, minutes: 12)
        #expect(result.decisions == decisions)
        #expect(!result.events.contains { $0.hasPrefix("ScaleDownFailed") })
    }

    /// One budget for pods on two nodes: what the first node takes of it the second one lacks.
    @Test(arguments: [(1, 1), (2, 2)] as [(Int64, Int)])
    func budgetsAreSharedByNodes(allowed: Int64, candidates: Int) {
        let cloud = FakeCloud()
        cloud.addGroup("a", size: 3)
        for node in ["a-1", "a-2"] { cloud.view.add(.pod(Fixtures.pod(node, node: node))) }
        cloud.view.add(.pod(Fixtures.pod("rest", milli: 2000, node: "a-3", labels: [:]) { $0.priority = 0 }))
        cloud.view.add(Self.budget(allowed: allowed))
        var autoscaler = ClusterAutoscaler()
        cloud.run(&autoscaler, minutes: 1)
        #expect(autoscaler.unneededSince.keys.filter { $0 != "a-3" }.count == candidates)
    }

    /// A node whose pods have to wait for each other goes after one whose pods do not.
    @Test func nodesAtRiskGoLast() {
        let cloud = FakeCloud()
        cloud.addGroup("a", size: 2)
        cloud.addGroup("0", min: 1, size: 1, cpu: 16)
        for name in ["p1", "p2"] { cloud.view.add(.pod(Fixtures.pod(name, milli: 500, node: "a-1"))) }
        cloud.view.add(.pod(Fixtures.pod("p3", node: "a-2", labels: [:])))
        cloud.view.add(Self.budget(allowed: 1))
        var autoscaler = ClusterAutoscaler()
        var tainted: [String] = []
        cloud.run(&autoscaler, minutes: 12) { _, cloud in
            for node in cloud.view.nodes() where node.spec.taints.contains(where: DeletionTaint.isHard) {
                if tainted.last != node.metadata.name { tainted.append(node.metadata.name) }
            }
        }
        #expect(tainted == ["a-2", "a-1"])
    }

    /// A pod that is ending has to move until it should have been gone for long; a node that waits for it is no empty one.
    @Test func podsThatEndAreWaitedFor() {
        let cloud = FakeCloud()
        cloud.addGroup("a", min: 1, size: 2)
        cloud.view.add(.pod(Fixtures.pod("p1", milli: 3500, node: "a-1")))
        var pod = Fixtures.pod("p2", node: "a-2")
        pod.metadata.deletionTimestamp = Instant.start + .hours(1)
        cloud.view.add(.pod(pod))
        var autoscaler = ClusterAutoscaler()
        #expect(cloud.run(&autoscaler, minutes: 61).decisions == [])
        #expect(cloud.run(&autoscaler, minutes: 12).decisions == ["4270 ScaleDownEmpty a 1"])
        #expect(cloud.view.nodes().count == 1)
    }

    /// Where evictions are refused for one node, the next one goes at once.
    @Test func failedDrainsDelayNothing() {
        let cloud = FakeCloud()
        cloud.addGroup("a", size: 3)
        cloud.addGroup("b", min: 1, size: 1, cpu: 16)
        for node in ["a-1", "a-2", "a-3"] { cloud.view.add(.pod(Fixtures.pod(node, node: node))) }
        cloud.refusesEvictions = true
        var autoscaler = ClusterAutoscaler()
        let result = cloud.run(&autoscaler, minutes: 15)
        #expect(result.decisions == ["600 ScaleDown a 1", "730 ScaleDown a 1", "860 ScaleDown a 1"])
        #expect(result.events.filter { $0.hasPrefix("ScaleDownFailed") }.count == 2)
    }

    /// Nodes are marked and unmarked while nothing may be removed.
    @Test func softTaintsFollowInACoolDown() {
        let cloud = FakeCloud()
        cloud.addGroup("a", size: 2)
        cloud.addGroup("b", min: 1, cpu: 16)
        cloud.view.add(.pod(Fixtures.pod("big", milli: 15_000)))
        func marked() -> [String] {
            cloud.view.nodes().filter { $0.spec.taints.contains(where: DeletionTaint.isSoft) }.map(\.metadata.name)
        }
        var autoscaler = ClusterAutoscaler()
        cloud.run(&autoscaler, minutes: 1)
        #expect(cloud.groups.map(\.targetSize) == [2, 1])
        #expect(marked() == ["a-1", "a-2"])
        cloud.view.add(.pod(Fixtures.pod("p", milli: 3500, node: "a-1")))
        cloud.run(&autoscaler, minutes: 1)
        #expect(marked() == ["a-2"])
    }

    /// Nodes that fall due in the scan in which others have just gone leave the group its least size.
    @Test func aGroupKeepsItsLeastSize() {
        let cloud = FakeCloud()
        cloud.addGroup("a", min: 1, size: 5)
        let busy = ["a-3", "a-4", "a-5"]
        for node in busy { cloud.view.add(.pod(Fixtures.pod(node, milli: 3500, node: node))) }
        var autoscaler = ClusterAutoscaler()
        let result = cloud.run(&autoscaler, minutes: 15) { second, cloud in
            guard second == 10 else { return }
            for name in busy { cloud.view.remove(ObjectKey(.pod, namespace: "d", name: name)) }
        }
        #expect(result.decisions.count == 4)
        #expect(cloud.groups.map(\.targetSize) == [1])
        #expect(cloud.view.nodes().count == 1)
    }

    /// There is room for a node's pod on a machine that is on its way: it is no place to move to.
    @Test func podsDoNotMoveToMachinesOnTheirWay() {
        let cloud = FakeCloud()
        cloud.addGroup("a", size: 1)
        cloud.addGroup("b", cpu: 16)
        cloud.silent = ["b"]
        cloud.view.add(.pod(Fixtures.pod("p", node: "a-1")))
        cloud.view.add(.pod(Fixtures.pod("big", milli: 10_000)))
        var autoscaler = ClusterAutoscaler()
        cloud.run(&autoscaler, minutes: 2)
        #expect(cloud.groups.map(\.targetSize) == [1, 1])
        #expect(autoscaler.unneededSince.isEmpty)
        cloud.silent = []
        cloud.run(&autoscaler, minutes: 1)
        #expect(autoscaler.unneededSince.keys.contains("a-1"))
    }

    /// Each scan finds twice as many more as may be on their way out, with or without pods on them.
    @Test func candidatesGrowByTwoBatchesAScan() {
        let cloud = FakeCloud()
        cloud.addGroup("a", max: 60, size: 50)
        cloud.addGroup("b", min: 1, size: 1, cpu: 64)
        for index in 1...45 { cloud.view.add(.pod(Fixtures.pod("p\(index)", milli: 100, node: "a-\(index)"))) }
        var parameters = ClusterAutoscaler.Parameters()
        parameters.maxBulkSoftTaintCount = 0
        var autoscaler = ClusterAutoscaler(parameters)
        var counts: [Int] = []
        for _ in 0..<3 {
            #expect(autoscaler.step(cloud.view, cloud).callAfter == .seconds(counts.count < 2 ? 10 : 580))
            counts.append(autoscaler.unneededSince.count)
            cloud.view.now = cloud.view.now + .seconds(10)
        }
        #expect(counts == [20, 40, 50])
    }
}
