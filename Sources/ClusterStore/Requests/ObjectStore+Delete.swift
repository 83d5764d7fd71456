import Chronology
import ControlPlane
import KubernetesAPI

extension ObjectStore {
    /// The finalizers by which a deletion's propagation is remembered.
    private static let orphanFinalizer = "orphan"
    private static let foregroundFinalizer = "foregroundDeletion"
    /// Namespaces that upstream refuses to delete.
    private static let immortalNamespaces = ["default", "kube-public", "kube-system"]

    /// What a request to delete makes of an object.
    private enum Deletion {
        case nothing, update, remove
    }

    mutating func delete(
        _ key: ObjectKey, uid: UID?, grace: Int64?, propagation: DeletionPropagation?,
        into events: inout [WatchEvent]
    ) throws(ActionError) {
        switch key.kind {
        case .pod:
            let handle = try podHandle(key, uid: uid)
            let old = podTable.object(handle)
            if let uid, uid != old.metadata.uid { throw .conflict }
            var new = old
            switch Self.mark(&new.metadata, grace, first: Self.grace(old, grace), propagation, now) {
            case .nothing: break
            case .update: replace(handle, old, with: &new, into: &events)
            case .remove: remove(handle, old, last: &new, into: &events)
            }
        case .node:
            let handle = try nodeHandle(key.name)
            let old = nodeTable.object(handle)
            if let uid, uid != old.metadata.uid { throw .conflict }
            var new = old
            switch Self.mark(&new.metadata, grace, first: 0, propagation, now) {
            case .nothing: break
            case .update: replace(handle, old, with: &new, into: &events)
            case .remove: remove(handle, old, last: &new, into: &events)
            }
        case .namespace:
            try deleteNamespace(key, uid: uid, into: &events)
        case .replicaSet, .deployment, .statefulSet, .daemonSet, .job, .cronJob, .service, .podDisruptionBudget,
            .priorityClass, .persistentVolume, .persistentVolumeClaim, .storageClass, .horizontalPodAutoscaler,
            .verticalPodAutoscaler,
            .resourceQuota, .limitRange, .replicationController, .controllerRevision, .lease, .endpoints,
            .endpointSlice, .csiNode,
            .other:
            guard let handle = self[key.kind].handle(TableKey(key)) else { throw .notFound }
            let old = self[key.kind].object(handle)
            var metadata = old.metadata
            if let uid, uid != metadata.uid { throw .conflict }
            let policy = propagation ?? Self.defaultPropagation(of: key.kind, metadata)
            let deletion = Self.mark(&metadata, grace, first: 0, policy, now)
            var new = old
            new.metadata = metadata
            switch deletion {
            case .nothing: break
            case .update: replace(handle, old, with: &new, into: &events)
            case .remove: remove(handle, old, last: &new, into: &events)
            }
        }
    }

    /// Marks a namespace as terminating; a further request removes it once it holds nothing.
    ///
    /// Upstream's separate list `spec.finalizers` is not modelled: emptiness stands for it.
    private mutating func deleteNamespace(
        _ key: ObjectKey, uid: UID?, into events: inout [WatchEvent]
    ) throws(ActionError) {
        guard let handle = self[.namespace].handle(TableKey(key)) else { throw .notFound }
        let old = self[.namespace].object(handle)
        if let uid, uid != old.metadata.uid { throw .conflict }
        if Self.immortalNamespaces.contains(key.name) { throw .forbidden("namespace \(key.name) cannot be deleted") }
        var new = old
        if old.metadata.deletionTimestamp == nil {
            new.metadata.deletionTimestamp = now
            new.metadata.generation += 1
            replace(handle, old, with: &new, into: &events)
        } else if old.metadata.finalizers.isEmpty, holdsNothing(key.name) {
            remove(handle, old, last: &new, into: &events)
        }
    }

    private func holdsNothing(_ namespace: String) -> Bool {
        podTable.byNamespace[NameKey(namespace)] == nil
            && others.allSatisfy { $0.byNamespace[NameKey(namespace)] == nil }
    }
}

// MARK: - Rules

extension ObjectStore {
    /// The seconds that a pod gets from a first request to delete it (`podStrategy.CheckGracefulDelete`).
    private static func grace(_ pod: Pod, _ requested: Int64?) -> Int64 {
        if pod.nodeName == nil || pod.status.phase.isTerminal { return 0 }
        let seconds = requested ?? pod.spec.terminationGracePeriodSeconds
        return seconds < 0 ? 1 : seconds
    }

    /// Writes the deletion into `metadata` and returns what becomes of the object (`rest.BeforeDelete`).
    private static func mark(
        _ metadata: inout ObjectMeta, _ requested: Int64?, first: Int64, _ propagation: DeletionPropagation?,
        _ now: Instant
    ) -> Deletion {
        if let stamp = metadata.deletionTimestamp {
            let current = metadata.deletionGracePeriodSeconds ?? 0
            if current == 0 {
                // There is nothing to hasten, but the dependents may still get another fate.
                let before = metadata.finalizers
                propagate(propagation, to: &metadata)
                return metadata.finalizers.isEmpty ? .remove : metadata.finalizers == before ? .nothing : .update
            }
            // A deletion under way can only be hastened.
            guard let requested, requested < current else { return .nothing }
            let seconds = max(0, requested)
            metadata.deletionTimestamp = stamp - .seconds(current - seconds)
            metadata.deletionGracePeriodSeconds = seconds
            return seconds == 0 && metadata.finalizers.isEmpty ? .remove : .update
        }
        propagate(propagation, to: &metadata)
        metadata.deletionTimestamp = now + .seconds(first)
        metadata.deletionGracePeriodSeconds = first
        metadata.generation += 1
        return first == 0 && metadata.finalizers.isEmpty ? .remove : .update
    }

    /// What becomes of the dependents when a first request does not say (`DefaultGarbageCollectionPolicy`): for the sake of
    /// old clients two kinds leave them alone.
    private static func defaultPropagation(of kind: ObjectKind, _ metadata: ObjectMeta) -> DeletionPropagation? {
        guard kind == .job || kind == .replicationController, !metadata.finalizers.contains(foregroundFinalizer) else {
            return nil
        }
        return .orphan
    }

    /// Writes into the finalizers what is to become of the dependents; nil leaves what they say.
    private static func propagate(_ propagation: DeletionPropagation?, to metadata: inout ObjectMeta) {
        // Even an idle write would unshare the metadata, and most objects have no finalizers.
        guard let propagation, propagation != .background || !metadata.finalizers.isEmpty else { return }
        switch propagation {
        case .background:
            metadata.finalizers.removeAll { $0 == orphanFinalizer || $0 == foregroundFinalizer }
        case .foreground:
            metadata.finalizers.removeAll { $0 == orphanFinalizer }
            if !metadata.finalizers.contains(foregroundFinalizer) { metadata.finalizers.append(foregroundFinalizer) }
        case .orphan:
            metadata.finalizers.removeAll { $0 == foregroundFinalizer }
            if !metadata.finalizers.contains(orphanFinalizer) { metadata.finalizers.append(orphanFinalizer) }
        }
    }
}
