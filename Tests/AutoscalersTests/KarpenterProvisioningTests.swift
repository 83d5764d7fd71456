import Chronology
import ControlPlane
import FakeCluster
import KubernetesAPI
import SchedulingFramework
import Testing

@testable import Autoscalers

@Suite struct KarpenterProvisioningTests {
    private static let sizes = [
        Fixtures.model("a.4", cpu: 4, onDemand: 400, spot: 160),
        Fixtures.model("a.8", cpu: 8, onDemand: 800, spot: 330),
        Fixtures.model("b.4", cpu: 4, onDemand: 400, spot: 150, arch: "arm64"),
    ]

    /// So many pods of one CPU: the machines hold them all, and no type would do for less on any of them.
    @Test(arguments: [(0, []), (1, ["a.4"]), (4, ["a.4"]), (5, ["a.8"]), (8, ["a.8"]), (12, ["a.8", "a.4"])])
    func machinesAreTheCheapestForTheirPods(pods: Int, types: [String]) {
        let pool = Fixtures.pool { $0.requirements = [.init("karpenter.sh/capacity-type", .in, ["on-demand"])] }
        let cloud = FakeCloud(Self.sizes, pools: [pool])
        cloud.wait((0..<pods).map { "p\($0)" })
        var karpenter = Karpenter()
        cloud.run(&karpenter, minutes: 1, tick: 1)
        #expect(cloud.types == types)
        #expect(PendingPods.unschedulable(cloud.view).isEmpty)
    }

    /// What is bought for one small pod under each requirement.
    @Test(
        arguments: [
            ([], "b.4", "spot"),
            ([.init("kubernetes.io/arch", .in, ["amd64"])], "a.4", "spot"),
            ([.init("kubernetes.io/arch", .notIn, ["arm64"])], "a.4", "spot"),
            ([.init("karpenter.k8s.aws/instance-cpu", .greaterThan, ["4"])], "a.8", "spot"),
            ([.init("karpenter.k8s.aws/instance-cpu", .lessThan, ["8"])], "b.4", "spot"),
            ([.init("karpenter.sh/capacity-type", .in, ["on-demand"])], "a.4", "on-demand"),
            ([.init("node.kubernetes.io/instance-type", .in, ["a.8"])], "a.8", "spot"),
            ([.init("team", .in, ["x"]), .init("kubernetes.io/arch", .exists)], "b.4", "spot"),
            ([.init("gpu", .doesNotExist)], "b.4", "spot"),
            ([.init("topology.kubernetes.io/zone", .in, ["z2"])], "b.4", "spot"),
            ([.init("karpenter.k8s.aws/instance-family", .exists, minValues: 2)], "b.4", "spot"),
            ([.init("karpenter.k8s.aws/instance-family", .exists, minValues: 3)], nil, nil),
            ([.init("kubernetes.io/arch", .in, ["s390x"])], nil, nil),
        ] as [([KarpenterNodePool.Requirement], String?, String?)])
    func requirementsNarrowWhatIsBought(
        requirements: [KarpenterNodePool.Requirement], type: String?, capacityType: String?
    ) {
        let cloud = FakeCloud(Self.sizes, pools: [Fixtures.pool { $0.requirements = requirements }])
        cloud.wait(["p"])
        var karpenter = Karpenter()
        cloud.run(&karpenter, minutes: 1, tick: 1)
        #expect(cloud.types == [type].compactMap { $0 })
        #expect(cloud.labels("karpenter.sh/capacity-type") == [capacityType].compactMap { $0 })
        if requirements.first?.selector.key == "topology.kubernetes.io/zone" {
            #expect(cloud.labels("topology.kubernetes.io/zone") == ["z2"])
        }
        if requirements.first?.selector.key == "team" { #expect(cloud.labels("team") == ["x"]) }
    }

    /// Pods choose as well: by selector, by affinity, by the pool's own label, by a taint that they tolerate or not.
    @Test(
        arguments: [
            (["kubernetes.io/arch": "amd64"], false, "a.4"), (["karpenter.sh/capacity-type": "on-demand"], false, "a.4"),
            (["team": "x"], false, "b.4"), (["team": "y"], false, nil), (["tainted": "yes"], false, nil),
            (["tainted": "yes"], true, "b.4"),
        ] as [(StringMap, Bool, String?)])
    func podsChoose(selector: StringMap, tolerates: Bool, type: String?) {
        let plain = Fixtures.pool("plain") { $0.labels = ["team": "x"] }
        let tainted = Fixtures.pool("tainted") {
            $0.labels = ["tainted": "yes"]
            $0.taints = [Taint(key: "special", value: "", effect: .noSchedule)]
        }
        let cloud = FakeCloud(Self.sizes, pools: [plain, tainted])
        cloud.wait(["p"]) {
            $0.nodeSelector = selector
            if tolerates { $0.tolerations = [Toleration(key: "special", operator: .exists)] }
        }
        var karpenter = Karpenter()
        let result = cloud.run(&karpenter, minutes: 1, tick: 1)
        #expect(cloud.types == [type].compactMap { $0 })
        #expect(result.events.contains("FailedScheduling p") == (type == nil))
    }

    @Test func poolsAreTriedByWeightThenFromTheLastName() {
        let pools = [("c", 0), ("a", 0), ("z", 50)].map { name, weight in
            Fixtures.pool(name) { $0.weight = Int64(weight) }
        }
        for (count, chosen) in [(3, "z"), (2, "c")] {
            let cloud = FakeCloud(Self.sizes, pools: Array(pools.prefix(count)))
            cloud.wait(["p"])
            var karpenter = Karpenter()
            cloud.run(&karpenter, minutes: 1, tick: 1)
            #expect(cloud.machines.map(\.group) == [chosen])
        }
    }

    /// A pool that may have eight CPUs gets two machines of four, and the rest comes from the next.
    @Test func limitsHold() {
        let first = Fixtures.pool("first") {
            $0.weight = 1
            $0.limits = [.cpu: Quantity(8)]
            $0.requirements = [.init("node.kubernetes.io/instance-type", .in, ["a.4"])]
        }
        let cloud = FakeCloud(Self.sizes, pools: [first, Fixtures.pool("second")])
        cloud.wait((0..<12).map { "p\($0)" })
        var karpenter = Karpenter()
        cloud.run(&karpenter, minutes: 1, tick: 1)
        #expect(cloud.machines.map(\.group) == ["first", "first", "second"])
    }

    /// What is sold out is passed over at once within one capacity type, and another is asked for ten seconds later.
    @Test(
        arguments: [
            ([], ["b.4 spot"], 1), (["b.4 z1 spot"], ["b.4 spot"], 1),
            (["b.4 z1 spot", "b.4 z2 spot"], ["a.4 spot"], 1),
            (Set(["b.4", "a.4", "a.8"].flatMap { ["\($0) z1 spot", "\($0) z2 spot"] }), ["a.4 on-demand"], 2),
        ] as [(Set<String>, [String], Int)])
    func soldOutOffersArePassedOver(soldOut: Set<String>, bought: [String], orders: Int) {
        let cloud = FakeCloud(Self.sizes, pools: [Fixtures.pool()])
        cloud.soldOut = soldOut
        cloud.wait(["p"])
        var karpenter = Karpenter()
        cloud.run(&karpenter, minutes: 1, tick: 1)
        #expect(zip(cloud.types, cloud.labels("karpenter.sh/capacity-type")).map { "\($0) \($1)" } == bought)
        #expect(cloud.asked == orders)
    }

    /// When the first machine is ordered, for pods that come at these seconds.
    @Test(arguments: [([0], 1), ([0, 1, 2], 3), (Array(0...20), 10), ([3], 4)] as [([Int64], Int64)])
    func podsAreCollected(times: [Int64], second: Int64) {
        let cloud = FakeCloud(Self.sizes, pools: [Fixtures.pool()])
        var karpenter = Karpenter()
        let result = cloud.run(&karpenter, minutes: 1, polls: true, tick: 1) { time, cloud in
            if times.contains(time) { cloud.wait(["p\(time)"]) }
        }
        #expect(result.decisions.first == "\(second) Provision p 1")
    }

    @Test func daemonsTakeTheirShare() {
        let cloud = FakeCloud(Self.sizes, pools: [Fixtures.pool()])
        var template = PodTemplateSpec()
        template.spec = Fixtures.pod("d", milli: 500).spec
        var spec = DaemonSet.Spec()
        spec.template = template
        let daemons = DaemonSet(metadata: ObjectMeta(name: "agent", namespace: "d"), spec: spec)
        cloud.view.add(.daemonSet(daemons))
        cloud.wait((0..<4).map { "p\($0)" })
        var karpenter = Karpenter()
        cloud.run(&karpenter, minutes: 1, tick: 1)
        #expect(cloud.types == ["a.8"])
    }

    @Test func podsThatMustBeApartGetMachinesOfTheirOwn() {
        let cloud = FakeCloud(Self.sizes, pools: [Fixtures.pool()])
        let term = PodAffinityTerm(
            labelSelector: LabelSelector(matchLabels: ["app": "web"]), topologyKey: "kubernetes.io/hostname")
        cloud.wait(["p0", "p1", "p2"]) {
            var affinity = Affinity()
            affinity.podAntiAffinity = PodAffinityRules(required: [term])
            $0.affinity = affinity
        }
        var karpenter = Karpenter()
        cloud.run(&karpenter, minutes: 1, tick: 1)
        #expect(cloud.types == ["b.4", "b.4", "b.4"])
        #expect(PendingPods.unschedulable(cloud.view).isEmpty)
    }

    @Test(arguments: [(2, [1, 1]), (6, [3, 3]), (7, [3, 4])])
    func podsAreSpreadOverZonesWithoutNodes(pods: Int, perZone: [Int]) {
        let cloud = FakeCloud(Self.sizes, pools: [Fixtures.pool()])
        // The pods of the second app find machines that the first has tied to zones.
        for app in ["web", "shop"] {
            cloud.wait((0..<pods).map { "\(app)\($0)" }, labels: ["app": app]) {
                $0.topologySpreadConstraints = [
                    TopologySpreadConstraint(
                        maxSkew: 1, topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: .doNotSchedule,
                        labelSelector: LabelSelector(matchLabels: ["app": app]))
                ]
            }
        }
        var karpenter = Karpenter()
        cloud.run(&karpenter, minutes: 2, tick: 1)
        #expect(PendingPods.unschedulable(cloud.view).isEmpty)
        for app in ["web", "shop"] {
            var counts: [String: Int] = [:]
            for pod in cloud.view.pods where pod.metadata.labels["app"] == app {
                let zone = cloud.view.node(pod.nodeName ?? "")?.metadata.labels["topology.kubernetes.io/zone"] ?? "-"
                counts[zone, default: 0] += 1
            }
            #expect(counts.values.sorted() == perZone && counts.keys.sorted() == ["z1", "z2"])
        }
    }

    /// Nothing more is bought while a machine is on its way that has room.
    @Test func machinesOnTheirWayCount() {
        let cloud = FakeCloud(Self.sizes, pools: [Fixtures.pool()])
        cloud.silent = ["p"]
        var karpenter = Karpenter()
        let result = cloud.run(&karpenter, minutes: 16, tick: 1) { time, cloud in
            if [0, 20, 40].contains(time) { cloud.wait(["p\(time)"]) }
            if time == 120 { cloud.silent = ["nobody"] }
        }
        #expect(result.decisions == ["1 Provision p 1"])
        #expect(cloud.types == ["b.4"])
    }

    @Test func machinesThatNeverRegisterAreGivenUp() {
        let cloud = FakeCloud(Self.sizes, pools: [Fixtures.pool()])
        cloud.silent = ["p"]
        cloud.wait(["p"])
        var karpenter = Karpenter()
        let result = cloud.run(&karpenter, minutes: 17, tick: 1)
        #expect(result.decisions.prefix(3) == ["1 Provision p 1", "901 RegistrationTimeout p 1", "901 Provision p 1"])
    }
}
