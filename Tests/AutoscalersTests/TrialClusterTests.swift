import Chronology
import ControlPlane
import FakeCluster
import KubernetesAPI
import SchedulingFramework
import Testing

@testable import Autoscalers

@Suite struct TrialClusterTests {
    private func cluster(_ body: (FakeView) -> Void) -> TrialCluster {
        let view = FakeView()
        body(view)
        return TrialCluster(view, rules: PlacementRules())
    }

    /// A node of four CPUs, with so many taken, and whether one more pod of a size fits.
    @Test(arguments: [(0, 4000, true), (1, 3000, true), (1, 3001, false), (4, 1, false)] as [(Int, Int64, Bool)])
    func podsFitInWhatIsLeft(taken: Int, milli: Int64, fits: Bool) {
        let cluster = self.cluster { view in
            view.add(.node(Fixtures.node("n")))
            for index in 0..<taken { view.add(.pod(Fixtures.pod("p\(index)", node: "n"))) }
        }
        let kind = cluster.kind(of: cluster.info(Fixtures.pod("x", milli: milli)))
        #expect(cluster.fits(kind, on: cluster.nodes[0]) == fits)
    }

    @Test func trialsAreTakenBack() throws {
        let cluster = self.cluster { $0.add(.node(Fixtures.node("n"))) }
        let pod = cluster.info(Fixtures.pod("x", milli: 3000))
        let kind = cluster.kind(of: pod)
        let node = try #require(cluster.node("n"))
        cluster.fork()
        cluster.add(pod, to: node)
        #expect(!cluster.fits(kind, on: node))
        cluster.fork()
        let extra = cluster.addNode(Fixtures.node("m"))
        cluster.remove(pod, from: node)
        cluster.removeNode(node)
        #expect(cluster.nodes.map(\.name) == ["m"])
        #expect(cluster.firstFit(kind) == 0 && cluster.fits(kind, on: extra))
        cluster.revert()
        #expect(cluster.nodes.map(\.name) == ["n"])
        #expect(!cluster.fits(kind, on: node))
        cluster.revert()
        #expect(cluster.fits(kind, on: node))
        #expect(cluster.node("n")?.podCount == 0 && cluster.node("m") == nil)
    }

    /// What is remembered of a kind must say the same as a cluster made anew after each change.
    @Test(arguments: [0, 1, 2]) func rememberedCountsFollowPodsAndNodes(rule: Int) {
        func spec(_ spec: inout PodSpec) {
            let selector = LabelSelector(matchLabels: ["app": "web"])
            switch rule {
            case 0:
                spec.topologySpreadConstraints = [
                    TopologySpreadConstraint(
                        maxSkew: 1, topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: .doNotSchedule,
                        labelSelector: selector)
                ]
            case 1:
                spec.affinity = Affinity()
                spec.affinity?.podAntiAffinity = PodAffinityRules()
                spec.affinity?.podAntiAffinity?.required = [
                    PodAffinityTerm(labelSelector: selector, topologyKey: "kubernetes.io/hostname")
                ]
            default: break
            }
        }
        let view = FakeView()
        for name in ["a", "b"] {
            view.add(.node(Fixtures.node(name, labels: ["topology.kubernetes.io/zone": "z-" + name])))
        }
        let trial = TrialCluster(view, rules: PlacementRules())
        var answers: [[Bool]] = []
        for index in 0..<9 {
            let pod = Fixtures.pod("p\(index)", milli: 500, body: spec)
            let kind = trial.kind(of: trial.info(pod))
            let anew = TrialCluster(view, rules: PlacementRules())
            let twin = anew.kind(of: anew.info(pod))
            let answer = trial.nodes.map { trial.fits(kind, on: $0) }
            #expect(answer == anew.nodes.map { anew.fits(twin, on: $0) })
            answers.append(answer)
            if index == 3 {
                let node = Fixtures.node("c", labels: ["topology.kubernetes.io/zone": "z-c"])
                view.add(.node(node))
                trial.addNode(node)
            } else if let place = trial.firstFit(kind) {
                var bound = pod
                bound.nodeName = trial.nodes[place].name
                view.add(.pod(bound))
                trial.add(trial.info(pod), to: trial.nodes[place])
            }
        }
        #expect(rule == 2 ? !answers.joined().contains(false) : answers.joined().contains(false))
    }

    @Test func daemonSetsBringTheirPods() {
        let view = FakeView()
        var spec = DaemonSet.Spec()
        spec.template = PodTemplateSpec(spec: Fixtures.pod("t", milli: 500).spec)
        view.add(.daemonSet(DaemonSet(metadata: ObjectMeta(name: "agent", namespace: "d"), spec: spec)))
        spec.template.spec.nodeSelector = ["disk": "ssd"]
        view.add(.daemonSet(DaemonSet(metadata: ObjectMeta(name: "disk", namespace: "d"), spec: spec)))
        var kinds = PodKinds()
        let daemons = DaemonPods(view, kinds: &kinds)
        #expect(daemons.pods(on: Fixtures.node("n")).map(\.key.name) == ["agent-n"])
        #expect(daemons.pods(on: Fixtures.node("m", labels: ["disk": "ssd"])).count == 2)
    }

    /// The scheduler has spoken and the pod has no other place to go.
    @Test func pendingPodsAreThoseThatWereRefused() {
        var terminating = Fixtures.pod("t")
        terminating.metadata.deletionTimestamp = .start
        var gated = Fixtures.pod("g")
        gated.status.conditions = [Condition("PodScheduled", .false, reason: "SchedulingGated", at: .start)]
        var new = Fixtures.pod("new")
        new.status.conditions = []
        let pods = [Fixtures.pod("p"), terminating, gated, new, Fixtures.pod("bound", node: "n")]
        #expect(pods.map(PendingPods.isUnschedulable) == [true, false, false, false, false])
    }
}
