import KubernetesAPI
import SchedulingFramework

/// Pods whose number in each zone is asked for.
struct AlikePods: Hashable {
    let namespace: String
    let labels: StringMap

    init(_ pod: PodInfo) {
        namespace = pod.pod.metadata.namespace
        labels = pod.pod.metadata.labels
    }

    func include(_ pod: PodInfo) -> Bool {
        pod.pod.metadata.namespace == namespace && pod.pod.metadata.labels == labels
    }
}

/// Where pods fit among the nodes that were there to begin with, without a look at those that have no room.
extension TrialCluster {
    /// What is known of nodes by their objects alone.
    enum ObjectAnswer: UInt8 {
        case unknown, fits, refused
    }

    /// Begins to keep account of the room on the nodes that are there now.
    func keepRooms() {
        if rooms == nil { rooms = RoomColumns(snapshot.nodes) }
    }

    /// Returns the slot of the first node with room from slot `start` on that takes a pod of `kind`, or nil; `isClosed` tells
    /// by slot which ones are left out, and is empty for none.
    func firstRoom(_ kind: PodKind, from start: Int = 0, isClosed: [Bool] = []) -> Int? {
        keepRooms()
        guard let rooms else { return nil }
        let cycle = self.cycle(of: kind)
        if cycle.rejection != nil { return nil }
        if cycle.answers.isEmpty { cycle.answers = [ObjectAnswer](repeating: .unknown, count: rooms.nodes.count) }
        var slot = start
        while let next = rooms.next(kind.shape.requests, from: slot) {
            slot = next + 1
            if !isClosed.isEmpty, isClosed[next] { continue }
            let node = rooms.nodes[next]
            if cycle.answers[next] == .unknown { cycle.answers[next] = objectAnswer(cycle, kind, node) }
            if cycle.answers[next] == .refused { continue }
            let isRefused = cycle.otherFilters.contains {
                $0.filter(kind.sample, on: node, state: cycle.state).code != .success
            }
            if !isRefused { return next }
        }
        return nil
    }

    private func objectAnswer(_ cycle: KindCycle, _ kind: PodKind, _ node: NodeInfo) -> ObjectAnswer {
        if let names = cycle.nodeNames, !names.contains(node.name) { return .refused }
        let isRefused = cycle.objectFilters.contains {
            $0.filter(kind.sample, on: node, state: cycle.state).code != .success
        }
        return isRefused ? .refused : .fits
    }

    /// Returns how many pods there are in each zone of the namespace and with the labels of `pod`; `zoneKey` is the label.
    func countAlike(_ pod: PodInfo, by zoneKey: String) -> [String: Int] {
        let sought = AlikePods(pod)
        var counts: [String: Int] = [:]
        if let base = alike[sought] {
            counts = base
        } else {
            let marks = LabelMarks(of: pod.pod.metadata)
            for node in snapshot.nodes {
                guard let zone = node.labels[zoneKey] else { continue }
                var count = 0
                let present = node.labelMarks
                for index in present.indices where present[index] == marks && sought.include(node.pods[index]) {
                    count += 1
                }
                if count > 0 { counts[zone, default: 0] += count }
            }
            forTrials(of: sought, zoneKey) { counts[$0, default: 0] -= $1 }
            alike[sought] = counts
        }
        forTrials(of: sought, zoneKey) { counts[$0, default: 0] += $1 }
        return counts
    }

    /// Calls `body` with every change since the first fork: the zone, and 1 or -1.
    private func forTrials(of sought: AlikePods, _ zoneKey: String, _ body: (String, Int) -> Void) {
        for step in log {
            switch step {
            case .added(let pod, let node):
                if sought.include(pod), let zone = node.labels[zoneKey] { body(zone, 1) }
            case .removed(let pod, let node, _):
                if sought.include(pod), let zone = node.labels[zoneKey] { body(zone, -1) }
            case .addedNode, .removedNode: break
            }
        }
    }
}
