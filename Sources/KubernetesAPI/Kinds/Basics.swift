public import Chronology

/// A room for names (`v1.Namespace`).
@usableFromInline
package struct Namespace: Hashable, Sendable {
    package var metadata: ObjectMeta

    package init(metadata: ObjectMeta) { self.metadata = metadata }
}

/// A stable address for a set of pods (`v1.Service`).
@usableFromInline
package struct Service: Hashable, Sendable {
    package var metadata: ObjectMeta
    /// Empty selects no pods.
    package var selector = StringMap()
    package var type: String = "ClusterIP"
    package var publishNotReadyAddresses = false

    package init(metadata: ObjectMeta) { self.metadata = metadata }
}

/// The pods that stand behind a service, ready ones and others.
@usableFromInline
package struct Endpoints: Hashable, Sendable {
    package var metadata: ObjectMeta
    package var ready: [String] = []
    package var notReady: [String] = []

    package init(metadata: ObjectMeta) { self.metadata = metadata }
}

/// A node's heartbeat (`coordination.k8s.io/v1.Lease`).
@usableFromInline
package struct Lease: Hashable, Sendable {
    package var metadata: ObjectMeta
    package var renewTime: Instant

    package init(metadata: ObjectMeta, renewTime: Instant) {
        self.metadata = metadata
        self.renewTime = renewTime
    }
}

/// A demand-driven number of replicas (`autoscaling/v2.HorizontalPodAutoscaler`).
@usableFromInline
package struct HorizontalPodAutoscaler: Hashable, Sendable {
    /// A target for one resource metric; other metric sources are named by `type` only.
    @usableFromInline
    package struct Metric: Hashable, Sendable {
        package var type: String
        package var resource: ResourceName?
        package var container: String?
        package var averageUtilization: Int64?
        package var averageValue: Quantity?
        package var value: Quantity?

        package init(type: String) { self.type = type }
    }

    package var metadata: ObjectMeta
    package var targetKind: String = ""
    package var targetName: String = ""
    package var minReplicas: Int64 = 1
    package var maxReplicas: Int64 = 1
    package var metrics: [Metric] = []
    package var behavior = Behavior()

    package init(metadata: ObjectMeta) { self.metadata = metadata }
}

/// An object that is kept and shown, but that nothing in the simulation acts on, save for the policy of a PodGroup.
@usableFromInline
package struct UnmodelledObject: Hashable, Sendable {
    package var apiVersion: String
    package var kind: String
    package var metadata: ObjectMeta
    /// What a PodGroup asks of the scheduler; nil for all other kinds.
    package var podGroup: PodGroupPolicy?

    package init(apiVersion: String, kind: String, metadata: ObjectMeta) {
        self.apiVersion = apiVersion
        self.kind = kind
        self.metadata = metadata
    }
}
