// Kubernetes counterpart: isDangling in pkg/controller/garbagecollector/garbagecollector.go, addDependentToOwners and
// reportInvalidNamespaceOwnerRef in graph_builder.go (v1.36).
// Deliberate differences: versions of one kind are all the same; of kinds that are not modelled it is not known whether
// they belong to a namespace unless they name one.

import ControlPlane
import KubernetesAPI

extension OwnerReference {
    /// Returns whether `found`, which has the reference's uid, is also what the reference says, seen from `dependent`.
    ///
    /// Upstream asks for the owner by kind and name in the dependent's own namespace: under any other it is as good as gone.
    func names(_ found: KubernetesObject, from dependent: KubernetesObject) -> Bool {
        if isStandIn(found) { return true }
        return found.metadata.name == name && (found.kind == .other || found.kind.name == kind)
            && !isMisplaced(found, from: dependent)
    }

    /// Returns whether `found`, which has the reference's uid, is in a namespace that is not the dependent's.
    func isMisplaced(_ found: KubernetesObject, from dependent: KubernetesObject) -> Bool {
        let namespace = found.metadata.namespace
        let other = dependent.metadata.namespace
        if namespace.isEmpty || namespace == other || isStandIn(found) { return false }
        return dependent.kind != .other || !other.isEmpty
    }

    /// Whether the owner belongs to a namespace, as far as that is known.
    func isNamespaced(_ found: KubernetesObject?) -> Bool {
        guard let found else { return ObjectKind(name: kind)?.isNamespaced ?? false }
        return !found.metadata.namespace.isEmpty && !isStandIn(found)
    }

    /// What stands for an owner that an export lacks has a name and a place of its own.
    private func isStandIn(_ found: KubernetesObject) -> Bool { found.kind == .other && found.metadata.name != name }

    /// The event that tells of an owner in another namespace.
    func complaint(of dependent: KubernetesObject) -> EventRecord {
        let namespace = dependent.metadata.namespace
        return EventRecord(
            dependent.key, .warning, reason: "OwnerRefInvalidNamespace",
            message:
                "ownerRef [\(apiVersion)/\(kind), namespace: \(namespace), name: \(name), uid: \(uid)] does not exist in "
                + "namespace \"\(namespace)\"")
    }
}
