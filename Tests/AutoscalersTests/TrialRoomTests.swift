import Chronology
import ControlPlane
import FakeCluster
import KubernetesAPI
import SchedulingFramework
import Testing

@testable import Autoscalers

/// What is remembered of a trial says the same as a cluster made anew of its nodes and pods.
@Suite struct TrialRoomTests {
    private struct Draws {
        var state: UInt64

        mutating func below(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
    }

    private static let zoneKey = "topology.kubernetes.io/zone"

    private static func constraint(_ key: String, _ labels: StringMap?) -> TopologySpreadConstraint {
        TopologySpreadConstraint(
            maxSkew: 1, topologyKey: key, whenUnsatisfiable: .doNotSchedule,
            labelSelector: labels.map { LabelSelector(matchLabels: $0) })
    }

    /// A pod of one of some kinds: plain, picky, spread over zones or machines, or kept apart.
    private static func pod(_ name: String, node: String? = nil, _ draws: inout Draws) -> Pod {
        let kind = draws.below(5)
        let labels: StringMap = ["app": "k\(kind)"]
        // Some keep away pods of another kind, which know nothing of that themselves.
        let avoided: StringMap = ["app": draws.below(2) == 0 ? "k4" : "k0"]
        let milli = [500, 1000, 1500][draws.below(3)]
        var pod = Fixtures.pod(name, milli: Int64(milli), node: node, labels: labels) { spec in
            switch kind {
            case 1: spec.nodeSelector = ["disk": "ssd"]
            case 2: spec.topologySpreadConstraints = [constraint(zoneKey, labels)]
            case 3:
                spec.nodeSelector = ["disk": "ssd"]
                spec.topologySpreadConstraints = [
                    constraint(zoneKey, labels), constraint("kubernetes.io/hostname", labels),
                ]
            case 4:
                spec.affinity = Affinity()
                spec.affinity?.podAntiAffinity = PodAffinityRules()
                spec.affinity?.podAntiAffinity?.required = [
                    PodAffinityTerm(
                        labelSelector: LabelSelector(matchLabels: avoided), topologyKey: "kubernetes.io/hostname")
                ]
            default: break
            }
        }
        if node != nil, draws.below(5) == 0 { pod.metadata.deletionTimestamp = .start }
        return pod
    }

    private static func node(_ name: String, _ draws: inout Draws) -> Node {
        Fixtures.node(
            name, labels: [zoneKey: "z\(draws.below(3))", "disk": draws.below(3) == 0 ? "hdd" : "ssd"],
            pods: Int64(2 + draws.below(4)))
    }

    /// The same nodes and pods in a cluster of which nothing is known.
    private func anew(_ trial: TrialCluster) -> TrialCluster {
        let view = FakeView()
        for node in trial.nodes {
            view.add(.node(node.node))
            for info in node.pods {
                var pod = info.pod
                pod.nodeName = node.name
                view.add(.pod(pod))
            }
        }
        return TrialCluster(view, rules: PlacementRules())
    }

    private func check(_ trial: TrialCluster, _ pods: [PodInfo], among base: [NodeInfo]) {
        let other = anew(trial)
        for pod in pods {
            let kind = trial.kind(of: pod)
            let twin = other.kind(of: other.info(pod.pod))
            for node in trial.nodes {
                let same = other.node(node.name)
                #expect(trial.fits(kind, on: node) == same.map { other.fits(twin, on: $0) }, "\(pod.key) on \(node.name)")
            }
            let first = trial.nodes.first { node in base.contains { $0 === node } && trial.fits(kind, on: node) }
            let slot = trial.firstRoom(kind)
            #expect(slot.flatMap { trial.rooms?.nodes[$0].name } == first?.name)
            if let slot, let rooms = trial.rooms {
                let isClosed = rooms.nodes.indices.map { $0 <= slot && $0 % 2 == slot % 2 }
                let next = trial.nodes.first { node in
                    rooms.slot(of: node).map { !isClosed[$0] } ?? false && trial.fits(kind, on: node)
                }
                #expect(trial.firstRoom(kind, isClosed: isClosed).flatMap { rooms.nodes[$0].name } == next?.name)
            }
            var counts: [String: Int] = [:]
            for node in trial.nodes {
                let count = node.pods.count { $0.pod.metadata.labels == pod.pod.metadata.labels }
                if count > 0 { counts[node.labels[Self.zoneKey] ?? "", default: 0] += count }
            }
            #expect(trial.countAlike(pod, by: Self.zoneKey).filter { $0.value != 0 } == counts)
        }
    }

    @Test(arguments: 0..<24) func trialsSayWhatClustersMadeAnewSay(seed: Int) throws {
        var draws = Draws(state: UInt64(seed + 77))
        let view = FakeView()
        for place in 0..<7 {
            view.add(.node(Self.node("n\(place)", &draws)))
            for index in 0..<draws.below(4) {
                view.add(.pod(Self.pod("p\(place)-\(index)", node: "n\(place)", &draws)))
            }
        }
        let trial = TrialCluster(view, rules: PlacementRules())
        trial.keepRooms()
        let base = trial.nodes
        let asked = (0..<8).map { trial.info(Self.pod("x\($0)", &draws)) }
        check(trial, asked, among: base)
        var depth = 0
        for step in 0..<16 {
            switch draws.below(6) {
            case 0 where depth < 2:
                trial.fork()
                depth += 1
            case 1 where depth > 0:
                trial.revert()
                depth -= 1
            case 2 where depth > 0 && trial.nodes.count > 1:
                trial.removeNode(trial.nodes[draws.below(trial.nodes.count)])
            case 3 where depth > 0: trial.addNode(Self.node("a\(step)", &draws))
            default:
                guard depth > 0 else { continue }
                let pod = trial.info(Self.pod("y\(step)", &draws))
                if let slot = trial.firstRoom(trial.kind(of: pod)), let node = trial.rooms?.nodes[slot] {
                    trial.add(pod, to: node)
                }
            }
            check(trial, asked, among: base)
        }
        while depth > 0 {
            trial.revert()
            depth -= 1
            check(trial, asked, among: base)
        }
        #expect(trial.nodes.map(\.name) == base.map(\.name))
    }
}
