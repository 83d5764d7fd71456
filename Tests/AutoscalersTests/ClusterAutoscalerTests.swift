import Chronology
import ControlPlane
import FakeCluster
import KubernetesAPI
import SchedulingFramework
import Testing

@testable import Autoscalers

@Suite struct ClusterAutoscalerTests {
    /// So many pods of one CPU on nodes of four: nodes added, up to the group's bound.
    @Test(arguments: [(0, 0), (1, 1), (4, 1), (5, 2), (12, 3), (100, 10)] as [(Int, Int)])
    func groupsGrowToWhatPodsNeed(pods: Int, nodes: Int) {
        let cloud = FakeCloud()
        cloud.addGroup("a")
        for index in 0..<pods { cloud.view.add(.pod(Fixtures.pod("p\(index)"))) }
        var autoscaler = ClusterAutoscaler()
        let result = cloud.run(&autoscaler, minutes: 2)
        #expect(cloud.groups[0].targetSize == nodes)
        #expect(result.events.filter { $0.hasPrefix("TriggeredScaleUp") }.count == min(pods, 40))
        #expect(result.events.contains { $0.hasPrefix("NotTriggerScaleUp") } == (pods > 40))
    }

    /// Which group grows for six pods of one CPU and 1 GiB.
    @Test(
        arguments: [
            ([.leastWaste], "small"), ([.mostPods], "large"), ([.leastNodes], "large"), ([.price], "cheap"),
            ([.priority], "cheap"), ([.mostPods, .price], "cheap"),
        ] as [([ClusterAutoscaler.Expander], String)])
    func expandersChoose(expanders: [ClusterAutoscaler.Expander], group: String) {
        let cloud = FakeCloud()
        cloud.addGroup("small", max: 1, cpu: 4, price: 400)
        cloud.addGroup("large", cpu: 16, price: 900)
        cloud.addGroup("cheap", cpu: 6, price: 100)
        if expanders == [.mostPods] || expanders == [.leastNodes] { cloud.groups.removeLast() }
        for index in 0..<6 { cloud.view.add(.pod(Fixtures.pod("p\(index)"))) }
        var parameters = ClusterAutoscaler.Parameters()
        parameters.expanders = expanders
        parameters.priorities = [
            .init(priority: 10, patterns: ["l*"]), .init(priority: 20, patterns: [".*ea.*"]),
        ]
        var autoscaler = ClusterAutoscaler(parameters)
        cloud.view.now = Instant.start + .seconds(2)
        let decisions = autoscaler.step(cloud.view, cloud).decisions
        let least = expanders == [.leastWaste] ? ["small", "cheap"] : [group]
        #expect(decisions.count == 1 && least.contains(decisions[0].group))
    }

    @Test func whatIsDrawnFollowsFromTheSeed() {
        var drawn: Set<String> = []
        for seed in 0..<20 {
            let cloud = FakeCloud()
            for name in ["a", "b", "c"] { cloud.addGroup(name) }
            cloud.view.add(.pod(Fixtures.pod("p")))
            var parameters = ClusterAutoscaler.Parameters()
            parameters.expanders = [.random]
            parameters.seed = UInt64(seed)
            var first = ClusterAutoscaler(parameters)
            var second = ClusterAutoscaler(parameters)
            cloud.view.now = Instant.start + .seconds(2)
            let decision = first.step(cloud.view, cloud).decisions
            #expect(decision == second.step(cloud.view, cloud).decisions)
            drawn.formUnion(decision.map(\.group))
        }
        #expect(drawn == ["a", "b", "c"])
    }

    @Test func similarGroupsGrowTogether() {
        let cloud = FakeCloud()
        for name in ["a", "b", "c"] { cloud.addGroup(name, size: name == "a" ? 1 : 0) }
        cloud.addGroup("d", cpu: 4, labels: ["disk": "ssd"])
        for index in 0..<24 { cloud.view.add(.pod(Fixtures.pod("p\(index)"))) }
        var parameters = ClusterAutoscaler.Parameters()
        parameters.balancesSimilarNodeGroups = true
        parameters.expanders = [.priority]
        parameters.priorities = [.init(priority: 1, patterns: ["a"])]
        var autoscaler = ClusterAutoscaler(parameters)
        cloud.run(&autoscaler, minutes: 1)
        #expect(cloud.groups.map(\.targetSize) == [2, 2, 2, 0])
    }

    /// A group without machines rests for 5, 10, 20, 30, 30 minutes.
    @Test func groupsThatFailRest() {
        let cloud = FakeCloud()
        cloud.addGroup("a")
        cloud.exhausted = ["a"]
        cloud.view.add(.pod(Fixtures.pod("p")))
        var autoscaler = ClusterAutoscaler()
        let result = cloud.run(&autoscaler, minutes: 110)
        let times = result.decisions.filter { $0.contains("ScaleUp") }.compactMap { Int($0.split(separator: " ")[0]) }
        let pauses = zip(times.dropFirst(), times).map { ($0 - $1) / 60 }
        #expect(pauses == [5, 10, 20, 30, 30])
    }

    @Test func machinesThatNeverRegisterAreLetGo() {
        let cloud = FakeCloud()
        cloud.addGroup("a")
        cloud.silent = ["a"]
        cloud.view.add(.pod(Fixtures.pod("p")))
        var autoscaler = ClusterAutoscaler()
        let result = cloud.run(&autoscaler, minutes: 16)
        #expect(result.decisions == ["10 ScaleUp a 1", "910 NeverRegistered a 1"])
    }

    /// Two nodes for a pod that fits on one: the empty one goes after the delay, at once when nothing was added.
    @Test func emptyNodesGoAfterTheirTime() {
        let cloud = FakeCloud()
        cloud.addGroup("a", min: 1, size: 2)
        cloud.view.add(.pod(Fixtures.pod("p")))
        var autoscaler = ClusterAutoscaler()
        let result = cloud.run(&autoscaler, minutes: 12)
        #expect(result.decisions == ["600 ScaleDownEmpty a 1"])
        #expect(cloud.groups[0].targetSize == 1 && cloud.view.nodes().count == 1)
        #expect(result.calls < 20)
    }

    /// A pod on a node of its own moves to where there is room: tainted, evicted, gone, each a scan after the other.
    @Test func nodesAreDrained() {
        let cloud = FakeCloud()
        cloud.addGroup("a", size: 2)
        for (index, node) in ["a-1", "a-1", "a-2"].enumerated() {
            cloud.view.add(.pod(Fixtures.pod("p\(index)", node: node)))
        }
        cloud.view.add(.pod(Fixtures.pod("big", milli: 1500, node: "a-1")))
        var autoscaler = ClusterAutoscaler()
        var taints: [Int64] = []
        let result = cloud.run(&autoscaler, minutes: 12) { seconds, cloud in
            let isTainted = cloud.view.node("a-2")?.spec.taints.contains(where: DeletionTaint.isHard) ?? false
            if isTainted { taints.append(seconds) }
        }
        #expect(result.decisions == [])
        #expect(taints == [])
        cloud.view.remove(Fixtures.pod("big").key)
        let start = cloud.view.now.sinceStart.wholeSeconds
        let drained = cloud.run(&autoscaler, minutes: 12) { seconds, cloud in
            let isTainted = cloud.view.nodes().contains { $0.spec.taints.contains(where: DeletionTaint.isHard) }
            if isTainted { taints.append(seconds - start) }
        }
        #expect(drained.decisions == ["\(start + 600) ScaleDown a 1"])
        #expect(taints == [610, 620])
        #expect(cloud.view.nodes().count == 1)
    }

    /// A budget without disruptions keeps the node, as does the annotation; one that has too few for all pods does not.
    @Test(arguments: [(0, false, 1, 2), (1, false, 1, 1), (1, false, 2, 1), (1, true, 1, 2)] as [(Int64, Bool, Int, Int)])
    func budgetsAndAnnotationsKeepNodes(allowed: Int64, isDisabled: Bool, pods: Int, nodes: Int) {
        let cloud = FakeCloud()
        cloud.addGroup("a", size: 2)
        cloud.view.add(.pod(Fixtures.pod("p0", milli: 3000, node: "a-1")))
        for index in 1...pods { cloud.view.add(.pod(Fixtures.pod("p\(index)", milli: 500, node: "a-2"))) }
        var budget = PodDisruptionBudget(metadata: ObjectMeta(name: "b", namespace: "d"))
        budget.selector = LabelSelector(matchLabels: ["app": "web"])
        budget.status.disruptionsAllowed = allowed
        cloud.view.add(.podDisruptionBudget(budget))
        if isDisabled {
            cloud.view.changeNode("a-2") {
                $0.metadata.annotations["cluster-autoscaler.kubernetes.io/scale-down-disabled"] = "true"
            }
        }
        var autoscaler = ClusterAutoscaler()
        cloud.run(&autoscaler, minutes: 12)
        #expect(cloud.view.nodes().count == nodes)
    }

    @Test(arguments: 0..<16) func podsKeepTheirNodes(number: Int) {
        let cloud = FakeCloud()
        var pod = Fixtures.pod("p", node: "n")
        let safe = "cluster-autoscaler.kubernetes.io/safe-to-evict"
        let wanted: Drainability.Verdict
        switch number {
        case 0: wanted = .evicted
        case 1: (pod, wanted) = (Fixtures.pod("p", node: "n", owner: nil), .blocked(.notReplicated))
        case 2:
            pod = Fixtures.pod("p", node: "n", owner: nil)
            pod.metadata.annotations[safe] = "true"
            wanted = .evicted
        case 3:
            pod.metadata.annotations[safe] = "false"
            wanted = .blocked(.notSafeToEvict)
        case 4: (pod, wanted) = (Fixtures.pod("p", node: "n", namespace: "kube-system"), .blocked(.unmovableKubeSystemPod))
        case 5:
            pod.spec.volumes = [Volume(name: "v", source: .hostPath)]
            wanted = .blocked(.localStorage)
        case 6:
            pod.spec.volumes = [Volume(name: "v", source: .emptyDir(inMemory: false))]
            pod.metadata.annotations["cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes"] = "u,v"
            wanted = .evicted
        case 7:
            pod.metadata.annotations["kubernetes.io/config.mirror"] = "x"
            wanted = .ignored
        case 8:
            pod.metadata.ownerReferences[0].kind = "DaemonSet"
            wanted = .ignored
        case 9:
            pod.metadata.annotations[safe] = "on-completion"
            wanted = .awaited
        case 10, 11:
            // After an hour pods of the system go, whatever else is said of them.
            pod = Fixtures.pod("p", node: "n", namespace: "kube-system")
            pod.metadata.annotations[safe] = "false"
            cloud.view.now = Instant.start + .hours(1) + .seconds(number == 11 ? 1 : 0)
            wanted = number == 11 ? .evicted : .blocked(.unmovableKubeSystemPod)
        case 12, 13:
            // The end of its grace, the grace once more, and half a minute.
            pod.metadata.deletionTimestamp = Instant.start + .seconds(30)
            cloud.view.now = Instant.start + .seconds(number == 13 ? 91 : 90)
            wanted = number == 13 ? .ignored : .evicted
        default:
            var budget = PodDisruptionBudget(metadata: ObjectMeta(name: "b", namespace: "d"))
            budget.selector = LabelSelector(matchLabels: ["app": "web"])
            cloud.view.add(.podDisruptionBudget(budget))
            if number == 15 { pod.metadata.annotations[safe] = "true" }
            wanted = number == 15 ? .evicted : .blocked(.notEnoughBudget)
        }
        let scan = ClusterScan(cloud.view, cloud, ClusterAutoscaler.Parameters())
        #expect(Drainability(scan).verdict(pod) == wanted)
    }

    /// Who is called only when it asks decides the same as who looks every ten seconds.
    @Test(arguments: 0..<4) func quietScansDecideNothing(variant: Int) {
        func run(polls: Bool) -> (decisions: [String], events: [String], calls: Int) {
            let cloud = FakeCloud()
            cloud.addGroup("a", min: 1, size: 3)
            cloud.addGroup("b", cpu: 8)
            if variant == 1 { cloud.exhausted = ["a"] }
            if variant == 2 { cloud.silent = ["b"] }
            var parameters = ClusterAutoscaler.Parameters()
            if variant == 3 { parameters.maxDrainParallelism = 3 }
            var autoscaler = ClusterAutoscaler(parameters)
            return cloud.run(&autoscaler, minutes: 90, polls: polls) { seconds, cloud in
                if seconds == 300 {
                    for index in 0..<20 {
                        cloud.view.add(.pod(Fixtures.pod("p\(index)", milli: Int64(500 + index * 100))))
                    }
                }
                if seconds == 1200 { for index in 0..<15 { cloud.view.remove(Fixtures.pod("p\(index)").key) } }
                if seconds == 2400 { cloud.view.remove(Fixtures.pod("p16").key) }
            }
        }
        let (quiet, polling) = (run(polls: false), run(polls: true))
        #expect(quiet.decisions == polling.decisions)
        #expect(quiet.decisions.contains { $0.contains("ScaleUp") })
        #expect(quiet.decisions.contains { $0.contains("ScaleDown") })
        #expect(quiet.events == polling.events)
        #expect(quiet.calls < polling.calls / 3)
    }

    /// Counting equal nodes gives what placing each pod on nodes of their own gives.
    @Test(arguments: 0..<12) func runsOfEqualNodesAreCounted(seed: Int) {
        let view = FakeView()
        let trial = TrialCluster(view, rules: PlacementRules())
        var packing = Packing(of: trial.addNode(Fixtures.node("t", cpu: 8, pods: 9)).copied(), nodesMax: 20)
        trial.removeNode(trial.nodes[0])
        var opened = 0
        for step in 0..<6 {
            let milli = Int64((seed * 131 + step * 977) % 3900 + 100)
            let count = (seed * 17 + step * 29) % 23
            var placed = 0
            for index in 0..<count {
                let pod = trial.info(Fixtures.pod("p\(step)-\(index)", milli: milli))
                let kind = trial.kind(of: pod)
                if let place = trial.firstFit(kind) {
                    trial.add(pod, to: trial.nodes[place])
                } else if opened < 20 {
                    trial.add(pod, to: trial.addNode(Fixtures.node("n\(opened)", cpu: 8, pods: 9)))
                    opened += 1
                } else {
                    continue
                }
                placed += 1
            }
            let shape = trial.info(Fixtures.pod("s", milli: milli)).shape
            #expect(packing.place(shape, count: count) == placed)
            #expect(packing.nodeCount == opened)
        }
    }
}
