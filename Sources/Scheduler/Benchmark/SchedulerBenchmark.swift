import Chronology
import ControlPlane
import KubernetesAPI
import SchedulingFramework

/// A cluster under steady churn, for measuring how many decisions a second the scheduler makes.
///
/// Each step creates a pod of some template, schedules and binds it, and ends the oldest pod once the cluster is full
/// enough.
package struct SchedulerBenchmark {
    package var nodes: Int
    package var templates: Int
    /// Pods that run at the same time, once the churn is steady.
    package var livePods: Int
    /// Whether pods start, become ready and terminate, and nodes report the images that they pull.
    package var isLifelike: Bool
    package var mix: BenchmarkMix
    package var configuration: SchedulerConfiguration

    package init(
        nodes: Int = 1000, templates: Int = 50, livePods: Int = 10_000, isLifelike: Bool = false,
        mix: BenchmarkMix = .resources, configuration: SchedulerConfiguration = SchedulerConfiguration()
    ) {
        self.nodes = nodes
        self.templates = templates
        self.livePods = livePods
        self.isLifelike = isLifelike
        self.mix = mix
        self.configuration = configuration
    }

    /// What came of a run.
    package struct Outcome: Hashable, Sendable {
        package var decisions = 0
        package var bound = 0
        /// Changes with every node chosen, in order.
        package var fingerprint: UInt64 = 0xcbf2_9ce4_8422_2325
    }

    /// Prepares the cluster and returns a run that can be measured step by step.
    package func prepared() -> Run { Run(self) }

    /// A benchmark on its way.
    package struct Run {
        package private(set) var outcome = Outcome()
        private let plan: SchedulerBenchmark
        private let templates: [BenchmarkTemplate]
        private var scheduler: PodScheduler
        private var now = Instant.start
        private var live: [Pod] = []
        private var nodes: [String: Node] = [:]
        private var oldest = 0
        private var created: UInt64 = 0

        init(_ plan: SchedulerBenchmark) {
            self.plan = plan
            templates = (0..<plan.templates).map { BenchmarkTemplate($0, mix: plan.mix) }
            scheduler = PodScheduler(configuration: plan.configuration, now: .start)
            for index in 0..<plan.nodes {
                let node = Self.node(index)
                nodes[node.metadata.name] = node
                scheduler.observe(.added(.node(node)), now: .start)
            }
            for template in templates {
                if let owner = template.owner { scheduler.observe(.added(.replicaSet(owner)), now: .start) }
            }
        }

        /// Returns a run in the same state whose scheduler asks every plugin about every node.
        package func slow() -> Run {
            var copy = self
            var configuration = plan.configuration
            configuration.usesShapeMemo = false
            copy.scheduler = scheduler.fork()
            copy.scheduler.configuration = configuration
            return copy
        }

        /// Returns a run in the same state that goes its own way.
        package func fork() -> Run {
            var copy = self
            copy.scheduler = scheduler.fork()
            return copy
        }

        /// Schedules so many pods.
        package mutating func decide(_ count: Int) {
            for _ in 0..<count { step() }
        }

        private mutating func step() {
            created += 1
            now = now + .milliseconds(10)
            var metadata = ObjectMeta(name: "pod-\(created)", namespace: "default")
            metadata.uid = UID(high: 1, low: created)
            let template = templates[Int((created &* 0x9E37_79B9_7F4A_7C15) >> 33) % templates.count]
            metadata.labels = template.labels
            if let owner = template.owner {
                metadata.ownerReferences = [
                    OwnerReference(
                        apiVersion: "apps/v1", kind: "ReplicaSet", name: owner.metadata.name, uid: owner.metadata.uid)
                ]
            }
            let pod = Pod(metadata: metadata, specBox: template.box)
            scheduler.observe(.added(.pod(pod)), now: now)
            guard let attempt = scheduler.attempt(now: now) else { return }
            outcome.decisions += 1
            guard case .assumed(let node) = attempt.outcome else {
                scheduler.observe(.deleted(.pod(pod)), now: now)
                return
            }
            outcome.bound += 1
            for byte in node.utf8 { outcome.fingerprint = (outcome.fingerprint ^ UInt64(byte)) &* 0x100_0000_01b3 }
            var bound = pod
            bound.nodeName = node
            scheduler.observe(.modified(old: .pod(pod), new: .pod(bound)), now: now)
            if plan.isLifelike { start(&bound) }
            live.append(bound)
            if live.count - oldest > plan.livePods {
                end(live[oldest])
                oldest += 1
                if oldest > 65_536 {
                    live.removeFirst(oldest)
                    oldest = 0
                }
            }
        }

        /// The node pulls the pod's image; the pod runs, and then is ready.
        private mutating func start(_ pod: inout Pod) {
            let image = pod.spec.containers[0].image
            if let name = pod.nodeName, let old = nodes[name] {
                if !old.status.images.contains(where: { $0.names[0] == image }) {
                    var node = old
                    let mark = image.utf8.reduce(0) { (sum: Int, byte: UInt8) -> Int in (sum &* 31 &+ Int(byte)) % 900 }
                    let size = Int64(mark + 50) << 20
                    let place = node.status.images.firstIndex { $0.sizeBytes < size } ?? node.status.images.endIndex
                    node.status.images.insert(NodeImage(names: [image], sizeBytes: size), at: place)
                    nodes[name] = node
                    scheduler.observe(.modified(old: .node(old), new: .node(node)), now: now)
                }
            }
            for isReady in [false, true] {
                let old = pod
                pod.status.phase = .running
                pod.status.startTime = now
                pod.status.conditions = [Condition(Condition.ready, isReady ? .true : .false, at: now)]
                scheduler.observe(.modified(old: .pod(old), new: .pod(pod)), now: now)
            }
        }

        private mutating func end(_ pod: Pod) {
            guard plan.isLifelike else {
                scheduler.observe(.deleted(.pod(pod)), now: now)
                return
            }
            var leaving = pod
            leaving.metadata.deletionTimestamp = now
            scheduler.observe(.modified(old: .pod(pod), new: .pod(leaving)), now: now)
            scheduler.observe(.deleted(.pod(leaving)), now: now)
        }

        private static func node(_ index: Int) -> Node {
            let digits = String(index)
            let name = "node-" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits
            var node = Node(metadata: ObjectMeta(name: name))
            node.metadata.labels = [
                "kubernetes.io/hostname": name, "topology.kubernetes.io/zone": "zone-\(index % 3)",
                "disk": index % 4 == 0 ? "ssd" : "hdd",
            ]
            if index % 10 == 9 { node.spec.taints = [Taint(key: "dedicated", value: "batch", effect: .noSchedule)] }
            if index % 7 == 0 { node.spec.taints.append(Taint(key: "slow", effect: .preferNoSchedule)) }
            node.status.allocatable = [
                .cpu: Quantity(Int64(8 + 8 * (index % 4))), .memory: Quantity(Int64(32 + 32 * (index % 4)) << 30),
                .pods: Quantity(110), .ephemeralStorage: Quantity(200 << 30),
            ]
            node.status.capacity = node.status.allocatable
            return node
        }
    }
}
