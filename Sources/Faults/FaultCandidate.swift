package import KubernetesAPI

/// A machine that a fault could strike.
package struct FaultCandidate: Hashable, Sendable {
    package var name: String
    /// Empty when it has none.
    package var zone: String
    /// The node pool; empty when it has none.
    package var pool: String
    package var labels: StringMap

    /// Creates a candidate.
    package init(name: String, zone: String = "", pool: String = "", labels: StringMap = StringMap()) {
        self.name = name
        self.zone = zone
        self.pool = pool
        self.labels = labels
    }
}
