public import Chronology

/// A number or a percentage of something (`intstr.IntOrString`).
@usableFromInline
package enum IntOrPercent: Hashable, Sendable {
    case number(Int64)
    case percent(Int64)

    /// Returns the number that this is of `total`, rounded up or down (`GetScaledValueFromIntOrPercent`).
    package func scaled(of total: Int64, roundUp: Bool) -> Int64 {
        switch self {
        case .number(let count): count
        case .percent(let share): roundUp ? (share * total + 99) / 100 : share * total / 100
        }
    }
}

/// A declared state of a stateless workload (`apps/v1.Deployment`).
@usableFromInline
package struct Deployment: Hashable, Sendable {
    @usableFromInline
    package struct Spec: Hashable, Sendable {
        package var replicas: Int64 = 1
        package var selector: LabelSelector?
        package var template = PodTemplateSpec()
        package var strategy: Strategy = .rollingUpdate(maxUnavailable: .percent(25), maxSurge: .percent(25))
        package var minReadySeconds: Int64 = 0
        package var revisionHistoryLimit: Int64 = 10
        package var paused = false
        /// nil means that progress is not watched.
        package var progressDeadlineSeconds: Int64? = 600

        package init() {}
    }

    @usableFromInline
    package enum Strategy: Hashable, Sendable {
        case recreate
        case rollingUpdate(maxUnavailable: IntOrPercent, maxSurge: IntOrPercent)
    }

    @usableFromInline
    package struct Status: Hashable, Sendable {
        package var observedGeneration: Int64 = 0
        package var replicas: Int64 = 0
        package var updatedReplicas: Int64 = 0
        package var readyReplicas: Int64 = 0
        package var availableReplicas: Int64 = 0
        package var unavailableReplicas: Int64 = 0
        package var terminatingReplicas: Int64?
        package var collisionCount: Int64?
        package var conditions: [Condition] = []

        package init() {}
    }

    package var metadata: ObjectMeta
    package var spec: Spec
    package var status = Status()

    package init(metadata: ObjectMeta, spec: Spec) {
        self.metadata = metadata
        self.spec = spec
    }
}
