/// A limit on voluntary disruption (`policy/v1.PodDisruptionBudget`).
@usableFromInline
package struct PodDisruptionBudget: Hashable, Sendable {
    @usableFromInline
    package enum UnhealthyPodEvictionPolicy: String, Hashable, Sendable, CaseIterable {
        case ifHealthyBudget = "IfHealthyBudget"
        case alwaysAllow = "AlwaysAllow"
    }

    @usableFromInline
    package struct Status: Hashable, Sendable {
        package var observedGeneration: Int64 = 0
        package var expectedPods: Int64 = 0
        package var desiredHealthy: Int64 = 0
        package var currentHealthy: Int64 = 0
        package var disruptionsAllowed: Int64 = 0
        /// Names of pods whose eviction was allowed and not yet seen.
        package var disruptedPods: [String] = []
        package var conditions: [Condition] = []

        package init() {}
    }

    package var metadata: ObjectMeta
    package var selector: LabelSelector?
    package var minAvailable: IntOrPercent?
    package var maxUnavailable: IntOrPercent?
    package var unhealthyPodEvictionPolicy: UnhealthyPodEvictionPolicy?
    package var status = Status()

    package init(metadata: ObjectMeta) { self.metadata = metadata }
}

/// A name for a pod priority (`scheduling.k8s.io/v1.PriorityClass`).
@usableFromInline
package struct PriorityClass: Hashable, Sendable {
    package var metadata: ObjectMeta
    package var value: Int32 = 0
    package var globalDefault = false
    package var preemptionPolicy: PodSpec.PreemptionPolicy = .preemptLowerPriority

    package init(metadata: ObjectMeta) { self.metadata = metadata }
}

/// A limit on what a namespace may hold (`v1.ResourceQuota`).
@usableFromInline
package struct ResourceQuota: Hashable, Sendable {
    package var metadata: ObjectMeta
    /// What a quota asks of the objects that count (`v1.ScopedResourceSelectorRequirement`).
    @usableFromInline
    package struct ScopeRequirement: Hashable, Sendable {
        @usableFromInline
        package enum Operator: String, Hashable, Sendable, CaseIterable {
            case `in` = "In"
            case notIn = "NotIn"
            case exists = "Exists"
            case doesNotExist = "DoesNotExist"
        }

        package var scope: String
        package var `operator`: Operator
        package var values: [String] = []

        package init(scope: String, operator: Operator, values: [String] = []) {
            self.scope = scope
            self.operator = `operator`
            self.values = values
        }
    }

    package var hard: ResourceList = [:]
    /// The limits that hold, as the controller last saw them (`status.hard`).
    package var statusHard: ResourceList = [:]
    package var used: ResourceList = [:]
    package var scopes: [String] = []
    package var scopeSelector: [ScopeRequirement] = []

    package init(metadata: ObjectMeta) { self.metadata = metadata }
}

/// Defaults and bounds for what a container may ask for (`v1.LimitRange`).
@usableFromInline
package struct LimitRange: Hashable, Sendable {
    @usableFromInline
    package struct Item: Hashable, Sendable {
        /// `Container`, `Pod` or `PersistentVolumeClaim`.
        package var type: String
        package var max: ResourceList = [:]
        package var min: ResourceList = [:]
        package var `default`: ResourceList = [:]
        package var defaultRequest: ResourceList = [:]
        package var maxLimitRequestRatio: ResourceList = [:]

        package init(type: String) { self.type = type }
    }

    package var metadata: ObjectMeta
    package var items: [Item] = []

    package init(metadata: ObjectMeta) { self.metadata = metadata }
}
