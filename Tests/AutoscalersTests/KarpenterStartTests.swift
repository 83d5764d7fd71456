import Chronology
import ControlPlane
import FakeCluster
import KubernetesAPI
import SchedulingFramework
import Testing

@testable import Autoscalers

@Suite struct KarpenterStartTests {
    private static let sizes = [
        Fixtures.model("a.4", cpu: 4, onDemand: 400), Fixtures.model("a.8", cpu: 8, onDemand: 800),
    ]
    private static let taint = Taint(key: "agent", value: "", effect: .noSchedule)

    /// A pod comes to a node with a startup taint once that is off: at once without daemons, after the time that is given,
    /// or when the daemon that tolerates it is ready; and no second machine is bought meanwhile.
    @Test(arguments: ["none", "delay", "daemon"])
    func startupTaintsGo(removal: String) {
        let cloud = FakeCloud(Self.sizes, pools: [Fixtures.pool { $0.startupTaints = [Self.taint] }])
        var parameters = Karpenter.Parameters()
        if removal == "delay" { parameters.startupTaintRemoval = .seconds(30) }
        if removal == "daemon" {
            var spec = DaemonSet.Spec()
            spec.template.spec = Fixtures.pod("d", milli: 100) { $0.tolerations = [Toleration(operator: .exists)] }.spec
            var daemons = DaemonSet(metadata: ObjectMeta(name: "agent", namespace: "d"), spec: spec)
            daemons.metadata.uid = UID(text: "agent")
            cloud.view.add(.daemonSet(daemons))
        }
        cloud.wait(["p"])
        var karpenter = Karpenter(parameters)
        var tainted: Int64 = 0
        let result = cloud.run(&karpenter, minutes: 3, polls: true, tick: 1) { time, cloud in
            if cloud.view.nodes().contains(where: { $0.spec.taints.contains(Self.taint) }) { tainted = time }
            guard removal == "daemon", time == 90, let node = cloud.view.nodes().first else { return }
            var pod = Fixtures.pod("agent-1", milli: 100, node: node.metadata.name)
            pod.metadata.ownerReferences = [
                OwnerReference(apiVersion: "apps/v1", kind: "DaemonSet", name: "agent", uid: UID(text: "agent"))
            ]
            pod.status.conditions = [Condition(Condition.ready, .true, at: cloud.view.now)]
            cloud.view.add(.pod(pod))
        }
        #expect(result.decisions == ["1 Provision p 1"])
        let last: ClosedRange<Int64> = removal == "none" ? 0...4 : removal == "delay" ? 30...34 : 88...92
        #expect(last.contains(tainted), "\(tainted)")
        #expect(PendingPods.unschedulable(cloud.view).isEmpty)
    }

    /// What one small pod gets that prefers something.
    @Test(
        arguments: [
            ([("amd64", 1)], .respect, "a.4"), ([("amd64", 1)], .ignore, "b.4"), ([("s390x", 1)], .respect, "b.4"),
            ([("amd64", 1), ("s390x", 9)], .respect, "a.4"), ([("amd64", 1), ("arm64", 9)], .respect, "b.4"),
        ] as [([(String, Int64)], Karpenter.PreferencePolicy, String)])
    func preferredNodesComeFirst(preferred: [(String, Int64)], policy: Karpenter.PreferencePolicy, type: String) {
        let arm = Fixtures.model("b.4", cpu: 4, onDemand: 300, arch: "arm64")
        let cloud = FakeCloud(Self.sizes + [arm], pools: [Fixtures.pool()])
        cloud.wait(["p"]) {
            var affinity = Affinity()
            affinity.nodeAffinity = NodeAffinityRules(
                preferred: preferred.map { arch, weight in
                    PreferredSchedulingTerm(
                        weight: weight,
                        preference: NodeSelectorTerm(matchExpressions: [
                            NodeSelectorRequirement(key: "kubernetes.io/arch", operator: .in, values: [arch])
                        ]))
                })
            $0.affinity = affinity
        }
        var parameters = Karpenter.Parameters()
        parameters.preferencePolicy = policy
        var karpenter = Karpenter(parameters)
        cloud.run(&karpenter, minutes: 1, tick: 1)
        #expect(cloud.types == [type])
    }

    /// Six pods that would rather be spread over two zones get a machine in each; where there is one zone, they get one machine
    /// in it.
    @Test(
        arguments: [(["z1", "z2"], .respect, ["z1", "z2"]), (["z1", "z2"], .ignore, ["z1"]), (["z1"], .respect, ["z1"])]
            as [([String], Karpenter.PreferencePolicy, [String])])
    func preferredSpreadComesFirst(zones: [String], policy: Karpenter.PreferencePolicy, machines: [String]) {
        let cloud = FakeCloud(Self.sizes, zones: zones, pools: [Fixtures.pool()])
        cloud.wait((0..<6).map { "p\($0)" }) {
            $0.topologySpreadConstraints = [
                TopologySpreadConstraint(
                    maxSkew: 1, topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: .scheduleAnyway,
                    labelSelector: LabelSelector(matchLabels: ["app": "web"]))
            ]
        }
        var parameters = Karpenter.Parameters()
        parameters.preferencePolicy = policy
        var karpenter = Karpenter(parameters)
        cloud.run(&karpenter, minutes: 1, tick: 1)
        #expect(cloud.labels("topology.kubernetes.io/zone").sorted() == machines)
        #expect(PendingPods.unschedulable(cloud.view).isEmpty)
    }

    /// Three preferred nodes and two soft constraints are given up in five steps, the lightest node last, then the spreading.
    @Test func wishesAreGivenUpOneByOne() {
        var spec = Fixtures.pod("p").spec
        var affinity = Affinity()
        affinity.nodeAffinity = NodeAffinityRules(
            preferred: [(1, "c"), (9, "a"), (5, "b")].map { weight, value in
                PreferredSchedulingTerm(
                    weight: weight,
                    preference: NodeSelectorTerm(matchExpressions: [
                        NodeSelectorRequirement(key: "k", operator: .in, values: [value])
                    ]))
            })
        spec.affinity = affinity
        spec.topologySpreadConstraints = ["zone", "host", "rack"].map { key in
            TopologySpreadConstraint(
                maxSkew: 1, topologyKey: key, whenUnsatisfiable: key == "host" ? .doNotSchedule : .scheduleAnyway)
        }
        let shapes = PodWishes.shapes(of: PodShape(PodSpecBox(spec)), .all)
        let asked = shapes.map { $0.requiredNodes?.terms.first?.matchExpressions.first?.values.first ?? "-" }
        #expect(asked == ["a", "b", "c", "-", "-", "-"])
        let kept = shapes.map { $0.spec.topologySpreadConstraints.map(\.topologyKey).sorted() }
        #expect(kept.suffix(3) == [["host", "rack", "zone"], ["host", "rack"], ["host"]])
        #expect(PodWishes.shapes(of: PodShape(PodSpecBox(Fixtures.pod("p").spec)), .all).isEmpty)
    }

    /// Of several nodes of which any would do, the first that can be had is asked for, whatever becomes of preferences.
    @Test(
        arguments: [
            (["amd64", "arm64"], "a.4"), (["arm64", "amd64"], "b.4"), (["s390x", "amd64"], "a.4"),
            (["s390x", "amd64", "arm64"], "a.4"),
        ])
    func alternativesAreTriedInTheirOrder(values: [String], type: String) {
        for policy in Karpenter.PreferencePolicy.allCases {
            let arm = Fixtures.model("b.4", cpu: 4, onDemand: 300, arch: "arm64")
            let cloud = FakeCloud(Self.sizes + [arm], pools: [Fixtures.pool()])
            cloud.wait(["p"]) {
                var affinity = Affinity()
                let terms = values.map { value in
                    NodeSelectorTerm(matchExpressions: [
                        NodeSelectorRequirement(key: "kubernetes.io/arch", operator: .in, values: [value])
                    ])
                }
                affinity.nodeAffinity = NodeAffinityRules(required: NodeSelector(terms: terms))
                $0.affinity = affinity
            }
            var parameters = Karpenter.Parameters()
            parameters.preferencePolicy = policy
            var karpenter = Karpenter(parameters)
            cloud.run(&karpenter, minutes: 1, tick: 1)
            #expect(cloud.types == [type], "\(policy)")
        }
    }

    // MARK: - Node classes and machines of before

    private static func nodeClass(_ hash: UInt64) -> KubernetesObject {
        var object = UnmodelledObject(
            apiVersion: "karpenter.k8s.aws/v1", kind: "EC2NodeClass", metadata: ObjectMeta(name: "c"))
        object.nodeClassHash = hash
        return .other(object)
    }

    @Test(arguments: [(1, false), (2, true)] as [(UInt64, Bool)])
    func machinesOfAnotherNodeClassHaveDrifted(hash: UInt64, hasDrifted: Bool) {
        let cloud = FakeCloud(Self.sizes, pools: [Fixtures.pool { $0.nodeClass = "c" }])
        cloud.view.add(Self.nodeClass(1))
        cloud.wait(["a"])
        var karpenter = Karpenter()
        let result = cloud.run(&karpenter, minutes: 4, tick: 1) { time, cloud in
            let present = Set(cloud.view.pods.map(\.metadata.name))
            if time > 60, present.isEmpty { cloud.wait(["b"]) }
            if time == 60 { cloud.view.change(Self.nodeClass(1).key, spec: true) { $0 = Self.nodeClass(hash) } }
        }
        #expect(result.decisions.contains { $0.contains("Drifted") } == hasDrifted)
        #expect(cloud.machines.count == 1)
    }

    /// Two machines of before count against the limit, and the empty one goes.
    @Test(arguments: [(Int64(8), 0), (12, 1)])
    func machinesOfBeforeAreTakenOver(limit: Int64, bought: Int) {
        let pool = Fixtures.pool {
            $0.limits = [.cpu: Quantity(limit)]
            $0.disruption.consolidateAfter = .minutes(5)
            $0.disruption.budgets = []
        }
        let cloud = FakeCloud(Self.sizes, pools: [pool])
        for name in ["old-1", "old-2"] {
            var node = Fixtures.node(name, cpu: 4, labels: ["karpenter.sh/nodepool": "p", "karpenter.sh/initialized": "true"])
            node.metadata.labels["node.kubernetes.io/instance-type"] = "a.4"
            node.metadata.labels["karpenter.sh/capacity-type"] = "on-demand"
            cloud.view.add(.node(node))
            cloud.machines.append(
                CloudMachine(name: name, group: "p", zone: "z1", launchedAt: .start, state: .registered))
        }
        var web = Fixtures.pod("web", milli: 3500, node: "old-1")
        // Else it would find room on the other node first.
        web.metadata.annotations["karpenter.sh/do-not-disrupt"] = "true"
        cloud.view.add(.pod(web))
        cloud.wait(["x", "y"], milli: 3000)
        var karpenter = Karpenter()
        let result = cloud.run(&karpenter, minutes: 12, tick: 1) { time, cloud in
            guard time == 120 else { return }
            for name in ["x", "y"] { cloud.view.remove(ObjectKey(.pod, namespace: "d", name: name)) }
        }
        #expect(result.decisions.count { $0.contains("Provision") } == bought)
        #expect(cloud.machines.map(\.name) == ["old-1"])
        #expect(result.decisions.count { $0.contains("Empty") } == bought + 1)
    }
}
