package import Chronology

// Counterpart: karpenter.sh/v1.NodePool of kubernetes-sigs/karpenter (v1).
// Deliberate difference: the readiness of the node class plays no part.

/// From which machines Karpenter may choose, how many, and when it may take them away again.
@usableFromInline
package struct KarpenterNodePool: Hashable, Sendable {
    package var name: String
    /// Labels and annotations of its nodes.
    package var labels = StringMap()
    package var annotations = StringMap()
    package var taints: [Taint] = []
    /// Taints of a node that has just registered, which a program of the cluster's own takes off.
    package var startupTaints: [Taint] = []
    package var requirements: [Requirement] = []
    /// The name of the node class.
    package var nodeClass = ""
    /// nil for `Never`.
    package var expireAfter: Duration? = .hours(720)
    /// After how long the pods of a node that is to go are deleted without regard for anything; nil for never.
    package var terminationGracePeriod: Duration?
    /// The higher, the earlier it is tried: 0 (for none given) to 100.
    package var weight: Int64 = 0
    /// How much of each resource its machines may have in sum; `nodes` counts them.
    package var limits = ResourceList()
    package var disruption = Disruption()

    /// Creates a pool that takes any machine.
    package init(name: String) { self.name = name }

    /// One requirement on the labels of its nodes.
    @usableFromInline
    package struct Requirement: Hashable, Sendable {
        package var selector: NodeSelectorRequirement
        /// How many different values must be left to choose from; nil for no such rule.
        package var minValues: Int?

        /// Creates a requirement.
        package init(
            _ key: String, _ operator: NodeSelectorRequirement.Operator, _ values: [String] = [], minValues: Int? = nil
        ) {
            selector = NodeSelectorRequirement(key: key, operator: `operator`, values: values)
            self.minValues = minValues
        }
    }

    /// When its nodes may be disrupted (`spec.disruption`).
    @usableFromInline
    package struct Disruption: Hashable, Sendable {
        @usableFromInline
        package enum Policy: String, Hashable, Sendable, CaseIterable {
            case whenEmpty = "WhenEmpty"
            case whenEmptyOrUnderutilized = "WhenEmptyOrUnderutilized"
            /// Only what saves enough of the pool's price for what it disturbs of the pool.
            case balanced = "Balanced"
        }

        package var policy = Policy.whenEmptyOrUnderutilized
        /// How long no pod may have come or gone; nil for `Never`.
        package var consolidateAfter: Duration? = .zero
        package var budgets = [Budget(nodes: .percent(10))]

        /// Creates the default rules.
        package init() {}
    }

    /// Why Karpenter takes nodes away of its own choice (`DisruptionReason`).
    @usableFromInline
    package enum DisruptionReason: String, Hashable, Sendable, CaseIterable {
        case underutilized = "Underutilized"
        case empty = "Empty"
        case drifted = "Drifted"
    }

    /// How many nodes may be on their way out at a time (`spec.disruption.budgets`).
    @usableFromInline
    package struct Budget: Hashable, Sendable {
        package var nodes: IntOrPercent
        /// From when it holds, in UTC; nil for always.
        package var schedule: CronSchedule?
        /// For how long from each time of the schedule; there if and only if the schedule is.
        package var duration: Duration?
        /// For which reasons it holds; empty for all.
        package var reasons: [DisruptionReason] = []

        /// Creates a budget that always holds.
        package init(nodes: IntOrPercent, reasons: [DisruptionReason] = []) {
            self.nodes = nodes
            self.reasons = reasons
        }
    }
}

extension KarpenterNodePool {
    /// A fingerprint of what a node has from its pool: nodes whose pool has another by now have drifted.
    ///
    /// As upstream's, it leaves out requirements, which are compared with the labels, and everything that is a rule of
    /// conduct: disruption, limits and weight.
    package var templateHash: String {
        var hash = TextHash(0)
        for pair in labels.pairs + annotations.pairs {
            hash.add(pair.key)
            hash.add(pair.value)
        }
        for list in [taints, startupTaints] {
            for taint in list {
                hash.add(taint.key)
                hash.add(taint.value)
                hash.add(taint.effect.rawValue)
            }
            if !startupTaints.isEmpty { hash.add("") }
        }
        hash.add(nodeClass)
        hash.add("\(expireAfter?.nanoseconds ?? -1) \(terminationGracePeriod?.nanoseconds ?? -1)")
        return String(hash.value)
    }
}
