import SchedulingFramework

/// Tries whether the pods of nodes find other places, node after node, and remembers which nodes have no room for which
/// pods: with thousands of nodes, asking all of them again for each pod is nearly all that looking for superfluous nodes
/// costs.
///
/// Answers are those of asking every node anew, as pods leave no node but those that are to go.
struct Rehousing {
    /// What is known of the nodes by place, for one kind of pod.
    private struct Knowledge {
        /// Nodes that refuse the kind however many pods come.
        var isFull: [Bool]
        /// Before this place all nodes are full or leave.
        var start = 0

        mutating func forget(_ place: Int) {
            isFull[place] = false
            start = min(start, place)
        }
    }

    private let trial: TrialCluster
    private let places: [ObjectIdentifier: Int]
    private var isLeaving: [Bool]
    /// By the number of the kind.
    private var knowledge: [Knowledge?] = []

    /// Creates a trial of the nodes of `trial`, which stay the same; pods do not move to those named in `leaving`.
    init(_ trial: TrialCluster, leaving: Set<String>) {
        self.trial = trial
        isLeaving = trial.nodes.map { leaving.contains($0.name) }
        // Only looked up.
        places = Dictionary(
            uniqueKeysWithValues: trial.nodes.enumerated().map { (ObjectIdentifier($0.element), $0.offset) })
    }

    /// Moves `pods` to nodes that stay, the first with room each, and lets `node` leave; returns false, with nothing moved,
    /// when one finds no place.
    mutating func move(_ pods: [PodInfo], from node: NodeInfo) -> Bool {
        guard let own = places[ObjectIdentifier(node)] else { return false }
        trial.fork()
        for pod in pods { trial.remove(pod, from: node) }
        let wasLeaving = isLeaving[own]
        isLeaving[own] = true
        var moved: [Int] = []
        for pod in pods {
            guard let place = firstFit(trial.kind(of: pod)) else {
                trial.revert()
                isLeaving[own] = wasLeaving
                for place in moved + [own] { forget(place) }
                return false
            }
            trial.add(pod, to: trial.nodes[place])
            moved.append(place)
        }
        trial.commit()
        return true
    }

    private mutating func firstFit(_ kind: PodKind) -> Int? {
        while knowledge.count <= kind.number { knowledge.append(nil) }
        var known = knowledge[kind.number] ?? Knowledge(isFull: [Bool](repeating: false, count: isLeaving.count))
        knowledge[kind.number] = nil
        defer { knowledge[kind.number] = known }
        while known.start < isLeaving.count, isLeaving[known.start] || known.isFull[known.start] { known.start += 1 }
        for place in known.start..<isLeaving.count where !isLeaving[place] && !known.isFull[place] {
            guard let verdict = trial.verdict(kind, on: trial.nodes[place]) else { return place }
            known.isFull[place] = trial.isLasting(verdict, of: kind)
        }
        return nil
    }

    /// Pods left a node again: it may have room for others.
    private mutating func forget(_ place: Int) {
        for number in knowledge.indices { knowledge[number]?.forget(place) }
    }
}
