import Chronology
import ControlPlane
import FakeCluster
import KubernetesAPI
import SchedulingFramework
import Testing

@testable import Autoscalers

/// Pods that ask for particular nodes and have rules about other pods as well.
@Suite struct KarpenterChoiceTests {
    private static let sizes = [
        Fixtures.model("a.4", cpu: 4, onDemand: 400, spot: 160),
        Fixtures.model("a.8", cpu: 8, onDemand: 800, spot: 330),
        Fixtures.model("b.4", cpu: 4, onDemand: 400, spot: 150, arch: "arm64"),
    ]
    private static let zone = "topology.kubernetes.io/zone"
    private static let capacityType = "karpenter.sh/capacity-type"
    private static let web = LabelSelector(matchLabels: ["app": "web"])

    private static func spread(_ key: String, isSoft: Bool = false) -> TopologySpreadConstraint {
        TopologySpreadConstraint(
            maxSkew: 1, topologyKey: key, whenUnsatisfiable: isSoft ? .scheduleAnyway : .doNotSchedule, labelSelector: web)
    }

    /// How many pods run where a label has each value, in the order of the values.
    private static func counts(_ key: String, _ cloud: FakeCloud) -> [String] {
        var counts: [String: Int] = [:]
        for pod in cloud.view.pods {
            let value = pod.nodeName.flatMap { cloud.view.node($0) }?.metadata.labels[key] ?? "-"
            counts[value, default: 0] += 1
        }
        return counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    }

    /// Whatever rule they have, six pods get what they select, which is not the cheapest that there is.
    @Test(
        arguments: ["spread", "softSpread", "apart"],
        [[capacityType: "on-demand"], ["node.kubernetes.io/instance-type": "a.8"], ["kubernetes.io/arch": "amd64"]]
            as [StringMap])
    func podsWithRulesGetWhatTheySelect(rule: String, selector: StringMap) {
        let cloud = FakeCloud(Self.sizes, pools: [Fixtures.pool()])
        cloud.wait((0..<6).map { "p\($0)" }) {
            $0.nodeSelector = selector
            if rule != "apart" { $0.topologySpreadConstraints = [Self.spread(Self.zone, isSoft: rule == "softSpread")] }
            guard rule == "apart" else { return }
            var affinity = Affinity()
            affinity.podAntiAffinity = PodAffinityRules(required: [
                PodAffinityTerm(labelSelector: Self.web, topologyKey: "kubernetes.io/hostname")
            ])
            $0.affinity = affinity
        }
        var karpenter = Karpenter()
        let result = cloud.run(&karpenter, minutes: 1, tick: 1)
        #expect(PendingPods.unschedulable(cloud.view).isEmpty)
        for pair in selector.pairs { #expect(Set(cloud.labels(pair.key)) == [pair.value]) }
        #expect(result.decisions.count { $0.contains("Provision") } == (rule == "apart" ? 6 : 2))
        // The scheduler of these tests does not look at what pods merely prefer.
        if rule != "softSpread" { #expect(Self.counts(Self.zone, cloud) == ["z1 3", "z2 3"]) }
    }

    /// A pod that selects something joins a machine that is planned already, where that can still become one.
    @Test func whatIsPlannedBecomesWhatAPodSelects() {
        let cloud = FakeCloud(Self.sizes, pools: [Fixtures.pool()])
        cloud.wait(["a", "b"], milli: 1500) { $0.topologySpreadConstraints = [Self.spread(Self.zone)] }
        cloud.wait(["c"], milli: 1000) {
            $0.nodeSelector = [Self.capacityType: "on-demand", "kubernetes.io/arch": "amd64"]
            $0.topologySpreadConstraints = [
                TopologySpreadConstraint(maxSkew: 9, topologyKey: Self.zone, whenUnsatisfiable: .doNotSchedule)
            ]
        }
        var karpenter = Karpenter()
        cloud.run(&karpenter, minutes: 1, tick: 1)
        #expect(PendingPods.unschedulable(cloud.view).isEmpty)
        #expect(cloud.labels(Self.capacityType).sorted() == ["on-demand", "spot"])
    }

    /// Four pods over the values of a label of offers or types.
    @Test(
        arguments: [
            (capacityType, ["on-demand 2", "spot 2"]), ("kubernetes.io/arch", ["amd64 2", "arm64 2"]),
            ("karpenter.k8s.aws/instance-cpu", ["4 2", "8 2"]),
        ])
    func podsAreSpreadOverOffers(key: String, counts: [String]) {
        let cloud = FakeCloud(Self.sizes, pools: [Fixtures.pool()])
        cloud.wait((0..<4).map { "p\($0)" }) { $0.topologySpreadConstraints = [Self.spread(key)] }
        var karpenter = Karpenter()
        cloud.run(&karpenter, minutes: 1, tick: 1)
        #expect(Self.counts(key, cloud) == counts)
        #expect(cloud.machines.count == 2)
    }

    /// A zone in which nothing is left is one still: no second machine is bought in the other.
    @Test func soldOutZonesAreDomains() {
        let cloud = FakeCloud(Self.sizes, pools: [Fixtures.pool()])
        cloud.soldOut = Set(["a.4", "a.8", "b.4"].flatMap { ["\($0) z2 spot", "\($0) z2 on-demand"] })
        cloud.wait((0..<5).map { "p\($0)" }) { $0.topologySpreadConstraints = [Self.spread(Self.zone)] }
        var karpenter = Karpenter()
        cloud.run(&karpenter, minutes: 2, tick: 1)
        #expect(Self.counts(Self.zone, cloud) == ["- 1", "z1 4"])
    }
}
