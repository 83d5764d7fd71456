package import KubernetesAPI

/// How the dependents of a deleted object are treated (`metav1.DeletionPropagation`).
package enum DeletionPropagation: UInt8, Hashable, Sendable {
    case background, foreground, orphan
}

/// One request of a component to the API server.
///
/// The host applies it after the delay of an API call; it can fail there, be lost, or find a conflict.
package enum Action: Sendable {
    /// Create an object; the store assigns uid, creation time and, for `generateName`, the name.
    case create(KubernetesObject)
    /// Replace metadata and spec; refused as a conflict unless `resourceVersion` is the stored one (0 skips the check).
    case update(KubernetesObject)
    /// Replace the status only; the same rule for conflicts.
    case updateStatus(KubernetesObject)
    /// Begin or finish deletion. `gracePeriodSeconds` nil means the object's own, `propagation` nil what its finalizers say
    /// already, or else what its kind does.
    case delete(ObjectKey, uid: UID?, gracePeriodSeconds: Int64?, propagation: DeletionPropagation?)
    /// Bind a pod to a node (the `binding` subresource).
    case bind(pod: ObjectKey, uid: UID, node: String)
    /// Ask for a pod's eviction, which its disruption budgets may refuse (the `eviction` subresource).
    /// `gracePeriodSeconds` nil means the pod's own.
    case evict(pod: ObjectKey, gracePeriodSeconds: Int64? = nil)
    /// Set conditions and optionally phase or nominated node of a pod, without touching the rest of its status.
    case patchPodStatus(ObjectKey, uid: UID, PodStatusPatch)
    /// Take finalizers and owner references off an object, whatever its version is.
    case patchMetadata(ObjectKey, uid: UID, MetadataPatch)
    /// Add and remove taints of a node, leaving the others.
    case patchNodeTaints(String, add: [Taint], remove: [Taint])
    /// Set conditions of a node, leaving the others.
    case patchNodeConditions(String, [Condition])

    /// The object that the request is about.
    package var key: ObjectKey {
        switch self {
        case .create(let object), .update(let object), .updateStatus(let object): object.key
        case .delete(let key, _, _, _), .bind(let key, _, _), .evict(let key, _), .patchPodStatus(let key, _, _),
            .patchMetadata(let key, _, _):
            key
        case .patchNodeTaints(let name, _, _), .patchNodeConditions(let name, _): ObjectKey(.node, name: name)
        }
    }
}

/// A partial change of a pod's status.
package struct PodStatusPatch: Hashable, Sendable {
    /// Conditions to set; the others stay.
    package var conditions: [Condition] = []
    /// The new phase, nil to keep it.
    package var phase: PodPhase?
    /// The new reason, nil to keep it.
    package var reason: String?
    /// The new message, nil to keep it.
    package var message: String?
    /// `.some(nil)` clears the nomination.
    package var nominatedNodeName: String??

    /// Creates a patch that sets `conditions` only.
    package init(conditions: [Condition] = []) { self.conditions = conditions }
}

/// What a controller takes off the metadata of an object that others write as well.
package struct MetadataPatch: Hashable, Sendable {
    /// Finalizers to take off.
    package var finalizers: [String] = []
    /// Owners whose references are to go.
    package var owners: [UID] = []

    /// Creates a patch that takes these off.
    package init(finalizers: [String] = [], owners: [UID] = []) {
        self.finalizers = finalizers
        self.owners = owners
    }

    /// Takes off `metadata` what the patch names.
    package func apply(to metadata: inout ObjectMeta) {
        metadata.finalizers.removeAll { finalizers.contains($0) }
        metadata.ownerReferences.removeAll { owners.contains($0.uid) }
    }
}

/// Why the API server refused a request.
package enum ActionError: Error, Hashable, Sendable {
    case notFound
    case alreadyExists
    /// The object changed since it was read, or has another uid.
    case conflict
    /// An eviction would break a disruption budget (HTTP 429).
    case disruptionBudget(name: String)
    /// Admission or validation refused the object.
    case invalid(String)
    /// A quota or a limit forbids the creation (HTTP 403).
    case forbidden(String)
    /// The namespace is being deleted, and takes in nothing (HTTP 403 with the cause NamespaceTerminating).
    case namespaceTerminating(String)
    /// The API server does not answer.
    case unavailable
}

extension ActionError {
    /// Whether it ends the step of a controller and has its key tried again. Upstream's controllers of pods take the
    /// refusal of a namespace that is going away for a success; others run into it again until their objects are gone.
    package var callsForRetry: Bool {
        if case .namespaceTerminating = self { false } else { true }
    }
}

extension ActionError: CustomStringConvertible {
    /// The refusal in words, as events and conditions show it.
    package var description: String {
        switch self {
        case .notFound: "not found"
        case .alreadyExists: "already exists"
        case .conflict:
            "the object has been modified; please apply your changes to the latest version and try again"
        case .disruptionBudget: "Cannot evict pod as it would violate the pod's disruption budget."
        case .invalid(let reason), .forbidden(let reason): reason
        case .namespaceTerminating(let namespace):
            "unable to create new content in namespace \(namespace) because it is being terminated"
        case .unavailable: "the server is currently unable to handle the request"
        }
    }
}
