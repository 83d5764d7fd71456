package import Chronology
package import ControlPlane

// Kubernetes counterpart: core/static_autoscaler.go (cluster-autoscaler 1.36).

/// Grows and shrinks groups of equal machines to what the pods need (the Cluster Autoscaler).
package struct ClusterAutoscaler: NodeAutoscaler {
    package static let name = "cluster-autoscaler"

    package let parameters: Parameters

    /// Creates an autoscaler that has seen nothing yet.
    package init(_ parameters: Parameters = Parameters()) { self.parameters = parameters }

    package var scanInterval: Duration? { parameters.scanInterval }

    package mutating func step(_ view: any ClusterView, _ cloud: any CloudView) -> AutoscalerStep {
        AutoscalerStep()
    }
}
