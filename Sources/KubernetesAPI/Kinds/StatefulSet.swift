/// Pods with names and storage of their own (`apps/v1.StatefulSet`).
@usableFromInline
package struct StatefulSet: Hashable, Sendable {
    @usableFromInline
    package enum UpdateStrategy: Hashable, Sendable {
        case onDelete
        /// `partition` is nil where `type` is written and `rollingUpdate` is not: the API server fills in neither then,
        /// and lost pods are made anew of the old revision for as many places as `status.currentReplicas` counts.
        case rollingUpdate(partition: Int64?, maxUnavailable: IntOrPercent?)
    }

    @usableFromInline
    package enum ClaimRetention: String, Hashable, Sendable, CaseIterable {
        case retain = "Retain"
        case delete = "Delete"
    }

    @usableFromInline
    package struct Spec: Hashable, Sendable {
        package var replicas: Int64 = 1
        package var selector: LabelSelector?
        package var template = PodTemplateSpec()
        package var volumeClaimTemplates: [PersistentVolumeClaim] = []
        package var serviceName: String = ""
        package var isParallel = false
        package var updateStrategy: UpdateStrategy = .rollingUpdate(partition: 0, maxUnavailable: nil)
        package var minReadySeconds: Int64 = 0
        package var revisionHistoryLimit: Int64 = 10
        package var ordinalsStart: Int64 = 0
        package var whenDeleted: ClaimRetention = .retain
        package var whenScaled: ClaimRetention = .retain

        package init() {}
    }

    @usableFromInline
    package struct Status: Hashable, Sendable {
        package var observedGeneration: Int64 = 0
        package var replicas: Int64 = 0
        package var readyReplicas: Int64 = 0
        package var availableReplicas: Int64 = 0
        package var currentReplicas: Int64 = 0
        package var updatedReplicas: Int64 = 0
        package var currentRevision: String = ""
        package var updateRevision: String = ""
        package var collisionCount: Int64?

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

/// A pod on every fitting node (`apps/v1.DaemonSet`).
@usableFromInline
package struct DaemonSet: Hashable, Sendable {
    @usableFromInline
    package enum UpdateStrategy: Hashable, Sendable {
        case onDelete
        case rollingUpdate(maxUnavailable: IntOrPercent, maxSurge: IntOrPercent)
    }

    @usableFromInline
    package struct Spec: Hashable, Sendable {
        package var selector: LabelSelector?
        package var template = PodTemplateSpec()
        package var updateStrategy: UpdateStrategy = .rollingUpdate(maxUnavailable: .number(1), maxSurge: .number(0))
        package var minReadySeconds: Int64 = 0
        package var revisionHistoryLimit: Int64 = 10

        package init() {}
    }

    @usableFromInline
    package struct Status: Hashable, Sendable {
        package var observedGeneration: Int64 = 0
        package var desiredNumberScheduled: Int64 = 0
        package var currentNumberScheduled: Int64 = 0
        package var updatedNumberScheduled: Int64 = 0
        package var numberReady: Int64 = 0
        package var numberAvailable: Int64 = 0
        package var numberUnavailable: Int64 = 0
        package var numberMisscheduled: Int64 = 0
        package var collisionCount: Int64?

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

/// A recorded template of a StatefulSet or DaemonSet (`apps/v1.ControllerRevision`).
@usableFromInline
package struct ControllerRevision: Hashable, Sendable {
    package var metadata: ObjectMeta
    package var revision: Int64
    package var template: PodTemplateSpec

    package init(metadata: ObjectMeta, revision: Int64, template: PodTemplateSpec) {
        self.metadata = metadata
        self.revision = revision
        self.template = template
    }
}
