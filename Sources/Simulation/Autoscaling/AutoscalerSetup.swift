package import Autoscalers

/// An autoscaler that a run is to have.
package struct AutoscalerSetup: Sendable {
    /// Makes the component as it is at the start, with an empty memory.
    package let make: @Sendable () -> any NodeAutoscaler

    /// Creates a setup of the component that `make` returns.
    package init(_ make: @escaping @Sendable () -> any NodeAutoscaler) { self.make = make }
}
