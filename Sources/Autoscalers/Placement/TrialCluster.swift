package import ControlPlane
package import KubernetesAPI
package import SchedulingFramework

// Kubernetes counterpart: ClusterSnapshot with its Fork, Revert and Commit (cluster-autoscaler/simulator/clustersnapshot).

/// The cluster as the scheduler would see it, in which nodes and pods may be tried that are not there.
///
/// Answers come from the scheduler's own pre-filters and filters. What is tried after `fork` can be taken back.
package final class TrialCluster {
    package let rules: PlacementRules
    package let snapshot = Snapshot()
    package private(set) var kinds: PodKinds
    /// Only looked up.
    private var nodesByName: [String: NodeInfo] = [:]
    private(set) var log: [Step] = []
    private(set) var forks: [Int] = []
    /// What room there is on the nodes that were there when somebody first asked for it.
    var rooms: RoomColumns?
    /// How many pods of a namespace with the same labels were in each zone before the first fork; only looked up.
    var alike: [AlikePods: [String: Int]] = [:]
    /// Changes with everything.
    private(set) var version = 0
    /// What the pre-filters said of a kind, by number.
    var cycles: [KindCycle?] = []
    /// The numbers of the kinds whose cycles follow the pods that come and go; in a trial, once somebody asks for them.
    var followers: [Int] = []
    /// Those whose cycles have seen something of the trials that go on; some more than once.
    var awake: [Int] = []
    /// Changes with the nodes.
    var nodesVersion = 0
    /// Changes with the pods that keep others away.
    var antiAffinityVersion = 0

    enum Step {
        case added(PodInfo, node: NodeInfo)
        /// `leavesWithNode` when all pods of the node go, and then the node.
        case removed(PodInfo, node: NodeInfo, leavesWithNode: Bool)
        case addedNode(NodeInfo)
        case removedNode(NodeInfo, place: Int)
    }

    /// Takes over the nodes of `view` with the pods bound to them.
    ///
    /// `kinds` is what an earlier cluster knew of shapes; pods below `leastPriority` are left out; `node` may change a node
    /// or leave it out.
    package init(
        _ view: any ClusterView, rules: PlacementRules, kinds: PodKinds = PodKinds(), leastPriority: Int32 = .min,
        node prepared: (Node) -> Node? = { $0 }
    ) {
        self.rules = rules
        self.kinds = kinds
        self.kinds.forgetKinds()
        snapshot.storage.countsClaimsAsBound = rules.countsClaimsAsBound
        for kind in [ObjectKind.persistentVolumeClaim, .persistentVolume, .storageClass, .csiNode] {
            for object in view.objects(of: kind, namespace: nil) {
                snapshot.storage.apply(object, isDeleted: false)
            }
        }
        for object in view.objects(of: .namespace, namespace: nil) { snapshot.set(object, at: object.key) }
        for node in view.nodes() {
            guard let node = prepared(node) else { continue }
            let info = NodeInfo(node)
            for pod in view.pods(onNode: info.name)
            where !pod.status.phase.isTerminal && pod.priority >= leastPriority {
                let pod = self.kinds.info(pod)
                info.add(pod)
                countVolumes(pod, 1)
            }
            nodesByName[info.name] = info
            snapshot.nodes.append(info)
        }
    }

    // MARK: - Questions

    /// The nodes, existing ones in name order and then those that were added, in that order.
    package var nodes: [NodeInfo] { snapshot.nodes }

    /// The node named `name`, or nil.
    package func node(_ name: String) -> NodeInfo? { nodesByName[name] }

    /// Returns `pod` as the scheduler sees it.
    package func info(_ pod: Pod) -> PodInfo { kinds.info(pod) }

    /// Returns the kind of `pod`, whose pods get the same answers.
    package func kind(of pod: PodInfo) -> PodKind { kinds.kind(of: pod) }

    /// Returns the shapes that ask for what `pod` prefers, the strictest first; empty when it prefers nothing.
    func wishes(of pod: PodInfo, _ extent: PodWishes.Extent) -> [PodShape] { kinds.wishes(of: pod.shape, extent) }

    /// Returns the pods that the daemon sets of `view` would put on new nodes.
    package func daemonPods(of view: any ClusterView) -> DaemonPods { DaemonPods(view, kinds: &kinds) }

    // MARK: - Trials

    /// Puts `pod` on `node`, whether it fits or not.
    package func add(_ pod: PodInfo, to node: NodeInfo) {
        put(pod, on: node)
        if !forks.isEmpty { log.append(.added(pod, node: node)) }
    }

    /// Takes `pod` off `node`.
    package func remove(_ pod: PodInfo, from node: NodeInfo) { remove(pod, from: node, leavesWithNode: false) }

    private func remove(_ pod: PodInfo, from node: NodeInfo, leavesWithNode: Bool) {
        take(pod, off: node, leavesWithNode: leavesWithNode)
        if !forks.isEmpty { log.append(.removed(pod, node: node, leavesWithNode: leavesWithNode)) }
    }

    /// Adds a node that is not there, with the pods that would run on it anyway; returns it.
    @discardableResult
    package func addNode(_ node: Node, pods: [PodInfo] = []) -> NodeInfo {
        let info = NodeInfo(node)
        addNode(info)
        for pod in pods { add(pod, to: info) }
        return info
    }

    /// Adds a node without pods that is not there.
    func addNode(_ info: NodeInfo) {
        insert(info, at: snapshot.nodes.count)
        if !forks.isEmpty { log.append(.addedNode(info)) }
    }

    /// Takes a node away with all pods on it.
    package func removeNode(_ node: NodeInfo) {
        for pod in node.pods { remove(pod, from: node, leavesWithNode: true) }
        guard let place = snapshot.nodes.firstIndex(where: { $0 === node }) else { return }
        cut(at: place)
        if !forks.isEmpty { log.append(.removedNode(node, place: place)) }
    }

    /// Begins a trial; trials nest.
    package func fork() { forks.append(log.count) }

    /// Takes back everything since the last `fork`.
    package func revert() {
        guard let start = forks.last else { preconditionFailure("nothing was tried") }
        while log.count > start {
            let step = log.removeLast()
            switch step {
            case .added(let pod, let node): take(pod, off: node)
            case .removed(let pod, let node, _): put(pod, on: node)
            case .addedNode: cut(at: snapshot.nodes.count - 1)
            case .removedNode(let node, let place): insert(node, at: place)
            }
            unsee(step, at: log.count)
        }
        forks.removeLast()
        if forks.isEmpty {
            awake.removeAll(keepingCapacity: true)
            forgetPassingKinds()
        }
    }

    /// Keeps what was tried since the last `fork`.
    package func commit() {
        forks.removeLast()
        if forks.isEmpty {
            seeAll()
            log.removeAll(keepingCapacity: true)
            alike.removeAll()
        }
    }

    // MARK: - Changes

    private func put(_ pod: PodInfo, on node: NodeInfo) {
        node.add(pod)
        countVolumes(pod, 1)
        podsChanged(on: node)
        if forks.isEmpty { tellAll(.added(pod, node: node)) }
    }

    private func take(_ pod: PodInfo, off node: NodeInfo, leavesWithNode: Bool = false) {
        guard node.remove(pod.uid) else { return }
        countVolumes(pod, -1)
        podsChanged(on: node)
        if forks.isEmpty { tellAll(.removed(pod, node: node, leavesWithNode: leavesWithNode)) }
    }

    private func podsChanged(on node: NodeInfo) {
        version += 1
        rooms?.refresh(node)
        if forks.isEmpty, !alike.isEmpty { alike.removeAll() }
    }

    private func insert(_ node: NodeInfo, at place: Int) {
        nodesByName[node.name] = node
        snapshot.nodes.insert(node, at: place)
        version += 1
        nodesVersion += 1
        rooms?.refresh(node)
        if forks.isEmpty { tellAll(.addedNode(node)) }
    }

    private func cut(at place: Int) {
        let node = snapshot.nodes.remove(at: place)
        nodesByName[node.name] = nil
        version += 1
        nodesVersion += 1
        rooms?.close(node)
        if forks.isEmpty { tellAll(.removedNode(node, place: place)) }
    }

    private func countVolumes(_ pod: PodInfo, _ change: Int) {
        if !pod.shape.volumes.isEmpty { snapshot.storage.count(pod, change) }
    }
}
