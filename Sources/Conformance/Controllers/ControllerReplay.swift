import Chronology
import ClusterStore
import KubernetesAPI

/// Runs one recorded case under virtual time.
enum ControllerReplay {
    /// How long the cluster runs before a case begins.
    private static let leadTime = Duration.seconds(3)

    /// Returns what our controllers did in a case.
    static func run(_ golden: ControllerCase, pace: ReplayPace = ReplayPace()) -> ControllerOutcome {
        // Off the grid of whole seconds and of monitor passes, as any real start.
        let start = Instant.start + .minutes(2) + (golden.startAtSecond.map { .seconds($0) } ?? .milliseconds(400))
        let minute = start.nanoseconds / Duration.minutes(1).nanoseconds
        let cluster = ReplayCluster(
            start: start - leadTime, kubelet: FakeKubelet(rules: golden.rules, gap: golden.kubeletGap),
            trace: ControllerTrace(minute: minute), pace: pace)
        for node in golden.nodes {
            cluster.load(.node(ReplayNodes.node(node, caseName: golden.name, now: cluster.now)))
        }
        if !golden.isExclusive {
            let other = ManifestTree.mapping([("name", .text(ReplayNodes.bystander))])
            cluster.load(.node(ReplayNodes.node(other, caseName: "", now: cluster.now, zone: "z2")))
        }
        cluster.run(until: start)
        cluster.trace.isOn = true
        let script = ReplayScript(golden, cluster)
        cluster.run(until: start + .hours(1)) { script.isOver }
        return ControllerOutcome(cluster)
    }
}

/// What a replay left behind.
struct ControllerOutcome {
    let trace: ControllerTrace
    /// The objects at the end, by the name that the traces give them.
    private(set) var objects: [(title: String, tree: ManifestTree)] = []
    private(set) var pods: [ManifestTree] = []

    init(_ cluster: ReplayCluster) {
        trace = cluster.trace
        for kind in ObjectKind.allCases where kind != .pod {
            for object in cluster.view.objects(of: kind, namespace: nil) {
                guard ControllerTrace.Group(object) != nil, object.metadata.name != ReplayNodes.bystander else {
                    continue
                }
                objects.append((trace.title(object), FinalState.tree(object, trace)))
            }
        }
        objects.sort { $0.title < $1.title }
        for case .pod(let pod) in cluster.view.objects(of: .pod, namespace: nil) {
            pods.append(FinalState.tree(pod, trace))
        }
    }
}
