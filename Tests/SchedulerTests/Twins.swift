import Chronology
import ControlPlane
import KubernetesAPI
import Scheduler
import SchedulingFramework

/// Two schedulers that are told the same; one keeps what it knows up to date, the other asks every plugin anew.
struct Twins {
    private(set) var decisions = 0
    private(set) var bound = 0
    /// How many pods made others go.
    private(set) var preemptions = 0
    /// The first decision on which they differ.
    private(set) var difference: String?
    private let size: Int
    private let racks: Int
    private let seed: UInt64
    private var quick: PodScheduler
    private var plain: PodScheduler
    private var draws: Draws
    private let templates: [TwinObjects.Template]
    private var nodes: [Node] = []
    private var namespaces: [String: Namespace] = [:]
    private var services: [Service] = []
    private var live: [Pod] = []
    private var waiting: [Pod] = []
    private var now = Instant.start
    private var made: UInt64 = 0

    init(seed: UInt64, nodes: Int, configuration: SchedulerConfiguration, templates count: Int = 12) {
        self.seed = seed
        size = nodes
        var configuration = configuration
        configuration.usesShapeMemo = true
        quick = PodScheduler(configuration: configuration, now: .start)
        configuration.usesShapeMemo = false
        plain = PodScheduler(configuration: configuration, now: .start)
        var draws = Draws(state: seed)
        // Some clusters have so many racks that nodes are not told apart by them.
        racks = draws.percent(50) && nodes < 40 ? 4 : 2 * nodes
        templates = (0..<count).map { TwinObjects.template($0, &draws) }
        self.draws = draws
        for template in templates {
            if let owner = TwinObjects.owner(of: template), self.draws.percent(80) { tell(.added(owner)) }
        }
        for object in TwinObjects.storage { tell(.added(object)) }
        for name in TwinObjects.namespaces.dropLast() { setNamespace(name) }
    }

    private mutating func tell(_ event: WatchEvent) {
        quick.observe(event, now: now)
        plain.observe(event, now: now)
    }

    // MARK: - One step

    mutating func step() {
        now = now + .milliseconds(200)
        made += 1
        let chance = draws.next(1000)
        if nodes.count < max(1, size / 2) || chance < 12 && nodes.count < size {
            addNode()
        } else if chance < 40 {
            changeNode()
        } else if chance < 48, nodes.count > max(1, size / 2) {
            removeNode()
        } else if chance < 60 {
            changeObjects()
        } else if chance < 90, !live.isEmpty {
            changePod()
        } else if chance < 340, !live.isEmpty {
            end(draws.next(live.count))
        } else if chance < 342 {
            quick = quick.fork()
        } else {
            addPod()
        }
        finishEvictions()
        for _ in 0..<4 where difference == nil { if !decide() { break } }
    }

    // MARK: - Nodes

    private mutating func addNode() {
        let node = TwinObjects.node("n\(made)", racks: racks, &draws)
        nodes.append(node)
        tell(.added(.node(node)))
    }

    /// Makes a node anew, or changes one thing about it.
    private mutating func changeNode() {
        let place = draws.next(nodes.count)
        let old = nodes[place]
        var node = old
        let other = TwinObjects.node(old.metadata.name, racks: racks, &draws)
        switch draws.next(5) {
        case 0: node = other
        case 1: node.metadata.labels = other.metadata.labels
        case 2: node.spec.taints = other.spec.taints
        case 3: node.spec.unschedulable.toggle()
        default: node.status.images = other.status.images
        }
        nodes[place] = node
        tell(.modified(old: .node(old), new: .node(node)))
    }

    private mutating func removeNode() {
        let node = nodes.remove(at: draws.next(nodes.count))
        let name = node.metadata.name
        // The pods outlive their node for a while, or go first.
        let isFirst = draws.percent(50)
        if isFirst { tell(.deleted(.node(node))) }
        for pod in live where pod.nodeName == name { tell(.deleted(.pod(pod))) }
        live.removeAll { $0.nodeName == name }
        if !isFirst { tell(.deleted(.node(node))) }
    }

    // MARK: - Pods

    private mutating func addPod() {
        let template = draws.pick(templates)
        var metadata = ObjectMeta(name: "p\(made)", namespace: template.namespace, labels: template.labels)
        metadata.uid = UID(high: seed, low: made)
        if let owner = template.owner { metadata.ownerReferences = [owner] }
        if template.hasUniqueLabels { metadata.labels["pod"] = "p\(made)" }
        let pod = Pod(metadata: metadata, specBox: template.box)
        waiting.append(pod)
        tell(.added(.pod(pod)))
        // Most attempts would be in vain if all that do not fit were left in line.
        if waiting.count > 8 { tell(.deleted(.pod(waiting.remove(at: draws.next(8))))) }
    }

    private mutating func changePod() {
        let place = draws.next(live.count)
        let old = live[place]
        switch draws.next(3) {
        case 0:
            live[place].status.phase = .running
            live[place].status.startTime = now
        case 1: live[place].metadata.labels["tier"] = draws.pick(["x", "y"])
        default: live[place].metadata.deletionTimestamp = now
        }
        tell(.modified(old: .pod(old), new: .pod(live[place])))
    }

    private mutating func end(_ place: Int) {
        let pod = live.remove(at: place)
        var leaving = pod
        leaving.metadata.deletionTimestamp = now
        if draws.percent(50) { tell(.modified(old: .pod(pod), new: .pod(leaving))) }
        tell(.deleted(.pod(leaving)))
    }

    /// Pods that were told to go are gone some time later.
    private mutating func finishEvictions() {
        guard draws.percent(20), let place = live.firstIndex(where: \.isTerminating) else { return }
        tell(.deleted(.pod(live.remove(at: place))))
    }

    // MARK: - Other objects

    private mutating func setNamespace(_ name: String) {
        let namespace = TwinObjects.namespace(name, &draws)
        if let old = namespaces[name] {
            tell(.modified(old: .namespace(old), new: .namespace(namespace)))
        } else {
            tell(.added(.namespace(namespace)))
        }
        namespaces[name] = namespace
    }

    private mutating func changeObjects() {
        if draws.percent(30) { return setNamespace(draws.pick(TwinObjects.namespaces)) }
        if services.count > 3 || draws.percent(40), !services.isEmpty {
            tell(.deleted(.service(services.remove(at: draws.next(services.count)))))
        } else {
            let service = TwinObjects.service("s\(made)", &draws)
            services.append(service)
            tell(.added(.service(service)))
        }
    }

    // MARK: - Decisions

    /// Compares a decision; returns whether there may be more.
    private mutating func decide() -> Bool {
        let draw = UInt64(draws.next(1 << 30)) << 34
        let left = quick.attempt(now: now, tieDraw: draw)
        let right = plain.attempt(now: now, tieDraw: draw)
        let isSame =
            left?.pod == right?.pod && left?.outcome == right?.outcome && left?.rejections == right?.rejections
            && left?.message == right?.message && left?.score == right?.score && left?.tieCount == right?.tieCount
            && left?.evaluatedNodes == right?.evaluatedNodes && left?.feasibleNodes == right?.feasibleNodes
        if !isSame {
            difference = "decision \(decisions): \(String(describing: left)) but \(String(describing: right))"
        }
        guard isSame, let left else { return false }
        decisions += 1
        guard let place = waiting.firstIndex(where: { $0.metadata.uid == left.uid }) else { return true }
        switch left.outcome {
        case .assumed(let node):
            let pod = waiting.remove(at: place)
            bound += 1
            live.append(pod.bound(to: node))
            tell(.modified(old: .pod(pod), new: .pod(pod.bound(to: node))))
        case .unschedulable(let node?, let victims): preempt(place, node, victims)
        case .unschedulable(nil, _), .error: break
        }
        return true
    }

    private mutating func preempt(_ place: Int, _ node: String, _ victims: [ObjectKey]) {
        preemptions += 1
        for index in live.indices where victims.contains(live[index].key) && !live[index].isTerminating {
            let old = live[index]
            live[index].metadata.deletionTimestamp = now
            tell(.modified(old: .pod(old), new: .pod(live[index])))
        }
        guard draws.percent(70) else { return }
        let old = waiting[place]
        waiting[place].status.nominatedNodeName = node
        tell(.modified(old: .pod(old), new: .pod(waiting[place])))
    }
}
