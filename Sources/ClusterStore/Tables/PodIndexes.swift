import KubernetesAPI

/// The indexes that only pods have; kept by the pod's entry in the table's creation order.
struct PodIndexes: Sendable {
    private(set) var byNode = HandleIndex<NameKey>()
    // None of running pods: nobody asks for a list of nearly all there are, which every pod would enter and leave.
    private(set) var byPhase = [HandleList](repeating: HandleList(), count: PodPhase.allCases.count)

    private(set) var summaries = PodSummaries()

    mutating func insert(_ pod: Pod, _ entry: OrderedHandle) {
        summaries.insert(pod)
        if let node = pod.nodeName { byNode.insert(entry, under: NameKey(node)) }
        if pod.status.phase != .running { byPhase[Self.place(pod.status.phase)].insert(entry) }
    }

    /// Forgets `pod`, which is not in its table any more.
    mutating func remove(_ pod: Pod, _ isLive: ObjectTable<Pod>.Liveness) {
        summaries.remove(pod)
        if let node = pod.nodeName { byNode.forgetOne(under: NameKey(node)) { isLive($0) } }
        if pod.status.phase != .running { byPhase[Self.place(pod.status.phase)].forgetOne { isLive($0) } }
    }

    mutating func replace(_ old: Pod, with new: Pod, _ entry: OrderedHandle, mayChangeOwners: Bool) {
        summaries.replace(old, with: new, mayChangeOwners: mayChangeOwners)
        if old.nodeName != new.nodeName {
            if let node = old.nodeName { byNode.remove(entry, under: NameKey(node)) }
            if let node = new.nodeName { byNode.insert(entry, under: NameKey(node)) }
        }
        if old.status.phase != new.status.phase {
            if old.status.phase != .running { byPhase[Self.place(old.status.phase)].remove(entry) }
            if new.status.phase != .running { byPhase[Self.place(new.status.phase)].insert(entry) }
        }
    }

    /// The pods in a phase other than running.
    subscript(phase: PodPhase) -> HandleList {
        precondition(phase != .running, "running pods are in no list of their own")
        return byPhase[Self.place(phase)]
    }

    private static func place(_ phase: PodPhase) -> Int {
        switch phase {
        case .pending: 0
        case .running: 1
        case .succeeded: 2
        case .failed: 3
        case .unknown: 4
        }
    }

    /// Returns what the two do not say alike.
    func differences(from other: PodIndexes, _ isLive: ObjectTable<Pod>.Liveness) -> [String] {
        var names: [String] = []
        if !isLive.areEqual(byNode, other.byNode) { names.append("by node") }
        if byPhase.map(isLive.entries) != other.byPhase.map(isLive.entries) { names.append("by phase") }
        if !summaries.isEqual(to: other.summaries) { names.append("of sums") }
        return names
    }
}
