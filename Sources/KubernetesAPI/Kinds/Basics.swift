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
    package var ports: [Port] = []
    /// Whether the service has no address of its own (`clusterIP: None`).
    package var isHeadless = false
    /// Whether pods count as ready that are not.
    package var publishesNotReady = false
    /// Whether a load balancer takes a port of every node for each of its ports.
    package var allocatesNodePorts = true

    /// A port of the service, and where pods serve it (`v1.ServicePort`).
    @usableFromInline
    package struct Port: Hashable, Sendable {
        @usableFromInline
        package enum Target: Hashable, Sendable {
            case number(Int32)
            /// The name of a container's port.
            case name(String)
        }

        package var name: String = ""
        package var port: Int32
        package var target: Target
        package var `protocol`: String = "TCP"
        /// 0 for any.
        package var nodePort: Int32 = 0

        /// Creates a port; without `target` pods serve it at the same number.
        package init(name: String = "", port: Int32, target: Target? = nil, protocol: String = "TCP") {
            self.name = name
            self.port = port
            self.target = target ?? .number(port)
            self.protocol = `protocol`
        }
    }

    /// The number of ports that the service takes of every node.
    package var nodePortCount: Int64 {
        switch type {
        case "NodePort": Int64(ports.count)
        case "LoadBalancer": Int64(allocatesNodePorts ? ports.count : ports.count { $0.nodePort != 0 })
        default: 0
        }
    }

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

/// An object that is kept and shown, but that nothing in the simulation acts on, save for the policy of a PodGroup.
@usableFromInline
package struct UnmodelledObject: Hashable, Sendable {
    package var apiVersion: String
    package var kind: String
    package var metadata: ObjectMeta
    /// What a PodGroup asks of the scheduler; nil for all other kinds.
    package var podGroup: PodGroupPolicy?
    /// What a NodePool says to Karpenter; nil for all other kinds.
    package var nodePool: KarpenterNodePool?
    /// A fingerprint of what an EC2NodeClass says; nil for all other kinds.
    package var nodeClassHash: UInt64?

    package init(apiVersion: String, kind: String, metadata: ObjectMeta) {
        self.apiVersion = apiVersion
        self.kind = kind
        self.metadata = metadata
    }
}

extension UnmodelledObject {
    /// What stands before the name in the object's key: unmodelled kinds share one table.
    ///
    /// Kinds of strangers bring their group along, as two of them may well have chosen the same word.
    package var kindInKey: String {
        let group = KubernetesObject.group(of: apiVersion)
        if KubernetesObject.isBuiltInGroup(group) || podGroup != nil || group.hasPrefix("karpenter.") { return kind }
        return "\(kind).\(group)"
    }
}
