package import Chronology

/// A demand-driven number of replicas (`autoscaling/v2.HorizontalPodAutoscaler`).
@usableFromInline
package struct HorizontalPodAutoscaler: Hashable, Sendable {
    /// What is measured, and what it is to be (`v2.MetricSpec`).
    @usableFromInline
    package struct Metric: Hashable, Sendable {
        /// `Resource`, `ContainerResource`, `Pods`, `Object` or `External`.
        package var type: String
        package var resource: ResourceName?
        package var container: String?
        /// The metric's name, where it is not a resource.
        package var name: String?
        /// The labels of the metric's series; nil takes all of them.
        package var selector: LabelSelector?
        /// What a metric of the type `Object` describes.
        package var objectKind: String?
        package var objectName: String?
        package var averageUtilization: Int64?
        package var averageValue: Quantity?
        package var value: Quantity?

        package init(type: String) { self.type = type }
    }

    /// What the controller last found and did (`v2.HorizontalPodAutoscalerStatus`), save the values of the metrics.
    @usableFromInline
    package struct Status: Hashable, Sendable {
        package var observedGeneration: Int64 = 0
        package var lastScaleTime: Instant?
        package var currentReplicas: Int64 = 0
        package var desiredReplicas: Int64 = 0
        package var conditions: [Condition] = []

        package init() {}
    }

    /// The condition that is true once the controller itself took the target to no replicas.
    package static let scaledToZero: ConditionType = "ScaledToZero"

    package var metadata: ObjectMeta
    package var targetKind: String = ""
    package var targetName: String = ""
    package var minReplicas: Int64 = 1
    package var maxReplicas: Int64 = 1
    package var metrics: [Metric] = []
    package var behavior = Behavior()
    package var status = Status()

    package init(metadata: ObjectMeta) { self.metadata = metadata }
}
