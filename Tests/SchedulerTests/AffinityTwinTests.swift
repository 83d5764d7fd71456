import Chronology
import ControlPlane
import KubernetesAPI
import Scheduler
import SchedulingFramework
import Testing

/// Both ways of searching must decide alike for pods that care where other pods are, whatever happens around them.
@Suite struct AffinityTwinTests {
    struct Row: Sendable {
        var seed: UInt64
        var mode = SchedulerConfiguration.Mode.exhaustive
        var nodes: Int
        var steps: Int
    }

    private static let rows = [
        Row(seed: 1, nodes: 12, steps: 700), Row(seed: 2, nodes: 40, steps: 300),
        Row(seed: 3, mode: .upstream, nodes: 110, steps: 60),
    ]

    @Test("pods with rules about other pods are placed alike", arguments: rows)
    func agrees(row: Row) {
        var twins = Twins(row)
        for _ in 0..<row.steps where twins.difference == nil { twins.step() }
        #expect(twins.difference == nil)
        #expect(twins.bound > row.steps / 4)
        #expect(twins.refusals > row.steps / 20)
    }

    /// Two schedulers that are told the same.
    private struct Twins {
        /// The first decision on which they differ.
        private(set) var difference: String?
        private(set) var bound = 0
        /// Attempts that the rules of pod affinity had a part in refusing.
        private(set) var refusals = 0
        private var quick: PodScheduler
        private var plain: PodScheduler
        private var state: UInt64
        private var nodes: [Node] = []
        private var live: [Pod] = []
        private var waiting: [Pod] = []
        private var namespaces: [Namespace]
        private var now = Instant.start
        private var made: UInt64 = 0
        private let boxes: [PodSpecBox]

        init(_ row: Row) {
            var configuration = SchedulerConfiguration()
            configuration.mode = row.mode
            quick = PodScheduler(configuration: configuration, now: .start)
            configuration.usesShapeMemo = false
            plain = PodScheduler(configuration: configuration, now: .start)
            state = row.seed
            namespaces = (0..<3).map { Namespace(metadata: ObjectMeta(name: "ns\($0)", labels: ["team": "t\($0)"])) }
            boxes = (0..<12).map { PodSpecBox(AffinityTwinTests.template($0)) }
            for namespace in namespaces { tell(.added(.namespace(namespace))) }
            for index in 0..<row.nodes {
                let node = Make.node("n\(index)", cpu: "8", labels: labels(index), pods: 20)
                nodes.append(node)
                tell(.added(.node(node)))
            }
        }

        private mutating func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }

        private mutating func labels(_ index: Int) -> StringMap {
            var labels: StringMap = ["kubernetes.io/hostname": "n\(index)"]
            // Some nodes are in no zone.
            let zone = next(5)
            if zone < 4 { labels["topology.kubernetes.io/zone"] = "z\(zone)" }
            return labels
        }

        private mutating func tell(_ event: WatchEvent) {
            quick.observe(event, now: now)
            plain.observe(event, now: now)
        }

        mutating func step() {
            now = now + .seconds(2)
            switch next(20) {
            case 0:
                let place = next(nodes.count)
                let old = nodes[place]
                nodes[place].metadata.labels = labels(place)
                tell(.modified(old: .node(old), new: .node(nodes[place])))
            case 1:
                let place = next(namespaces.count)
                let old = namespaces[place]
                namespaces[place].metadata.labels = next(3) == 0 ? [:] : ["team": "t\(next(3))"]
                tell(.modified(old: .namespace(old), new: .namespace(namespaces[place])))
            case 2 where !live.isEmpty:
                let place = next(live.count)
                let old = live[place]
                live[place].metadata.labels["app"] = "a\(next(4))"
                tell(.modified(old: .pod(old), new: .pod(live[place])))
            case 3...8 where !live.isEmpty:
                tell(.deleted(.pod(live.remove(at: next(live.count)))))
            default:
                addPod()
            }
            for _ in 0..<3 where difference == nil { decide() }
        }

        private mutating func addPod() {
            made += 1
            let kind = next(boxes.count)
            var metadata = ObjectMeta(
                name: "p\(made)", namespace: "ns\(next(4))", labels: ["app": "a\(next(4))", "kind": "k\(kind)"])
            metadata.uid = UID(high: 3, low: made)
            waiting.append(Pod(metadata: metadata, specBox: boxes[kind]))
            if let pod = waiting.last { tell(.added(.pod(pod))) }
            // Few are left to wait: they would take most of the attempts.
            if waiting.count > 6 { tell(.deleted(.pod(waiting.removeFirst()))) }
        }

        private mutating func decide() {
            let left = quick.attempt(now: now)
            let right = plain.attempt(now: now)
            let isSame =
                left?.pod == right?.pod && left?.outcome == right?.outcome && left?.rejections == right?.rejections
                && left?.message == right?.message && left?.score == right?.score && left?.tieCount == right?.tieCount
                && left?.evaluatedNodes == right?.evaluatedNodes && left?.feasibleNodes == right?.feasibleNodes
            if !isSame { difference = "\(String(describing: left)) but \(String(describing: right))" }
            guard isSame, let left else { return }
            if left.rejections.contains(where: { $0.plugin == "InterPodAffinity" }) { refusals += 1 }
            switch left.outcome {
            case .assumed(let node):
                bound += 1
                guard let place = waiting.firstIndex(where: { $0.metadata.uid == left.uid }) else { return }
                let pod = waiting.remove(at: place)
                live.append(pod.bound(to: node))
                tell(.modified(old: .pod(pod), new: .pod(pod.bound(to: node))))
            case .unschedulable(_, let victims):
                for victim in victims {
                    guard let place = live.firstIndex(where: { $0.key == victim }) else { continue }
                    tell(.deleted(.pod(live.remove(at: place))))
                }
            case .error:
                difference = "an error: \(left.message)"
            }
        }
    }

    /// One of twelve templates: required and preferred terms of both signs, by host and by zone, over namespaces.
    private static func template(_ index: Int) -> PodSpec {
        var container = Container(name: "main", image: "image")
        container.requests = [.cpu: Quantity(milli: Int64(200 + 150 * (index % 5)))]
        var spec = PodSpec(containers: [container])
        spec.priority = Int32(index % 4)
        if index % 3 != 0 { spec.preemptionPolicy = .never }
        let key = index % 2 == 0 ? "kubernetes.io/hostname" : "topology.kubernetes.io/zone"
        var term = PodAffinityTerm(
            labelSelector: LabelSelector(matchLabels: ["app": "a\(index % 4)"]), topologyKey: key)
        switch index % 4 {
        case 1: term.namespaceSelector = LabelSelector(matchLabels: ["team": "t1"])
        case 2: term.namespaceSelector = LabelSelector()
        case 3: term.namespaces = ["ns0", "ns2"]
        default: break
        }
        let weighted = WeightedPodAffinityTerm(weight: Int64(10 + index), term: term)
        switch index {
        case 0, 1, 2: spec.affinity = Affinity(podAntiAffinity: PodAffinityRules(required: [term]))
        case 3, 4: spec.affinity = Affinity(podAffinity: PodAffinityRules(required: [term]))
        case 5, 6: spec.affinity = Affinity(podAffinity: PodAffinityRules(preferred: [weighted]))
        case 7, 8: spec.affinity = Affinity(podAntiAffinity: PodAffinityRules(preferred: [weighted]))
        case 9:
            // A group that wants to be together.
            term = PodAffinityTerm(labelSelector: LabelSelector(matchLabels: ["kind": "k9"]), topologyKey: key)
            spec.affinity = Affinity(
                podAffinity: PodAffinityRules(required: [term]), podAntiAffinity: PodAffinityRules(preferred: [weighted]))
        default: break
        }
        return spec
    }
}
