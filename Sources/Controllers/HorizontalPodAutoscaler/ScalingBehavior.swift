package import Chronology
package import KubernetesAPI

/// The behavior of an autoscaler with upstream's defaults filled in (`pkg/apis/autoscaling/v2/defaults.go`).
package struct ScalingBehavior: Hashable, Sendable {
    /// The rules of one direction.
    package struct Direction: Hashable, Sendable {
        package var window: Duration
        package var select: HorizontalPodAutoscaler.ScalingRules.SelectPolicy
        package var policies: [HorizontalPodAutoscaler.ScalingPolicy]

        init(
            _ rules: HorizontalPodAutoscaler.ScalingRules?, window: Duration,
            policies: [HorizontalPodAutoscaler.ScalingPolicy]
        ) {
            self.window = rules?.stabilizationWindowSeconds.map { .seconds($0) } ?? window
            select = rules?.selectPolicy ?? .max
            self.policies = rules.flatMap { $0.policies.isEmpty ? nil : $0.policies } ?? policies
        }
    }

    /// How long the highest recommendation holds before replicas go down
    /// (`--horizontal-pod-autoscaler-downscale-stabilization`).
    package static let downscaleWindow = Duration.minutes(5)

    package var up: Direction
    package var down: Direction

    /// Fills in what a manifest leaves out; nil for one that gives no behavior at all.
    package init?(_ given: HorizontalPodAutoscaler.Behavior) {
        if given.scaleUp == nil, given.scaleDown == nil { return nil }
        up = Direction(
            given.scaleUp, window: .zero,
            policies: [
                .init(type: .pods, value: 4, periodSeconds: 15), .init(type: .percent, value: 100, periodSeconds: 15),
            ])
        down = Direction(
            given.scaleDown, window: Self.downscaleWindow,
            policies: [.init(type: .percent, value: 100, periodSeconds: 15)])
    }

    /// The longest period of any policy of a direction: older steps limit nothing.
    package static func longestPeriod(_ direction: Direction) -> Duration {
        .seconds(direction.policies.map(\.periodSeconds).max() ?? 0)
    }
}
