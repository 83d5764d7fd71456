package import Simulation

/// What one container asks for, uses and should ask for; amounts in thousandths of a core and bytes.
package struct ContainerSizing: Hashable, Sendable {
    /// One resource of it.
    package struct Resource: Hashable, Sendable {
        /// nil when it asks for nothing.
        package var request: Int64?
        /// The median, the percentile of the rule and the greatest use; nil when it is not known.
        package var median: Int64?
        package var percentile: Int64?
        package var greatest: Int64?
        /// nil when there is nothing to recommend.
        package var recommended: Int64?

        /// Whether the recommendation is another request.
        package var isChange: Bool { recommended.map { $0 != request } ?? false }
    }

    package var place: ContainerPlace
    package var cpu: Resource
    package var memory: Resource
}
