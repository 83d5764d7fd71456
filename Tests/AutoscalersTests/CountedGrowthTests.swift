import Chronology
import ControlPlane
import FakeCluster
import KubernetesAPI
import SchedulingFramework
import Testing

@testable import Autoscalers

/// What is counted must be what comes of trying every pod by itself.
@Suite struct CountedGrowthTests {
    private struct Draws {
        var state: UInt64

        mutating func below(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }

        mutating func one<T>(of list: [T]) -> T { list[below(list.count)] }
    }

    private static let zone = "topology.kubernetes.io/zone"

    private static func constraint(_ draws: inout Draws) -> TopologySpreadConstraint {
        var constraint = TopologySpreadConstraint(
            maxSkew: Int64(1 + draws.below(3)), topologyKey: draws.one(of: [zone, zone, "kubernetes.io/hostname", "rack"]),
            whenUnsatisfiable: draws.below(5) == 0 ? .scheduleAnyway : .doNotSchedule,
            labelSelector: draws.one(of: [
                LabelSelector(matchLabels: ["app": "a"]), LabelSelector(matchLabels: ["app": "b"]),
                LabelSelector(matchLabels: ["team": "x"]), nil,
            ]))
        if draws.below(4) == 0 { constraint.minDomains = Int64(1 + draws.below(4)) }
        if draws.below(4) == 0 { constraint.nodeTaintsPolicy = .honor }
        if draws.below(6) == 0 { constraint.nodeAffinityPolicy = .ignore }
        return constraint
    }

    private static func pods(_ draws: inout Draws) -> [Pod] {
        var pods: [Pod] = []
        for kind in 0..<(1 + draws.below(4)) {
            let milli = Int64(100 * (1 + draws.below(15)))
            let labels: StringMap = ["app": draws.one(of: ["a", "b"]), "team": draws.one(of: ["x", "y"]), "kind": "\(kind)"]
            let constraints = (0..<draws.one(of: [0, 1, 1, 2])).map { _ in constraint(&draws) }
            let selector: StringMap = draws.one(of: [[:], [:], [:], [zone: "z1"], ["disk": "ssd"]])
            let tolerates = draws.below(3) == 0
            for number in 0..<(1 + draws.below(14)) {
                pods.append(
                    Fixtures.pod("k\(kind)-\(number)", milli: milli, labels: labels) {
                        $0.topologySpreadConstraints = constraints
                        $0.nodeSelector = selector
                        if tolerates { $0.tolerations = [Toleration(key: "special", operator: .exists)] }
                    })
            }
        }
        return pods
    }

    private static func labels(_ zone: String, _ draws: inout Draws) -> StringMap {
        var labels: StringMap = [Self.zone: zone, "disk": draws.one(of: ["ssd", "hdd"])]
        if draws.below(4) > 0 { labels["rack"] = draws.one(of: ["r1", "r2"]) }
        return labels
    }

    private static func node(_ name: String, _ zone: String, cpu: Int64, _ draws: inout Draws) -> Node {
        var node = Fixtures.node(name, cpu: cpu, labels: labels(zone, &draws), pods: Int64(2 + draws.below(12)))
        if draws.below(5) == 0 { node.spec.taints = [Taint(key: "special", value: "", effect: .noSchedule)] }
        return node
    }

    /// A cluster with some nodes and pods, three groups, and pods that wait.
    private static func cloud(_ draws: inout Draws) -> FakeCloud {
        let cloud = FakeCloud()
        for number in 0..<draws.below(4) {
            let name = "n\(number)"
            cloud.view.add(.node(node(name, draws.one(of: ["z1", "z2", "z9"]), cpu: 2, &draws)))
            for pod in 0..<draws.below(3) {
                let labels: StringMap = ["app": draws.one(of: ["a", "b"]), "team": "x"]
                cloud.view.add(.pod(Fixtures.pod("old-\(number)-\(pod)", milli: 300, node: name, labels: labels)))
            }
        }
        if draws.below(3) == 0 {
            var spec = DaemonSet.Spec()
            spec.template.spec = Fixtures.pod("d", milli: 200).spec
            spec.template.labels = ["app": "a"]
            cloud.view.add(.daemonSet(DaemonSet(metadata: ObjectMeta(name: "agent", namespace: "d"), spec: spec)))
        }
        for group in 0..<3 {
            let zones = Array(["z1", "z2", "z3"].prefix(1 + draws.below(3)))
            let cpu = Int64(1 + draws.below(4))
            var templates = zones.map { node("template", $0, cpu: cpu, &draws) }
            if draws.below(2) == 0 {
                templates = zones.map { zone in
                    var node = templates[0]
                    node.metadata.labels[Self.zone] = zone
                    return node
                }
            }
            cloud.groups.append(
                NodeGroup(
                    name: "g\(group)", minSize: 0, maxSize: 100, targetSize: draws.below(4), machineType: "m",
                    pricePerHour: 100, zones: zones, templates: templates))
        }
        for pod in pods(&draws) { cloud.view.add(.pod(pod)) }
        return cloud
    }

    private static func options(_ cloud: FakeCloud, counts: Bool, nodesMax: Int) -> (options: [String], refusals: [[String]]) {
        let trial = TrialCluster(cloud.view, rules: PlacementRules())
        let pending = PendingGroup.all(PendingPods.unschedulable(cloud.view), in: trial)
        var estimate = ScaleUpEstimate(
            pending: pending, trial: trial, daemons: trial.daemonPods(of: cloud.view),
            parameters: ClusterAutoscaler.Parameters(), counts: counts)
        var refusals = [[String]](repeating: [], count: pending.count)
        var options: [String] = []
        for group in cloud.groups {
            let option = estimate.option(for: group, nodesMax: nodesMax, refusals: &refusals)
            options.append(option.map { "\(group.name): \($0.nodeCount) \($0.placed)" } ?? "\(group.name): -")
        }
        return (options, refusals)
    }

    @Test(arguments: 0..<400)
    func countingIsTrying(seed: Int) {
        var draws = Draws(state: UInt64(seed) &* 977)
        let cloud = Self.cloud(&draws)
        let nodesMax = draws.one(of: [1, 3, 100])
        let counted = Self.options(cloud, counts: true, nodesMax: nodesMax)
        let tried = Self.options(cloud, counts: false, nodesMax: nodesMax)
        #expect(counted.options == tried.options)
        #expect(counted.refusals == tried.refusals)
    }

    /// The draws reach what they are for: machines of several zones, kinds of which some pods find no place, refusals.
    @Test func theCasesAreWorthIt() {
        var (several, partly, refused) = (0, 0, 0)
        for seed in 0..<400 {
            var draws = Draws(state: UInt64(seed) &* 977)
            let cloud = Self.cloud(&draws)
            let spread = cloud.view.pods.contains { pod in
                pod.nodeName == nil && pod.spec.topologySpreadConstraints.contains { $0.whenUnsatisfiable == .doNotSchedule }
            }
            guard spread else { continue }
            let outcome = Self.options(cloud, counts: true, nodesMax: 100)
            if outcome.refusals.contains(where: { $0.contains { $0.contains("topology spread") } }) { refused += 1 }
            if outcome.options.contains(where: { !$0.contains(": -") && !$0.contains(": 1 ") }) { several += 1 }
            if outcome.options.contains(where: { $0.contains(" 0") || $0.contains("[0") }) { partly += 1 }
        }
        #expect(several > 50 && partly > 20 && refused > 20)
    }

    /// Pods that nodes have room for are found there, whether nodes that are full are passed over or not.
    @Test(arguments: 0..<60)
    func placingPassesOverWhatIsFull(seed: Int) {
        var draws = Draws(state: UInt64(seed) &* 977 &+ 5)
        let cloud = Self.cloud(&draws)
        let fast = TrialCluster(cloud.view, rules: PlacementRules())
        let slow = TrialCluster(cloud.view, rules: PlacementRules())
        let waiting = PendingPods.unschedulable(cloud.view)
        for (first, second) in zip(PendingGroup.all(waiting, in: fast), PendingGroup.all(waiting, in: slow)) {
            let placed = fast.place(first.pods, of: first.kind)
            var tried = 0
            for pod in second.pods {
                guard let place = slow.firstFit(second.kind) else { break }
                slow.add(pod, to: slow.nodes[place])
                tried += 1
            }
            #expect(placed == tried)
        }
        #expect(fast.nodes.map { $0.pods.map(\.key) } == slow.nodes.map { $0.pods.map(\.key) })
    }
}
