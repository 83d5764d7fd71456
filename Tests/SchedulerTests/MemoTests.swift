import Chronology
import ControlPlane
import KubernetesAPI
import Scheduler
import Testing

/// Both ways of searching must decide alike, whatever happens to the cluster.
@Suite struct MemoTests {
    struct Row: Sendable {
        var seed: UInt64
        var mode = SchedulerConfiguration.Mode.exhaustive
        var nodes = 20
        /// How many decisions are compared at least.
        var decisions: Int
    }

    private static let rows = [
        Row(seed: 1, decisions: 7_000), Row(seed: 2, decisions: 7_000), Row(seed: 4, nodes: 140, decisions: 4_000),
        Row(seed: 5, nodes: 70, decisions: 4_000), Row(seed: 6, nodes: 2, decisions: 1_000),
        Row(seed: 3, mode: .upstream, nodes: 120, decisions: 500),
    ]

    @Test("a remembering scheduler decides like one that asks every plugin anew", arguments: rows)
    func agrees(row: Row) {
        var twins = Twins(row)
        var steps = 0
        while twins.decisions < row.decisions && steps < 10 * row.decisions {
            steps += 1
            twins.step()
        }
        #expect(twins.difference == nil)
        #expect(twins.decisions >= row.decisions)
        #expect(twins.bound > row.decisions / 10)
    }

    @Test("the rows compare 20,000 decisions")
    func enough() {
        #expect(Self.rows.map(\.decisions).reduce(0, +) >= 20_000)
    }

    /// Two schedulers that are told the same.
    private struct Twins {
        private(set) var decisions = 0
        private(set) var bound = 0
        /// The first decision on which they differ.
        private(set) var difference: String?
        private let row: Row
        private var quick: PodScheduler
        private var plain: PodScheduler
        private var draws: Draws
        private let boxes: [PodSpecBox]
        private var nodes: [String: Node] = [:]
        private var names: [String] = []
        private var live: [Pod] = []
        private var waiting: [Pod] = []
        private var now = Instant.start
        private var made: UInt64 = 0

        init(_ row: Row) {
            self.row = row
            var configuration = SchedulerConfiguration()
            configuration.mode = row.mode
            configuration.tieBreak = row.seed % 2 == 0 ? .upstream136 : .seeded
            quick = PodScheduler(configuration: configuration, now: .start)
            configuration.usesShapeMemo = false
            plain = PodScheduler(configuration: configuration, now: .start)
            var draws = Draws(state: row.seed)
            boxes = (0..<12).map { PodSpecBox(MemoTests.template($0, &draws)) }
            self.draws = draws
        }

        private mutating func tell(_ event: WatchEvent) {
            quick.observe(event, now: now)
            plain.observe(event, now: now)
        }

        mutating func step() {
            now = now + .milliseconds(100)
            made += 1
            let chance = draws.next(100)
            if chance < 2 || names.count < row.nodes / 2 {
                addNode()
            } else if chance < 4 {
                changeNode { name, draws in MemoTests.node(name, &draws) }
            } else if chance < 12 {
                changeNode { _, _ in nil }
            } else if chance < 13, names.count > row.nodes / 2 {
                removeNode()
            } else if chance < 20, !live.isEmpty {
                let place = draws.next(live.count)
                let old = live[place]
                live[place].status.phase = .running
                live[place].status.startTime = now
                tell(.modified(old: .pod(old), new: .pod(live[place])))
            } else if chance < 48, !live.isEmpty {
                end(live.remove(at: draws.next(live.count)))
            } else {
                var metadata = ObjectMeta(name: "p\(made)", namespace: "default")
                metadata.uid = UID(high: row.seed, low: made)
                let pod = Pod(metadata: metadata, specBox: boxes[draws.next(boxes.count)])
                waiting.append(pod)
                tell(.added(.pod(pod)))
                // Most attempts would be in vain if all that do not fit were left in line.
                if waiting.count > 8 { tell(.deleted(.pod(waiting.remove(at: draws.next(8))))) }
            }
            for _ in 0..<4 where difference == nil { if !decide() { break } }
        }

        private mutating func addNode() {
            guard names.count < row.nodes else { return }
            let node = MemoTests.node("n\(made)", &draws)
            nodes[node.metadata.name] = node
            names.append(node.metadata.name)
            tell(.added(.node(node)))
        }

        /// Makes a node anew, or only gives it other images.
        private mutating func changeNode(_ change: (String, inout Draws) -> Node?) {
            guard let old = nodes[names[draws.next(names.count)]] else { return }
            var node = change(old.metadata.name, &draws) ?? old
            node.status.images = MemoTests.images(&draws)
            nodes[old.metadata.name] = node
            tell(.modified(old: .node(old), new: .node(node)))
        }

        private mutating func removeNode() {
            let name = names.remove(at: draws.next(names.count))
            if let node = nodes.removeValue(forKey: name) { tell(.deleted(.node(node))) }
            for pod in live where pod.nodeName == name { tell(.deleted(.pod(pod))) }
            live.removeAll { $0.nodeName == name }
        }

        private mutating func end(_ pod: Pod) {
            var leaving = pod
            leaving.metadata.deletionTimestamp = now
            if draws.next(2) == 0 { tell(.modified(old: .pod(pod), new: .pod(leaving))) }
            tell(.deleted(.pod(leaving)))
        }

        /// Compares a decision; returns whether there may be more.
        private mutating func decide() -> Bool {
            let draw = UInt64(draws.next(1 << 30)) << 34
            let left = quick.attempt(now: now, tieDraw: draw)
            let right = plain.attempt(now: now, tieDraw: draw)
            let isSame =
                left?.pod == right?.pod && left?.outcome == right?.outcome && left?.rejections == right?.rejections
                && left?.message == right?.message && left?.score == right?.score && left?.tieCount == right?.tieCount
                && left?.evaluatedNodes == right?.evaluatedNodes && left?.feasibleNodes == right?.feasibleNodes
            if !isSame { difference = "\(String(describing: left)) but \(String(describing: right))" }
            guard isSame, let left else { return false }
            decisions += 1
            guard case .assumed(let node) = left.outcome,
                let place = waiting.firstIndex(where: { $0.metadata.uid == left.uid })
            else { return true }
            let pod = waiting.remove(at: place)
            bound += 1
            live.append(pod.bound(to: node))
            tell(.modified(old: .pod(pod), new: .pod(pod.bound(to: node))))
            return true
        }
    }

    private static func template(_ index: Int, _ draws: inout Draws) -> PodSpec {
        var container = Container(name: "main", image: "image-\(index % 3)")
        container.requests = [
            .cpu: Quantity(milli: Int64(draws.next(12)) * 250), .memory: Quantity(Int64(draws.next(6)) << 29),
        ]
        // Extended resources go by way of the plugin instead of the plain numbers.
        if index == 7 { container.requests["example.com/gpu"] = Quantity(1) }
        if index % 4 == 0 { container.ports = [ContainerPort(containerPort: 80, hostPort: Int32(8000 + index % 2))] }
        var spec = PodSpec(containers: [container])
        if index % 4 == 2 { spec.containers.append(Container(name: "side", image: "image-\((index + 1) % 3)")) }
        if index % 3 == 0 { spec.tolerations = [Toleration(key: "t", operator: .exists)] }
        if index % 5 == 0 { spec.nodeSelector = ["disk": "ssd"] }
        if index % 2 == 1 {
            let requirement = NodeSelectorRequirement(key: "disk", operator: .in, values: ["hdd"])
            let term = PreferredSchedulingTerm(
                weight: 30, preference: NodeSelectorTerm(matchExpressions: [requirement]))
            spec.affinity = Affinity(nodeAffinity: NodeAffinityRules(preferred: [term]))
        }
        if index == 5 { spec.requests = [.cpu: Quantity(milli: 1500), .memory: Quantity(1 << 29)] }
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
        if draws.next(3) == 0 { node.status.allocatable["example.com/gpu"] = Quantity(Int64(draws.next(4))) }
        node.status.images = images(&draws)
        return node
    }

    /// Some of three images, the last of which goes by two names.
    private static func images(_ draws: inout Draws) -> [NodeImage] {
        let all = [
            // A tag that moves.
            NodeImage(names: ["image-0:latest"], sizeBytes: draws.next(2) == 0 ? 700 << 20 : 200 << 20),
            NodeImage(names: ["image-1:latest"], sizeBytes: 300 << 20),
            NodeImage(names: ["image-2:latest", "image-2@sha256:0"], sizeBytes: 900 << 20),
        ]
        let chosen = draws.next(8)
        return all.indices.filter { chosen & (1 << $0) != 0 }.map { all[$0] }
    }
}
