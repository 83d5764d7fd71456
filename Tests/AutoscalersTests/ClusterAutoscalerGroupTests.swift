import Chronology
import ControlPlane
import FakeCluster
import KubernetesAPI
import SchedulingFramework
import Testing

@testable import Autoscalers

@Suite struct ClusterAutoscalerGroupTests {
    /// Whether a group may grow: nodes that are wanted and ready, those that are not, those that were asked for.
    @Test(
        arguments: [
            // Three may always be missing, and up to 45 % of those that are there.
            (10, 10, 0, 0, 0, true), (10, 7, 3, 0, 0, true), (10, 6, 4, 0, 0, true), (10, 5, 5, 0, 0, false),
            // What is on its way counts as missing unless it was asked for.
            (10, 5, 0, 5, 0, false), (10, 5, 0, 5, 5, true), (4, 0, 0, 4, 0, false), (3, 0, 0, 3, 0, true),
            (0, 0, 0, 0, 0, true), (5, 0, 0, 5, 5, true), (2, 0, 0, 0, 0, false),
        ] as [(Int, Int, Int, Int, Int, Bool)])
    func groupsWithoutEnoughNodesRest(
        target: Int, ready: Int, unready: Int, coming: Int, asked: Int, isHealthy: Bool
    ) {
        let state = GroupState(ready: ready, unready: unready, coming: coming)
        let request = asked > 0 ? GrowthRequest(count: asked, end: .never) : nil
        #expect(state.isHealthy(target, request, ClusterAutoscaler.Parameters()) == isHealthy)
    }

    /// Half of a group's nodes break: another group grows, and this one is said not to be ready.
    @Test func pendingPodsGoToHealthyGroups() {
        let cloud = FakeCloud()
        cloud.addGroup("a", max: 20, size: 8)
        cloud.addGroup("c", size: 10)
        cloud.addGroup("b", max: 1)
        for index in 1...5 {
            cloud.view.changeNode("a-\(index)") {
                $0.status.conditions = [Condition("Ready", .false, at: .start)]
                $0.spec.taints = [Taint(key: "node.kubernetes.io/not-ready", value: "", effect: .noSchedule)]
            }
        }
        for index in 0..<14 { cloud.view.add(.pod(Fixtures.pod("p\(index)", milli: 3500))) }
        var parameters = ClusterAutoscaler.Parameters()
        parameters.expanders = [.priority]
        parameters.priorities = [.init(priority: 1, patterns: ["a"])]
        parameters.scaleDownEnabled = false
        var autoscaler = ClusterAutoscaler(parameters)
        cloud.run(&autoscaler, minutes: 1)
        #expect(cloud.groups.map(\.targetSize) == [8, 10, 1])
    }

    /// So many seconds are waited for more pods when all are new.
    @Test(arguments: [(0, false, 2), (0, true, 30), (-20, true, 10), (-40, true, 0)] as [(Int64, Bool, Int64)])
    func newPodsWaitForOthers(created: Int64, hasGpu: Bool, seconds: Int64) throws {
        let cloud = FakeCloud()
        cloud.addGroup("a", cpu: 8)
        for place in cloud.groups.indices {
            var template = cloud.groups[place].templates[0]
            template.status.capacity["nvidia.com/gpu"] = Quantity(1)
            template.status.allocatable = template.status.capacity
            cloud.groups[place] = NodeGroup(
                name: "a", minSize: 0, maxSize: 10, targetSize: 0, machineType: "m", pricePerHour: nil, zones: ["z1"],
                templates: [template])
        }
        let pod = cloud.view.add(
            .pod(
                Fixtures.pod("p") {
                    if hasGpu { $0.containers[0].requests["nvidia.com/gpu"] = Quantity(1) }
                }))
        cloud.view.changePod(pod.key) { $0.metadata.creationTimestamp = Instant.start + .seconds(created) }
        var autoscaler = ClusterAutoscaler()
        if seconds > 0 {
            let step = autoscaler.step(cloud.view, cloud)
            #expect(step.decisions.isEmpty)
            #expect(step.callAfter == .seconds(seconds))
            cloud.view.now = Instant.start + .seconds(seconds)
        }
        #expect(autoscaler.step(cloud.view, cloud).decisions.map(\.group) == ["a"])
    }

    /// A group gives one machine of two: what may still come of it keeps no other group from growing.
    @Test func machinesOfGroupsThatFailedDoNotCount() {
        let cloud = FakeCloud()
        cloud.addGroup("a", max: 2)
        cloud.addGroup("b", max: 2)
        cloud.silent = ["a"]
        for index in 0..<8 { cloud.view.add(.pod(Fixtures.pod("p\(index)"))) }
        var parameters = ClusterAutoscaler.Parameters()
        parameters.expanders = [.priority]
        parameters.priorities = [.init(priority: 1, patterns: ["a"])]
        var autoscaler = ClusterAutoscaler(parameters)
        let result = cloud.run(&autoscaler, minutes: 2, polls: true) { seconds, cloud in
            guard seconds == 60 else { return }
            cloud.machines[0].state = .failed(reason: "InsufficientCapacity")
        }
        #expect(result.decisions == ["10 ScaleUp a 2", "60 CreateError a 1", "60 ScaleUp b 2"])
    }

    /// A machine that does not register is kept where there would be too few without it.
    @Test func machinesOfTheLeastSizeAreKept() {
        let cloud = FakeCloud()
        cloud.silent = ["a"]
        cloud.addGroup("a", min: 1, size: 2)
        var autoscaler = ClusterAutoscaler()
        let result = cloud.run(&autoscaler, minutes: 20)
        #expect(result.decisions == ["900 NeverRegistered a 1"])
        #expect(result.calls < 10)
    }

    /// Memory is counted in bytes: four nodes of 3.9 GiB may be joined by one, not by two.
    @Test func memoryIsCountedInBytes() {
        let cloud = FakeCloud()
        var template = Fixtures.node("template", cpu: 4)
        template.status.capacity[.memory] = Quantity(4_187_593_113)
        template.status.allocatable = template.status.capacity
        cloud.groups = [
            NodeGroup(
                name: "a", minSize: 0, maxSize: 10, targetSize: 0, machineType: "m", pricePerHour: nil, zones: ["z1"],
                templates: [template])
        ]
        for index in 0..<10 { cloud.view.add(.pod(Fixtures.pod("p\(index)", milli: 3000))) }
        var parameters = ClusterAutoscaler.Parameters()
        parameters.memoryTotal = 0...20
        var autoscaler = ClusterAutoscaler(parameters)
        cloud.run(&autoscaler, minutes: 2)
        #expect(cloud.groups[0].targetSize == 5)
    }

    /// Pods of daemon sets are not complained about, and an annotation says how long a pod waits.
    @Test(arguments: [("DaemonSet", "", []), ("ReplicaSet", "1m", ["60 ScaleUp a 1"]), ("ReplicaSet", "x", ["10 ScaleUp a 1"])])
    func somePodsCauseNothingOrLater(owner: String, delay: String, decisions: [String]) {
        let cloud = FakeCloud()
        cloud.addGroup("a")
        var pod = Fixtures.pod("p")
        pod.metadata.ownerReferences[0].kind = owner
        pod.metadata.annotations["cluster-autoscaler.kubernetes.io/pod-scale-up-delay"] = delay
        cloud.view.add(.pod(pod))
        var autoscaler = ClusterAutoscaler()
        let result = cloud.run(&autoscaler, minutes: 2)
        #expect(result.decisions == decisions)
        #expect(!result.events.contains { $0.hasPrefix("NotTriggerScaleUp") })
    }
}
