import Chronology
import ControlPlane
import KubernetesAPI
import Scheduler
import Testing

/// Both ways of searching must decide alike, whatever happens to the cluster.
@Suite struct MemoTests {
    /// A small deterministic generator of numbers.
    private struct Draws {
        var state: UInt64

        mutating func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
    }

    @Test(
        "a remembering scheduler decides like one that asks every plugin anew",
        arguments: [
            (UInt64(1), SchedulerConfiguration.Mode.exhaustive, 3_000), (2, .exhaustive, 3_000),
            (3, .upstream, 500), (4, .exhaustive, 3_000),
        ])
    func agrees(seed: UInt64, mode: SchedulerConfiguration.Mode, steps: Int) {
        var configuration = SchedulerConfiguration()
        configuration.mode = mode
        configuration.tieBreak = seed % 2 == 0 ? .upstream136 : .seeded
        var quick = PodScheduler(configuration: configuration, now: .start)
        configuration.usesShapeMemo = false
        var plain = PodScheduler(configuration: configuration, now: .start)
        var draws = Draws(state: seed)
        let boxes = (0..<12).map { PodSpecBox(Self.template($0, &draws)) }
        var nodes: [String: Node] = [:]
        var names: [String] = []
        var live: [Pod] = []
        var created: [UID: Pod] = [:]
        var decisions = 0
        var bound = 0
        for step in 0..<steps {
            let now = Instant.start + .milliseconds(Int64(step) * 100)
            func both(_ event: WatchEvent) {
                quick.observe(event, now: now)
                plain.observe(event, now: now)
            }
            let chance = draws.next(100)
            let wanted = mode == .upstream ? 120 : 20
            if chance < 2 || names.count < wanted / 2 {
                if names.count < wanted {
                    let node = Self.node("n\(step)", &draws)
                    nodes["n\(step)"] = node
                    names.append("n\(step)")
                    both(.added(.node(node)))
                }
            } else if chance < 5, let old = nodes[names[draws.next(names.count)]] {
                let node = Self.node(old.metadata.name, &draws)
                nodes[old.metadata.name] = node
                both(.modified(old: .node(old), new: .node(node)))
            } else if chance < 6, names.count > wanted / 2 {
                let name = names.remove(at: draws.next(names.count))
                if let node = nodes.removeValue(forKey: name) { both(.deleted(.node(node))) }
                for pod in live where pod.nodeName == name { both(.deleted(.pod(pod))) }
                live.removeAll { $0.nodeName == name }
            } else if chance < 40, !live.isEmpty {
                both(.deleted(.pod(live.remove(at: draws.next(live.count)))))
            } else {
                var metadata = ObjectMeta(name: "p\(step)", namespace: "default")
                metadata.uid = UID(high: seed, low: UInt64(step) + 1)
                let pod = Pod(metadata: metadata, specBox: boxes[draws.next(boxes.count)])
                created[metadata.uid] = pod
                both(.added(.pod(pod)))
            }
            for _ in 0..<4 {
                let draw = UInt64(draws.next(1 << 30)) << 34
                let left = quick.attempt(now: now, tieDraw: draw)
                let right = plain.attempt(now: now, tieDraw: draw)
                #expect(left?.pod == right?.pod)
                #expect(left?.outcome == right?.outcome)
                #expect(left?.rejections == right?.rejections)
                #expect(left?.message == right?.message)
                #expect(left?.score == right?.score)
                #expect(left?.tieCount == right?.tieCount)
                #expect(left?.evaluatedNodes == right?.evaluatedNodes)
                guard let left, left.outcome == right?.outcome else { break }
                decisions += 1
                guard case .assumed(let node) = left.outcome else { continue }
                bound += 1
                guard let waiting = created[left.uid] else { continue }
                live.append(waiting.bound(to: node))
                both(.modified(old: .pod(waiting), new: .pod(waiting.bound(to: node))))
            }
        }
        #expect(decisions > steps / 2)
        #expect(bound > steps / 10)
    }

    private static func template(_ index: Int, _ draws: inout Draws) -> PodSpec {
        var container = Container(name: "main", image: "image-\(index % 3)")
        container.requests = [
            .cpu: Quantity(milli: Int64(draws.next(12)) * 250), .memory: Quantity(Int64(draws.next(6)) << 29),
        ]
        if index % 4 == 0 { container.ports = [ContainerPort(containerPort: 80, hostPort: Int32(8000 + index % 2))] }
        var spec = PodSpec(containers: [container])
        if index % 3 == 0 { spec.tolerations = [Toleration(key: "t", operator: .exists)] }
        if index % 5 == 0 { spec.nodeSelector = ["disk": "ssd"] }
        if index % 2 == 1 {
            let requirement = NodeSelectorRequirement(key: "disk", operator: .in, values: ["hdd"])
            let term = PreferredSchedulingTerm(
                weight: 30, preference: NodeSelectorTerm(matchExpressions: [requirement]))
            spec.affinity = Affinity(nodeAffinity: NodeAffinityRules(preferred: [term]))
        }
        spec.priority = Int32(index % 3)
        spec.preemptionPolicy = .never
        return spec
    }

    private static func node(_ name: String, _ draws: inout Draws) -> Node {
        let zone = "zone-\(name.utf8.reduce(0) { $0 &+ Int($1) } % 3)"
        var node = Make.node(
            name, cpu: String(2 + draws.next(6)), memory: Int64(4 + draws.next(12)),
            labels: ["disk": draws.next(2) == 0 ? "ssd" : "hdd", "topology.kubernetes.io/zone": zone],
            pods: Int64(5 + draws.next(20)))
        if draws.next(4) == 0 { node.spec.taints = [Taint(key: "t", effect: .noSchedule)] }
        if draws.next(4) == 0 { node.spec.taints.append(Taint(key: "u", effect: .preferNoSchedule)) }
        node.spec.unschedulable = draws.next(10) == 0
        if draws.next(2) == 0 {
            node.status.images = [NodeImage(names: ["image-\(draws.next(3)):latest"], sizeBytes: 700 << 20)]
        }
        return node
    }
}
