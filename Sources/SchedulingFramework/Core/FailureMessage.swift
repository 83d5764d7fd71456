// Kubernetes counterpart: framework.FitError (v1.36).

/// The text of a FailedScheduling event.
package enum FailureMessage {
    /// The text when the cluster has no nodes at all.
    package static let noNodes = "no nodes available to schedule pods"

    /// Returns the text for `nodes` nodes, with how many nodes gave each reason. Sorted as text, so 10 comes before 2.
    package static func compose(nodes: Int, counts: [(String, Int)]) -> String {
        let parts = counts.map { "\($0.1) \($0.0)" }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let head = "0/\(nodes) nodes are available:"
        return parts.isEmpty ? head : head + " " + parts.joined(separator: ", ") + "."
    }
}
