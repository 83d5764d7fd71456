package import KubernetesAPI

// Kubernetes counterpart: fwk.ClusterEvent, framework/events.go (v1.36).

/// The kinds of thing whose change may make a pod schedulable.
package enum EventResource: UInt8, Hashable, Sendable, CaseIterable {
    case assignedPod, unscheduledPod, node, persistentVolume, persistentVolumeClaim, storageClass, csiNode
    case namespace, service
}

/// What happened to a resource; several bits may be set.
package struct EventActions: OptionSet, Hashable, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    package static let add = EventActions(rawValue: 1 << 0)
    package static let delete = EventActions(rawValue: 1 << 1)
    package static let nodeAllocatable = EventActions(rawValue: 1 << 2)
    package static let nodeLabel = EventActions(rawValue: 1 << 3)
    /// Taints, and a node that becomes schedulable again.
    package static let nodeTaint = EventActions(rawValue: 1 << 4)
    package static let nodeCondition = EventActions(rawValue: 1 << 5)
    package static let nodeAnnotation = EventActions(rawValue: 1 << 6)
    package static let podLabel = EventActions(rawValue: 1 << 7)
    package static let podScaleDown = EventActions(rawValue: 1 << 8)
    package static let podToleration = EventActions(rawValue: 1 << 9)
    package static let podGatesEliminated = EventActions(rawValue: 1 << 10)
    /// A change of any other kind.
    package static let otherUpdate = EventActions(rawValue: 1 << 11)

    package static let update: EventActions = [
        .nodeAllocatable, .nodeLabel, .nodeTaint, .nodeCondition, .nodeAnnotation, .podLabel, .podScaleDown,
        .podToleration, .podGatesEliminated, .otherUpdate,
    ]
}

/// One change of one object, as the queue shows it to the plugins.
package struct ClusterChange: Sendable {
    package var resource: EventResource
    package var action: EventActions
    /// nil when the object was added.
    package var old: KubernetesObject?
    /// nil when the object was deleted.
    package var new: KubernetesObject?

    package init(
        _ resource: EventResource, _ action: EventActions, old: KubernetesObject? = nil, new: KubernetesObject? = nil
    ) {
        self.resource = resource
        self.action = action
        self.old = old
        self.new = new
    }

    /// The pod before the change, when the change is about a pod.
    package var oldPod: Pod? { if case .pod(let pod)? = old { pod } else { nil } }
    /// The pod after the change, when the change is about a pod.
    package var newPod: Pod? { if case .pod(let pod)? = new { pod } else { nil } }
    /// The node before the change, when the change is about a node.
    package var oldNode: Node? { if case .node(let node)? = old { node } else { nil } }
    /// The node after the change, when the change is about a node.
    package var newNode: Node? { if case .node(let node)? = new { node } else { nil } }
}

/// A set of changes that a plugin wants to hear of.
package struct EventInterest: Hashable, Sendable {
    package var resource: EventResource
    package var actions: EventActions

    package init(_ resource: EventResource, _ actions: EventActions) {
        self.resource = resource
        self.actions = actions
    }
}

/// Whether a change is worth another attempt (`fwk.QueueingHint`).
package enum QueueingHint: UInt8, Hashable, Sendable {
    case skip, queue
}
