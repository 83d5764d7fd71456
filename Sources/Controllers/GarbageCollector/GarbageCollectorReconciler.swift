// Kubernetes counterpart: pkg/controller/garbagecollector (v1.36).
// Deliberate differences: no graph of its own; the view's index of owners is the graph.

package import ControlPlane
package import KubernetesAPI
import Chronology

/// Deletes what has lost its owners, and carries out foreground and orphaning deletions.
package struct GarbageCollectorReconciler: Reconciler {
    package static let name = "garbage-collector-controller"
    package static let settings = ReconcilerSettings(workers: 20)
    package static let interest = ChangeInterest(
        ObjectKind.allCases, pods: [.added, .deleted, .owners, .termination])
    /// The finalizer that holds an owner until its blocking dependents are gone.
    package static let foreground = "foregroundDeletion"
    /// The finalizer that holds an owner until its dependents have let go of it.
    package static let orphan = "orphan"

    package init() {}

    package func keys(for change: WatchEvent, in view: any ClusterView) -> [ObjectKey] {
        switch change {
        case .added(let object):
            let metadata = object.metadata
            if metadata.isDeleting { return Self.family(of: object, in: view) }
            // Only an owner that is gone or going makes a new object worth a look.
            let isSafe = metadata.ownerReferences.allSatisfy { reference in
                view.object(uid: reference.uid).map {
                    reference.names($0, from: object) && !$0.metadata.isWaitingForDependents
                } ?? false
            }
            return isSafe ? [] : [object.key]
        case .modified(let old, let new):
            let before = old.metadata
            let after = new.metadata
            if before.deletionTimestamp == after.deletionTimestamp, before.ownerReferences == after.ownerReferences,
                before.finalizers == after.finalizers
            {
                return []
            }
            var keys = after.isDeleting ? Self.family(of: new, in: view) : [new.key]
            keys += Self.waitingOwners(of: before, in: view).filter { !keys.contains($0) }
            return keys
        case .deleted(let object):
            let metadata = object.metadata
            return Self.waitingOwners(of: metadata, in: view) + view.dependents(of: metadata.uid).map(\.key)
        }
    }

    package mutating func reconcile(_ key: ObjectKey, in view: any ClusterView) -> ReconcileResult {
        guard let object = view.object(key) else { return .settled }
        var result = ReconcileResult(
            actions: Self.plan(object, dependents: view.dependents(of: object.metadata.uid)) { uid in
                view.object(uid: uid)
            })
        if object.metadata.isDeleting { return result }
        for reference in object.metadata.ownerReferences {
            guard let found = view.object(uid: reference.uid), reference.isMisplaced(found, from: object) else {
                continue
            }
            result.events.append(reference.complaint(of: object))
            break
        }
        return result
    }

    /// An object that is being deleted and, when it waits for them, its dependents; nothing when it goes by itself.
    private static func family(of object: KubernetesObject, in view: any ClusterView) -> [ObjectKey] {
        let metadata = object.metadata
        guard metadata.isWaitingForDependents else {
            return metadata.finalizers.contains(orphan) ? [object.key] : []
        }
        return view.dependents(of: metadata.uid).map(\.key).filter { $0 != object.key } + [object.key]
    }

    /// Owners whose foreground deletion the object may have held up.
    private static func waitingOwners(of metadata: ObjectMeta, in view: any ClusterView) -> [ObjectKey] {
        metadata.ownerReferences.compactMap { reference in
            view.object(uid: reference.uid).flatMap { $0.metadata.isWaitingForDependents ? $0.key : nil }
        }
    }
}

// MARK: - Plan

extension GarbageCollectorReconciler {
    /// Returns the next requests for `object`; `owner` finds a living object by its uid.
    package static func plan(
        _ object: KubernetesObject, dependents: [KubernetesObject], owner: (UID) -> KubernetesObject?
    ) -> [Action] {
        let metadata = object.metadata
        if metadata.isDeleting {
            if metadata.finalizers.contains(orphan) { return release(dependents, from: object) }
            if metadata.isWaitingForDependents {
                let isBlocked = dependents.contains { dependent in
                    dependent.metadata.ownerReferences.contains { $0.uid == metadata.uid && $0.blockOwnerDeletion }
                }
                if isBlocked { return [] }
                return [.patchMetadata(object.key, uid: metadata.uid, MetadataPatch(finalizers: [foreground]))]
            }
            return []
        }
        return collect(object, dependents: dependents, owner: owner)
    }

    /// Deletes an object none of whose owners keeps it, or drops its references to those that are gone.
    private static func collect(
        _ object: KubernetesObject, dependents: [KubernetesObject], owner: (UID) -> KubernetesObject?
    ) -> [Action] {
        let metadata = object.metadata
        guard !metadata.ownerReferences.isEmpty else { return [] }
        var solid: [UID] = []
        var waiting: [UID] = []
        var gone: [UID] = []
        for reference in metadata.ownerReferences {
            let known = owner(reference.uid)
            // Nothing can be said of such an owner, nor is anything done.
            if !object.kind.isNamespaced, reference.isNamespaced(known) { return [] }
            guard let found = known, reference.names(found, from: object) else {
                gone.append(reference.uid)
                continue
            }
            if found.metadata.isWaitingForDependents {
                waiting.append(reference.uid)
            } else {
                solid.append(reference.uid)
            }
        }
        if !solid.isEmpty {
            guard !waiting.isEmpty || !gone.isEmpty else { return [] }
            let left = metadata.removingOwners { waiting.contains($0.uid) || gone.contains($0.uid) }
            return [.update(object.with(left))]
        }
        var actions: [Action] = []
        var propagation = DeletionPropagation.background
        if !waiting.isEmpty, !dependents.isEmpty {
            // A dependent that waits for its own dependents closes a circle: this object must not hold its owners.
            if dependents.contains(where: { $0.metadata.isWaitingForDependents }),
                metadata.ownerReferences.contains(where: \.blockOwnerDeletion)
            {
                var unblocked = metadata
                for index in unblocked.ownerReferences.indices {
                    unblocked.ownerReferences[index].blockOwnerDeletion = false
                }
                actions.append(.update(object.with(unblocked)))
            }
            propagation = .foreground
        } else if metadata.finalizers.contains(orphan) {
            propagation = .orphan
        } else if metadata.finalizers.contains(foreground) {
            propagation = .foreground
        }
        actions.append(.delete(object.key, uid: metadata.uid, gracePeriodSeconds: nil, propagation: propagation))
        return actions
    }

    private static func release(_ dependents: [KubernetesObject], from object: KubernetesObject) -> [Action] {
        let uid = object.metadata.uid
        var actions: [Action] = []
        for dependent in dependents where dependent.metadata.uid != uid {
            actions.append(.patchMetadata(dependent.key, uid: dependent.metadata.uid, MetadataPatch(owners: [uid])))
        }
        actions.append(.patchMetadata(object.key, uid: uid, MetadataPatch(finalizers: [orphan])))
        return actions
    }
}

extension ObjectMeta {
    /// Whether the object is being deleted and waits for its dependents to go first.
    var isWaitingForDependents: Bool {
        isDeleting && finalizers.contains(GarbageCollectorReconciler.foreground)
    }
}

extension KubernetesObject {
    func with(_ metadata: ObjectMeta) -> KubernetesObject {
        var changed = self
        changed.metadata = metadata
        return changed
    }
}
