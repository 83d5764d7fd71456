package import Chronology

/// A reference from an object to one that owns it (`metav1.OwnerReference`).
package struct OwnerReference: Hashable, Sendable {
    package var apiVersion: String
    package var kind: String
    package var name: String
    package var uid: UID
    package var controller: Bool
    package var blockOwnerDeletion: Bool

    package init(
        apiVersion: String, kind: String, name: String, uid: UID, controller: Bool = true,
        blockOwnerDeletion: Bool = true
    ) {
        self.apiVersion = apiVersion
        self.kind = kind
        self.name = name
        self.uid = uid
        self.controller = controller
        self.blockOwnerDeletion = blockOwnerDeletion
    }
}

/// What every stored object carries (`metav1.ObjectMeta`).
package struct ObjectMeta: Hashable, Sendable {
    package var name: String = ""
    package var generateName: String = ""
    package var namespace: String = ""
    package var uid: UID = .none
    /// Assigned by the store on every write; 0 for an object that was never stored.
    package var resourceVersion: Int64 = 0
    /// Counts the changes of the spec; assigned by the store.
    package var generation: Int64 = 0
    package var creationTimestamp: Instant = .start
    package var deletionTimestamp: Instant?
    package var deletionGracePeriodSeconds: Int64?
    package var labels = StringMap()
    package var annotations = StringMap()
    package var ownerReferences: [OwnerReference] = []
    package var finalizers: [String] = []

    package init(name: String = "", namespace: String = "", labels: StringMap = StringMap()) {
        self.name = name
        self.namespace = namespace
        self.labels = labels
    }

    /// The owner that manages this object, if any (`metav1.GetControllerOf`).
    package var controllerReference: OwnerReference? {
        for reference in ownerReferences where reference.controller { return reference }
        return nil
    }
}
