// Asked for with every change of every object. The whole metadata is dear to copy, and most changes are of pods, whose
// parts can be read in place.

extension KubernetesObject {
    /// The object's uid.
    @inlinable
    package var uid: UID {
        if case .pod(let pod) = self { return pod.metadata.uid }
        return metadata.uid
    }

    /// The version of the object's last write.
    @inlinable
    package var resourceVersion: Int64 {
        if case .pod(let pod) = self { return pod.metadata.resourceVersion }
        return metadata.resourceVersion
    }

    /// Whether both share the metadata that hardly ever changes: a cheap proof that names, labels and owners are equal.
    @inlinable
    package func sharesMetadata(with other: KubernetesObject) -> Bool {
        if case .pod(let pod) = self, case .pod(let otherPod) = other {
            return pod.metadata.sharesParts(with: otherPod.metadata)
        }
        return metadata.sharesParts(with: other.metadata)
    }

    /// Calls `body` with the uid of each owner.
    @inlinable
    package func forEachOwner(_ body: (UID) -> Void) {
        if case .pod(let pod) = self {
            pod.metadata.forEachOwner(body)
        } else {
            metadata.forEachOwner(body)
        }
    }
}

extension ObjectMeta {
    /// Calls `body` with the uid of each owner.
    @inlinable
    package func forEachOwner(_ body: (UID) -> Void) {
        for place in shared.ownerReferences.indices { body(shared.ownerReferences[place].uid) }
    }
}
