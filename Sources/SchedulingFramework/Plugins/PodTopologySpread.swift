// Kubernetes counterpart: plugins/podtopologyspread (v1.36).
// Deliberate difference: a hint about pods with default hard constraints is generous, since it sees no owners.

package import KubernetesAPI

/// Spreads pods evenly over zones, nodes and other domains: hard constraints filter, soft ones rank.
package struct PodTopologySpread: SchedulerPlugin {
    /// The plugin's arguments (`PodTopologySpreadArgs`).
    package struct Arguments: Hashable, Sendable {
        /// Where the constraints of pods without any come from.
        package enum Defaulting: String, Hashable, Sendable, CaseIterable {
            /// `defaultConstraints` as given.
            case list = "List"
            /// The constraints that Kubernetes has built in.
            case system = "System"
        }

        /// Used with `list` only; their selectors come from what owns or selects the pod.
        package var defaultConstraints: [TopologySpreadConstraint] = []
        package var defaultingType: Defaulting = .system

        package init() {}
    }

    package static let name: PluginName = "PodTopologySpread"
    static let reason = "node(s) didn't match pod topology spread constraints"
    static let missingLabelReason = reason + " (missing required label)"
    static let hostnameKey = "kubernetes.io/hostname"

    /// What `Arguments.Defaulting.system` stands for.
    package static let systemConstraints = [
        TopologySpreadConstraint(maxSkew: 3, topologyKey: hostnameKey, whenUnsatisfiable: .scheduleAnyway),
        TopologySpreadConstraint(
            maxSkew: 5, topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: .scheduleAnyway),
    ]

    package let arguments: Arguments
    let hardDefaults: [Constraint]
    private let softDefaults: [Constraint]

    package init(arguments: Arguments = Arguments()) {
        self.arguments = arguments
        let defaults: [TopologySpreadConstraint]
        switch arguments.defaultingType {
        case .system: defaults = Self.systemConstraints
        case .list: defaults = arguments.defaultConstraints
        }
        hardDefaults = Constraint.all(of: defaults, .doNotSchedule)
        softDefaults = Constraint.all(of: defaults, .scheduleAnyway)
    }
}

// MARK: - What holds for a pod

extension PodTopologySpread {
    /// Returns the constraints that `pod` must meet: its own or, when it has none of either kind, the default ones.
    ///
    /// They follow from the pod's shape and labels; default ones also from its namespace, its controller, and what
    /// `Snapshot.selectorVersion` counts the changes of.
    package func hardConstraints(of pod: PodInfo, in snapshot: Snapshot) -> [Constraint] {
        if pod.shape.hasSpreadConstraints { return Constraint.resolved(pod.shape.hardSpread, for: pod) }
        return Self.defaults(hardDefaults, for: pod, in: snapshot)
    }

    /// Returns the constraints that rank the nodes for `pod`, worked out as the hard ones are.
    package func softConstraints(of pod: PodInfo, in snapshot: Snapshot) -> [Constraint] {
        if pod.shape.hasSpreadConstraints { return Constraint.resolved(pod.shape.softSpread, for: pod) }
        return Self.defaults(softDefaults, for: pod, in: snapshot)
    }

    /// Returns whether a node without all soft topology keys scores nothing (`requireAllTopologies`).
    ///
    /// Only the built-in constraints let nodes without a zone be spread over by name alone.
    package func requiresAllTopologies(_ shape: PodShape) -> Bool {
        shape.hasSpreadConstraints || arguments.defaultingType != .system
    }

    private static func defaults(_ list: [Constraint], for pod: PodInfo, in snapshot: Snapshot) -> [Constraint] {
        if list.isEmpty { return [] }
        let selector = defaultSelector(of: pod.pod.metadata, in: snapshot)
        if selector.isEmpty { return [] }
        return list.map { constraint in
            var constraint = constraint
            constraint.selector = selector
            return constraint
        }
    }
}
