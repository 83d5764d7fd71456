import Chronology
import ControlPlane
import KubernetesAPI
import Scheduler
import SchedulingFramework

/// One run of the FGD paper's experiment: pods arrive one after the other, and each is placed at once or never.
///
/// The scheduler is the real one, told of every pod and of every binding. No time passes.
struct FragmentationRun: Sendable {
    let policy: FragmentationPolicy
    let kinds: [OpenbPod]
    let typicalPods: [FragmentMeasure.PodClass]
    /// In rank order.
    let nodes: [OpenbNode]
    /// Kinds, in order of arrival.
    let arrivals: [Int32]
    /// Distinguishes runs of the random policy.
    let draw: UInt64

    /// Runs to the end.
    func series() -> FragmentationSeries {
        var scheduler = PodScheduler(
            configuration: policy.configuration(typicalPods: typicalPods, draw: draw), now: .start)
        precondition(scheduler.unknownPlugins.isEmpty, "no plugin answers to \(scheduler.unknownPlugins)")
        var cluster = ClusterGauge(FragmentMeasure(typicalPods), gpus: nodes.map(\.gpus).reduce(0, +))
        for (rank, node) in nodes.enumerated() {
            let object = node.object(rank: rank)
            scheduler.observe(.added(.node(object)), now: .start)
            if let state = scheduler.node(object.metadata.name) { cluster.add(state) }
        }
        let boxes = kinds.map { PodSpecBox($0.spec()) }
        var recorder = FragmentationSeries.Recorder(gpus: cluster.gpus)
        var arrived: Int64 = 0
        for (number, kind) in arrivals.enumerated() {
            var metadata = ObjectMeta(name: "pod-\(number)", namespace: "openb")
            metadata.uid = UID(high: 1, low: UInt64(number))
            let pod = Pod(metadata: metadata, specBox: boxes[Int(kind)])
            arrived += kinds[Int(kind)].gpuTotal
            scheduler.observe(.added(.pod(pod)), now: .start)
            if case .assumed(let node)? = scheduler.attempt(now: .start)?.outcome {
                var bound = pod
                bound.nodeName = node
                scheduler.observe(.modified(old: .pod(pod), new: .pod(bound)), now: .start)
                if let state = scheduler.node(node) { cluster.update(state) }
            } else {
                scheduler.observe(.deleted(.pod(pod)), now: .start)
            }
            recorder.record(
                arrived: arrived, used: cluster.used, fragment: cluster.fragment, left: cluster.left)
        }
        return recorder.series()
    }
}

/// What is used of the cluster's devices, what is left, and how much of that is fragments.
private struct ClusterGauge {
    private let measure: FragmentMeasure
    let gpus: Int64
    /// Thousandths of a device.
    private(set) var left: Int64 = 0
    private(set) var fragment = 0.0
    private var places: [String: Int] = [:]
    private var lefts: [Int64] = []
    private var fragments: [Double] = []

    init(_ measure: FragmentMeasure, gpus: Int64) {
        self.measure = measure
        self.gpus = gpus
    }

    /// Thousandths of a device.
    var used: Int64 { gpus * Int64(NodeGpus.whole) - left }

    mutating func add(_ node: NodeInfo) {
        places[node.name] = lefts.count
        lefts.append(0)
        fragments.append(0)
        update(node)
    }

    mutating func update(_ node: NodeInfo) {
        guard let place = places[node.name] else { return }
        let now = node.gpus?.totalLeft ?? 0
        left += now - lefts[place]
        lefts[place] = now
        fragments[place] = measure.fragment(of: node)
        // Summed anew each time: adding and subtracting fractions would drift.
        fragment = fragments.reduce(0, +)
    }
}
