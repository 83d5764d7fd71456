package import Chronology
package import KubernetesAPI

/// A value of a metric of one pod, in thousandths of its unit.
package struct PodSample: Hashable, Sendable {
    /// Thousandths of a core, of a byte, or of whatever the metric counts.
    package var value: Int64
    /// The end of the time over which it was measured.
    package var timestamp: Instant
    /// How long it was measured.
    package var window: Duration

    /// Creates a sample.
    package init(value: Int64, timestamp: Instant, window: Duration) {
        self.value = value
        self.timestamp = timestamp
        self.window = window
    }
}

/// Why the metrics APIs gave no answer, in words as their clients report them.
package struct MetricsError: Error, Hashable, Sendable {
    /// The API server's answer.
    package let message: String

    /// Creates an error.
    package init(_ message: String) { self.message = message }
}

/// What the metrics APIs show: `metrics.k8s.io`, `custom.metrics.k8s.io` and `external.metrics.k8s.io`.
///
/// In the simulator a modelled metrics server answers; elsewhere the aggregated APIs would. Values lag behind what they measure.
package protocol MetricsView {
    /// Whether every answer is sure to be what it was at `instant`; one that does not know says no.
    func isSteady(since instant: Instant) -> Bool
    /// Returns what a pod, or one of its containers, uses of the processor or the memory; nil without a sample of it.
    func usage(of pod: UID, container: String?, resource: ResourceName) throws(MetricsError) -> PodSample?
    /// Returns the custom metric `name` of a pod; nil when the metric is known, but not of this pod.
    func podMetric(
        _ name: String, selector: LabelSelector?, namespace: String, pod: UID
    ) throws(MetricsError) -> PodSample?
    /// Returns the custom metric `name` of an object, in thousandths.
    func objectMetric(_ name: String, selector: LabelSelector?, of object: ObjectKey) throws(MetricsError) -> Int64
    /// Returns every series of the external metric `name` that `selector` means, in thousandths.
    func externalMetric(
        _ name: String, selector: LabelSelector?, namespace: String
    ) throws(MetricsError) -> [Int64]
}

/// Metrics APIs that nobody serves.
package struct AbsentMetrics: MetricsView {
    private static let error = MetricsError("the server could not find the requested resource")

    /// Creates them.
    package init() {}

    package func isSteady(since instant: Instant) -> Bool { false }

    package func usage(of pod: UID, container: String?, resource: ResourceName) throws(MetricsError) -> PodSample? {
        throw Self.error
    }

    package func podMetric(
        _ name: String, selector: LabelSelector?, namespace: String, pod: UID
    ) throws(MetricsError) -> PodSample? {
        throw Self.error
    }

    package func objectMetric(
        _ name: String, selector: LabelSelector?, of object: ObjectKey
    ) throws(MetricsError) -> Int64 {
        throw Self.error
    }

    package func externalMetric(
        _ name: String, selector: LabelSelector?, namespace: String
    ) throws(MetricsError) -> [Int64] {
        throw Self.error
    }
}
