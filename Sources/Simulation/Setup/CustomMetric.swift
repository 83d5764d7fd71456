package import KubernetesAPI
package import Workloads

/// A metric beside the resources of pods that the custom or the external metrics API shows.
package struct CustomMetric: Sendable {
    /// Whom it describes.
    package enum Subject: Sendable {
        /// Each pod that matches; nil for all pods of the namespace, or those behind the service that the figure is of.
        case pods(WorkloadRule.Match?)
        case object(ObjectKey)
        /// Nothing in the cluster; told apart by labels.
        case external(StringMap)
    }

    /// A figure of a service under traffic.
    package enum Figure: String, Hashable, Sendable, CaseIterable {
        case requestsPerSecond, inFlight
    }

    /// Where its values come from.
    package enum Source: Sendable {
        /// Thousandths over time.
        case curve(Curve)
        /// A figure of the service at this place; on average over its endpoints for a metric of pods.
        case service(Int, Figure)
    }

    package var name: String
    package var namespace: String
    package var subject: Subject
    package var source: Source

    package init(name: String, namespace: String, subject: Subject, source: Source) {
        self.name = name
        self.namespace = namespace
        self.subject = subject
        self.source = source
    }
}
