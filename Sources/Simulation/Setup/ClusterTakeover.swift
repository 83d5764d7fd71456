package import KubernetesAPI

/// What is known of a live cluster from which a run goes on, beside its objects.
package struct ClusterTakeover: Sendable {
    /// Why a pod waited for a node when its cluster was exported.
    package struct Waiting: Hashable, Sendable {
        package var pod: ObjectKey
        /// Who said so, such as `default-scheduler`.
        package var source: String
        package var message: String

        package init(pod: ObjectKey, source: String, message: String) {
            self.pod = pod
            self.source = source
            self.message = message
        }
    }

    /// In the order of the export.
    package var waiting: [Waiting] = []

    package init() {}
}
