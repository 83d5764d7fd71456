extension HorizontalPodAutoscaler {
    /// How fast to scale in each direction (`v2.HorizontalPodAutoscalerBehavior`); nil takes upstream's default rules.
    @usableFromInline
    package struct Behavior: Hashable, Sendable {
        package var scaleUp: ScalingRules?
        package var scaleDown: ScalingRules?

        package init() {}
    }

    /// The rules of one direction (`v2.HPAScalingRules`); what is nil or empty takes upstream's default.
    @usableFromInline
    package struct ScalingRules: Hashable, Sendable {
        @usableFromInline
        package enum SelectPolicy: String, Hashable, Sendable, CaseIterable {
            case max = "Max"
            case min = "Min"
            case disabled = "Disabled"
        }

        /// 0 to 3,600.
        package var stabilizationWindowSeconds: Int64?
        package var selectPolicy: SelectPolicy?
        package var policies: [ScalingPolicy] = []
        package var tolerance: Quantity?

        package init() {}
    }

    /// A bound on the change within a period (`v2.HPAScalingPolicy`).
    @usableFromInline
    package struct ScalingPolicy: Hashable, Sendable {
        @usableFromInline
        package enum PolicyType: String, Hashable, Sendable, CaseIterable {
            case pods = "Pods"
            case percent = "Percent"
        }

        package var type: PolicyType
        /// At least 1.
        package var value: Int64
        /// 1 to 1,800.
        package var periodSeconds: Int64

        package init(type: PolicyType, value: Int64, periodSeconds: Int64) {
            self.type = type
            self.value = value
            self.periodSeconds = periodSeconds
        }
    }
}
