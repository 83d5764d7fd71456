package import KubernetesAPI

/// What a controller that owns many pods needs to know of them as long as nothing is amiss.
///
/// An informer cache elsewhere may keep it, or answer nil: it says nothing that the list of pods does not.
package struct PodSummary: Hashable, Sendable {
    /// Neither ended nor being deleted.
    package var active: Int64 = 0
    /// Active and ready.
    package var ready: Int64 = 0
    /// Being deleted and not ended.
    package var terminating: Int64 = 0
    /// All of them, ended ones included.
    package var total: Int64 = 0
    /// The labels that all of them carry, or nil when they differ.
    package var labels: StringMap?

    package init() {}
}
