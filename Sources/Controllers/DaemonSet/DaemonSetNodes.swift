package import ControlPlane
package import KubernetesAPI

/// The nodes that a daemon set has to do with, each with its verdict and the pods of the set that are for it.
///
/// Pods that have ended and are being deleted do not count: nothing is left to do about them.
package struct DaemonSetNodes: Sendable {
    /// A node, or the name of one that is gone and still has pods.
    package struct Place: Sendable {
        package let name: String
        /// What the set does with the node; nil when there is no such node.
        package let verdict: DaemonSetPlacement.Verdict?
        package var pods: [Pod]
    }

    /// Nodes in name order, then those that are gone in name order.
    package private(set) var places: [Place]
    /// The number of nodes on which a pod belongs.
    package let desired: Int64

    /// Sorts `pods` by the nodes that they are on or wait for.
    package init(_ nodes: [Node], pods: [Pod], placement: DaemonSetPlacement) {
        var groups: [String: [Pod]] = [:]
        groups.reserveCapacity(pods.count)
        for pod in pods {
            if pod.isTerminating, pod.status.phase.isTerminal { continue }
            guard let name = DaemonSetPlacement.target(of: pod) else { continue }
            groups[name, default: []].append(pod)
        }
        var desired: Int64 = 0
        places = []
        places.reserveCapacity(nodes.count)
        for node in nodes {
            let verdict = placement.verdict(node)
            if verdict == .runs { desired += 1 }
            let name = node.metadata.name
            places.append(Place(name: name, verdict: verdict, pods: groups.removeValue(forKey: name) ?? []))
        }
        self.desired = desired
        for name in groups.keys.sorted() {
            places.append(Place(name: name, verdict: nil, pods: groups[name] ?? []))
        }
    }

    /// Changes the places as the requests of a plan will, once they are carried out.
    ///
    /// `created` are the new pods, in the order of the nodes that they are for. Running pods stay until their grace is over.
    package mutating func foresee(created: [Pod], deleted: [Pod]) {
        let gone = deleted.filter { $0.status.phase.isTerminal || $0.nodeName == nil }
        if created.isEmpty, gone.isEmpty { return }
        var additions: [String: Pod] = [:]
        for pod in created {
            if let name = DaemonSetPlacement.target(of: pod) { additions[name] = pod }
        }
        var removals: [String: [UID]] = [:]
        for pod in gone {
            if let name = DaemonSetPlacement.target(of: pod) { removals[name, default: []].append(pod.metadata.uid) }
        }
        for index in places.indices {
            let name = places[index].name
            if let uids = removals[name] { places[index].pods.removeAll { uids.contains($0.metadata.uid) } }
            if let pod = additions[name] { places[index].pods.append(pod) }
        }
    }
}

extension [Pod] {
    /// Returns these pods of one node, the one that counts first (`podByCreationTimestampAndPhase`).
    func seniority() -> [Pod] { count < 2 ? self : sorted(by: Self.isSenior) }

    /// The pod that counts on its node, or nil when there is none.
    var senior: Pod? {
        guard count > 1 else { return first }
        return self.min(by: Self.isSenior)
    }

    private static func isSenior(_ left: Pod, _ right: Pod) -> Bool {
        if (left.nodeName == nil) != (right.nodeName == nil) { return left.nodeName != nil }
        let (leftTime, rightTime) = (left.metadata.creationTimestamp, right.metadata.creationTimestamp)
        return leftTime == rightTime ? left.metadata.name < right.metadata.name : leftTime < rightTime
    }
}
