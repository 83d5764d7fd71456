public import Chronology

/// What every stored object carries (`metav1.ObjectMeta`).
///
/// What hardly ever changes stands in a part that copies share until one of them is changed, so that a copy costs one
/// reference; what a write changes stands beside it.
@usableFromInline
package struct ObjectMeta: Sendable {
    @usableFromInline
    final class Shared: @unchecked Sendable {
        @usableFromInline var name: String
        @usableFromInline var generateName = ""
        @usableFromInline var namespace: String
        @usableFromInline var uid = UID.none
        @usableFromInline var creationTimestamp = Instant.start
        @usableFromInline var labels: StringMap
        @usableFromInline var annotations = StringMap()
        @usableFromInline var ownerReferences: [OwnerReference] = []
        @usableFromInline var finalizers: [String] = []

        @usableFromInline
        init(name: String, namespace: String, labels: StringMap) {
            self.name = name
            self.namespace = namespace
            self.labels = labels
        }

        @usableFromInline
        init(copying other: Shared) {
            name = other.name
            generateName = other.generateName
            namespace = other.namespace
            uid = other.uid
            creationTimestamp = other.creationTimestamp
            labels = other.labels
            annotations = other.annotations
            ownerReferences = other.ownerReferences
            finalizers = other.finalizers
        }
    }

    // Written only after `makeUnique`.
    @usableFromInline var shared: Shared

    /// Assigned by the store on every write; 0 for an object that was never stored.
    @usableFromInline package var resourceVersion: Int64 = 0
    /// Counts the changes of the spec; assigned by the store.
    @usableFromInline package var generation: Int64 = 0
    @usableFromInline package var deletionTimestamp: Instant?
    @usableFromInline package var deletionGracePeriodSeconds: Int64?

    package init(name: String = "", namespace: String = "", labels: StringMap = StringMap()) {
        shared = Shared(name: name, namespace: namespace, labels: labels)
    }

    @usableFromInline
    mutating func makeUnique() {
        if !isKnownUniquelyReferenced(&shared) { shared = Shared(copying: shared) }
    }

    /// The owner that manages this object, if any (`metav1.GetControllerOf`).
    package var controllerReference: OwnerReference? {
        for reference in shared.ownerReferences where reference.controller { return reference }
        return nil
    }

    /// The kind of the owner that manages this object, if any: cheaper than the whole reference.
    @inlinable
    package var controllerKind: String? {
        for place in shared.ownerReferences.indices where shared.ownerReferences[place].controller {
            return shared.ownerReferences[place].kind
        }
        return nil
    }

    /// Whether both share the part that hardly ever changes: a cheap proof that names, labels and owners are equal.
    @inlinable
    package func sharesParts(with other: ObjectMeta) -> Bool { shared === other.shared }

    /// The uid of the owner that manages this object, if any: cheaper than the whole reference.
    @inlinable
    package var controllerUID: UID? {
        for place in shared.ownerReferences.indices where shared.ownerReferences[place].controller {
            return shared.ownerReferences[place].uid
        }
        return nil
    }
}

// MARK: - Parts

extension ObjectMeta {
    @inlinable
    package var name: String {
        get { shared.name }
        _modify {
            makeUnique()
            yield &shared.name
        }
    }

    /// The prefix from which the store makes a name; empty when the name is given.
    @inlinable
    package var generateName: String {
        get { shared.generateName }
        _modify {
            makeUnique()
            yield &shared.generateName
        }
    }

    /// Empty for cluster-scoped objects.
    @inlinable
    package var namespace: String {
        get { shared.namespace }
        _modify {
            makeUnique()
            yield &shared.namespace
        }
    }

    @inlinable
    package var uid: UID {
        get { shared.uid }
        _modify {
            makeUnique()
            yield &shared.uid
        }
    }

    @inlinable
    package var creationTimestamp: Instant {
        get { shared.creationTimestamp }
        _modify {
            makeUnique()
            yield &shared.creationTimestamp
        }
    }

    @inlinable
    package var labels: StringMap {
        get { shared.labels }
        _modify {
            makeUnique()
            yield &shared.labels
        }
    }

    @inlinable
    package var annotations: StringMap {
        get { shared.annotations }
        _modify {
            makeUnique()
            yield &shared.annotations
        }
    }

    @inlinable
    package var ownerReferences: [OwnerReference] {
        get { shared.ownerReferences }
        _modify {
            makeUnique()
            yield &shared.ownerReferences
        }
    }

    @inlinable
    package var finalizers: [String] {
        get { shared.finalizers }
        _modify {
            makeUnique()
            yield &shared.finalizers
        }
    }
}

// MARK: - Comparison

extension ObjectMeta: Hashable {
    @usableFromInline package static func == (left: ObjectMeta, right: ObjectMeta) -> Bool {
        left.resourceVersion == right.resourceVersion && left.generation == right.generation
            && left.deletionTimestamp == right.deletionTimestamp
            && left.deletionGracePeriodSeconds == right.deletionGracePeriodSeconds
            && (left.shared === right.shared || sameParts(left.shared, right.shared))
    }

    private static func sameParts(_ left: Shared, _ right: Shared) -> Bool {
        left.name == right.name && left.generateName == right.generateName && left.namespace == right.namespace
            && left.uid == right.uid && left.creationTimestamp == right.creationTimestamp
            && left.labels == right.labels && left.annotations == right.annotations
            && left.ownerReferences == right.ownerReferences && left.finalizers == right.finalizers
    }

    @usableFromInline package func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(namespace)
        hasher.combine(uid)
    }
}
