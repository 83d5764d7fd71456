/// A number of equal pods (`apps/v1.ReplicaSet`).
@usableFromInline
package struct ReplicaSet: Hashable, Sendable {
    @usableFromInline
    package struct Spec: Hashable, Sendable {
        package var replicas: Int64 = 1
        package var selector: LabelSelector?
        package var template = PodTemplateSpec()
        package var minReadySeconds: Int64 = 0

        package init() {}
    }

    @usableFromInline
    package struct Status: Hashable, Sendable {
        package var observedGeneration: Int64 = 0
        package var replicas: Int64 = 0
        package var fullyLabeledReplicas: Int64 = 0
        package var readyReplicas: Int64 = 0
        package var availableReplicas: Int64 = 0
        package var terminatingReplicas: Int64?
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

/// The older form of a replica set (`v1.ReplicationController`); its selector is a plain map of labels.
@usableFromInline
package struct ReplicationController: Hashable, Sendable {
    package var metadata: ObjectMeta
    package var spec: ReplicaSet.Spec
    package var status = ReplicaSet.Status()

    package init(metadata: ObjectMeta, spec: ReplicaSet.Spec) {
        self.metadata = metadata
        self.spec = spec
    }
}
