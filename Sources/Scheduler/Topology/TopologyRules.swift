import SchedulingFramework

/// What other pods mean for the pods of one shape, in numbers of counters and keys: the same for all pods that are
/// treated alike, whatever their labels.
struct TopologyRules: Hashable {
    /// A spread constraint.
    struct Spread: Hashable {
        /// -1 when nobody is counted.
        var counter: Int32
        var key: Int32
        var maxSkew: Int64
        var minDomains: Int64
        /// 1 when the constraint selects the pod itself.
        var selfMatch: Int64
        var honorsNodeAffinity: Bool
        var honorsTaints: Bool
        var isHostname: Bool
    }

    /// A counter with the key of the domains over which it is summed up, and a weight.
    struct Sum: Hashable, Comparable {
        var key: Int32
        var counter: Int32
        var weight: Int32

        static func < (left: Sum, right: Sum) -> Bool {
            if left.key != right.key { return left.key < right.key }
            if left.counter != right.counter { return left.counter < right.counter }
            return left.weight < right.weight
        }
    }

    var hard: [Spread] = []
    var soft: [Spread] = []
    /// Whether nodes without all keys of the soft constraints score nothing.
    var requiresAll = false
    /// The required affinity: one counter of pods that all terms mean, by the key of each term.
    var affinity: [Sum] = []
    /// Whether the pod itself is meant by all of them.
    var affinityMeansItself = false
    var antiAffinity: [Sum] = []
    /// Pods on nodes with a required anti-affinity against the pod.
    var existing: [Sum] = []
    var weights: [Sum] = []

    /// Whether other pods mean nothing at all.
    var isEmpty: Bool {
        hard.isEmpty && soft.isEmpty && affinity.isEmpty && antiAffinity.isEmpty && existing.isEmpty && weights.isEmpty
    }

    /// Whether the filter of each plugin would be skipped.
    var skipsSpread: Bool { hard.isEmpty }
    var skipsAffinity: Bool { affinity.isEmpty && antiAffinity.isEmpty && existing.isEmpty }
}
