package import KubernetesAPI

/// A machine, or a pod, that a fault could strike.
package struct FaultCandidate: Hashable, Sendable {
    /// The machine's name, or `namespace/name` of a pod.
    package var name: String
    /// Empty when it has none; a pod stands where its machine does.
    package var zone: String
    /// Empty when it has none.
    package var rack: String
    /// Empty when it has none.
    package var region: String
    /// The node pool; empty when it has none.
    package var pool: String
    package var labels: StringMap
    /// The workload at the top of a pod's ownership chain; nil for a machine.
    package var workload: Workload?

    /// The workload that a pod belongs to.
    package struct Workload: Hashable, Sendable {
        package var kind: String
        package var namespace: String
        package var name: String

        /// Creates a workload; a bare pod is its own.
        package init(kind: String, namespace: String, name: String) {
            self.kind = kind
            self.namespace = namespace
            self.name = name
        }
    }

    /// Creates a candidate.
    package init(
        name: String, zone: String = "", rack: String = "", region: String = "", pool: String = "",
        labels: StringMap = StringMap(), workload: Workload? = nil
    ) {
        self.name = name
        self.zone = zone
        self.rack = rack
        self.region = region
        self.pool = pool
        self.labels = labels
        self.workload = workload
    }
}

/// What machines have in common, so that they fail together.
package enum FailureDomain: String, Hashable, Sendable, CaseIterable {
    case rack, zone, region, pool

    /// Returns the domain's name for a machine; empty when it is in none.
    package func name(of candidate: FaultCandidate) -> String {
        switch self {
        case .rack: candidate.rack
        case .zone: candidate.zone
        case .region: candidate.region
        case .pool: candidate.pool
        }
    }
}
