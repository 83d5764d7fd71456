import Chronology
import Machines
import VirtualTime

/// The machines on which it is known what pods use, and what is planned for each.
struct PressureDesk {
    /// What a machine does next by itself.
    struct Plan {
        var at = Instant.never
        /// Events of an older generation are stale.
        var generation: Int64 = 0
        /// Whether something changed since the plan was made.
        var isStale = false
    }

    /// By node; nil where no pod says what it uses.
    private(set) var nodes: [NodePressure?] = []
    private(set) var plans: [Plan] = []
    /// The nodes whose plans are stale, in the order in which they became so.
    var stale: [Int32] = []
    var oomKills: Int64 = 0
    /// When a kubelet last ended a pod to get its machine out of need.
    var lastEviction: Instant?

    /// Whether pods of a node are followed.
    func isWatched(_ node: Int32) -> Bool { Int(node) < nodes.count && nodes[Int(node)] != nil }

    /// The machine of a node; reading one that is not watched is a programmer's error.
    subscript(node: Int32) -> NodePressure {
        _read {
            guard let machine = nodes[Int(node)] else { preconditionFailure("node \(node) is not watched") }
            yield machine
        }
        _modify {
            guard var machine = nodes[Int(node)] else { preconditionFailure("node \(node) is not watched") }
            // Taken out, so that the change copies nothing.
            nodes[Int(node)] = nil
            defer { nodes[Int(node)] = machine }
            yield &machine
        }
    }

    /// Begins to follow a node's pods.
    mutating func watch(_ node: Int32, as machine: NodePressure) {
        while nodes.count <= Int(node) {
            nodes.append(nil)
            plans.append(Plan())
        }
        nodes[Int(node)] = machine
    }

    /// Notes that something changed on a node: its plan is made anew before the event is over.
    mutating func touch(_ node: Int32) {
        guard !plans[Int(node)].isStale else { return }
        plans[Int(node)].isStale = true
        stale.append(node)
    }

    /// Takes a stale node, the first one first.
    mutating func takeStale() -> Int32? {
        guard !stale.isEmpty else { return nil }
        let node = stale.removeFirst()
        plans[Int(node)].isStale = false
        return node
    }

    /// Plans the next step of a node; returns the generation of a new plan, or nil when the old one stands.
    mutating func plan(_ node: Int32, at instant: Instant) -> Int64? {
        guard plans[Int(node)].at != instant else { return nil }
        plans[Int(node)].at = instant
        plans[Int(node)].generation += 1
        return plans[Int(node)].generation
    }

    /// Returns whether an event of a generation still stands, and forgets its plan if so.
    mutating func isDue(_ node: Int32, generation: Int64) -> Bool {
        guard plans[Int(node)].generation == generation else { return false }
        plans[Int(node)].at = .never
        return true
    }
}
