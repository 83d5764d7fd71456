/// The labels by which nodes tell their system and architecture, and the older names of these that charts still ask for.
@usableFromInline
package enum NodeLabels {
    /// The operating system.
    package static let system = "kubernetes.io/os"
    /// The architecture of the processors.
    package static let architecture = "kubernetes.io/arch"
    /// The older names of both.
    package static let olderNames = ["beta.kubernetes.io/os", "beta.kubernetes.io/arch"]

    /// Returns the labels of a node with the older ones set to what the others say, as the node lifecycle controller
    /// does for every node (`labelReconcileInfo`).
    package static func completed(_ labels: StringMap) -> StringMap {
        var labels = labels
        for (name, older) in zip([system, architecture], olderNames) {
            if let value = labels[name], labels[older] != value { labels[older] = value }
        }
        return labels
    }
}
