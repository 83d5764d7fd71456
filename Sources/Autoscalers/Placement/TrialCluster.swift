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
    private var places: [String: Int] = [:]
    private var arePlacesStale = false
    var log: [Step] = []
    var forks: [Int] = []
    /// What the pre-filters said of a kind, by number.
    var cycles: [KindCycle?] = []
    /// The numbers of the kinds whose cycles follow each pod that comes and goes.
    var followers: [Int] = []
    /// Changes with the nodes.
    var nodesVersion = 0
    /// Changes with the pods that keep others away.
    var antiAffinityVersion = 0

    enum Step {
        case added(PodInfo, node: NodeInfo)
        case removed(PodInfo, node: NodeInfo)
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
            places[info.name] = snapshot.nodes.count
            snapshot.nodes.append(info)
        }
    }

    // MARK: - Questions

    /// The nodes, existing ones in name order and then those that were added, in that order.
    package var nodes: [NodeInfo] { snapshot.nodes }

    /// The node named `name`, or nil.
    package func node(_ name: String) -> NodeInfo? {
        if arePlacesStale {
            arePlacesStale = false
            places = [:]
            for (place, node) in snapshot.nodes.enumerated() { places[node.name] = place }
        }
        return places[name].map { snapshot.nodes[$0] }
    }

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
    package func remove(_ pod: PodInfo, from node: NodeInfo) {
        take(pod, off: node)
        if !forks.isEmpty { log.append(.removed(pod, node: node)) }
    }

    /// Adds a node that is not there, with the pods that would run on it anyway; returns it.
    @discardableResult
    package func addNode(_ node: Node, pods: [PodInfo] = []) -> NodeInfo {
        let info = NodeInfo(node)
        append(info)
        if !forks.isEmpty { log.append(.addedNode(info)) }
        for pod in pods { add(pod, to: info) }
        return info
    }

    /// Takes a node away with all pods on it.
    package func removeNode(_ node: NodeInfo) {
        for pod in node.pods { remove(pod, from: node) }
        guard let place = snapshot.nodes.firstIndex(where: { $0 === node }) else { return }
        cut(at: place)
        if !forks.isEmpty { log.append(.removedNode(node, place: place)) }
    }

    /// Begins a trial; trials nest.
    package func fork() { forks.append(log.count) }

    /// Takes back everything since the last `fork`.
    package func revert() {
        let start = forks.removeLast()
        while log.count > start {
            switch log.removeLast() {
            case .added(let pod, let node): take(pod, off: node)
            case .removed(let pod, let node): put(pod, on: node)
            case .addedNode: cut(at: snapshot.nodes.count - 1)
            case .removedNode(let node, let place):
                snapshot.nodes.insert(node, at: place)
                nodesChanged()
            }
        }
    }

    /// Keeps what was tried since the last `fork`.
    package func commit() {
        forks.removeLast()
        if forks.isEmpty { log.removeAll(keepingCapacity: true) }
    }

    // MARK: - Changes

    private func put(_ pod: PodInfo, on node: NodeInfo) {
        node.add(pod)
        countVolumes(pod, 1)
        tell(of: pod, on: node, isAdded: true)
    }

    private func take(_ pod: PodInfo, off node: NodeInfo) {
        guard node.remove(pod.uid) else { return }
        countVolumes(pod, -1)
        tell(of: pod, on: node, isAdded: false)
    }

    private func append(_ node: NodeInfo) {
        if !arePlacesStale { places[node.name] = snapshot.nodes.count }
        snapshot.nodes.append(node)
        nodesVersion += 1
    }

    private func cut(at place: Int) {
        let node = snapshot.nodes.remove(at: place)
        if !arePlacesStale, place == snapshot.nodes.count { places[node.name] = nil } else { arePlacesStale = true }
        nodesVersion += 1
    }

    private func nodesChanged() {
        arePlacesStale = true
        nodesVersion += 1
    }

    private func countVolumes(_ pod: PodInfo, _ change: Int) {
        if !pod.shape.volumes.isEmpty { snapshot.storage.count(pod, change) }
    }
}
