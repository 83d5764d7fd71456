package import Chronology
package import ControlPlane
package import KubernetesAPI

extension ObjectStore {
    mutating func update(
        _ object: KubernetesObject, into events: inout [WatchEvent]
    ) throws(ActionError) {
        if case .pod(let wanted) = object {
            let handle = try podHandle(of: wanted)
            let old = podTable.object(handle)
            if wanted.nodeName != old.nodeName {
                throw .invalid("spec.nodeName: changes by binding only")
            }
            if wanted.specBox !== old.specBox { try PodUpdateCheck.check(old.spec, wanted.spec) }
            guard var new = try Self.updated(old, to: wanted) else { return }
            if Self.endsDeletion(old, new) {
                remove(handle, old, last: &new, into: &events)
            } else {
                replace(handle, old, with: &new, into: &events, mayChangeOwners: true)
            }
        } else if case .node(let wanted) = object {
            let handle = try nodeHandle(wanted.metadata.name)
            let old = nodeTable.object(handle)
            guard var new = try Self.updated(old, to: wanted) else { return }
            if Self.endsDeletion(old, new) {
                remove(handle, old, last: &new, into: &events)
            } else {
                replace(handle, old, with: &new, into: &events, mayChangeOwners: true)
            }
        } else {
            let table = Int(object.kind.rawValue)
            guard let handle = others[table].handle(TableKey(object.key)) else { throw .notFound }
            let old = others[table].object(handle)
            try Self.checkFixed(old, object)
            guard var new = try Self.updated(old, to: object) else { return }
            if Self.endsDeletion(old, new) {
                remove(handle, old, last: &new, into: &events)
            } else {
                try admitUpdate(of: old, to: new, into: &events)
                replace(handle, old, with: &new, into: &events, mayChangeOwners: true)
            }
        }
    }

    /// Refuses a change of what is fixed once an object is there.
    private static func checkFixed(_ old: KubernetesObject, _ new: KubernetesObject) throws(ActionError) {
        switch (old, new) {
        case (.job(let before), .job(let after)): try JobUpdateCheck.check(before.spec, after.spec)
        case (.statefulSet(let before), .statefulSet(let after)):
            try StatefulSetUpdateCheck.check(before.spec, after.spec)
        case (.persistentVolumeClaim(let before), .persistentVolumeClaim(let after)):
            try VolumeUpdateCheck.check(before, after)
        case (.persistentVolume(let before), .persistentVolume(let after)): try VolumeUpdateCheck.check(before, after)
        case (.storageClass(let before), .storageClass(let after)): try VolumeUpdateCheck.check(before, after)
        case (.priorityClass(let before), .priorityClass(let after)):
            try PriorityClassUpdateCheck.check(before, after)
        default: try SelectorUpdateCheck.check(old, new)
        }
    }

    /// Looks at the few kinds whose changes limits and quotas bound: a claim may grow, and a service change its type.
    private mutating func admitUpdate(
        of old: KubernetesObject, to new: KubernetesObject, into events: inout [WatchEvent]
    ) throws(ActionError) {
        switch new {
        case .persistentVolumeClaim, .service:
            if old.hasEqualSpec(new) { return }
            try checkGrowth(of: new, from: old)
            try checkLimits(of: new)
            try charge(new, replacing: old, into: &events)
        default: return
        }
    }

    /// Refuses to let a claim grow whose class does not allow it (the admission plugin PersistentVolumeClaimResize).
    private func checkGrowth(of new: KubernetesObject, from old: KubernetesObject) throws(ActionError) {
        guard case .persistentVolumeClaim(let claim) = new, case .persistentVolumeClaim(let before) = old,
            claim.spec.request > before.spec.request
        else { return }
        if !claim.className.isEmpty, !before.className.isEmpty,
            case .storageClass(let found)? = object(ObjectKey(.storageClass, name: claim.className)),
            found.allowsExpansion
        {
            return
        }
        throw .forbidden(
            "persistentvolumeclaims \"\(claim.metadata.name)\" is forbidden: only dynamically provisioned pvc can be resized "
                + "and the storageclass that provisions the pvc must support resize")
    }

    mutating func updateStatus(
        _ object: KubernetesObject, into events: inout [WatchEvent]
    ) throws(ActionError) {
        if case .pod(let wanted) = object {
            let handle = try podHandle(of: wanted)
            try Self.checkVersion(podTable.object(handle).metadata, wanted.metadata)
            replaceStatus(handle, with: wanted.status, into: &events)
        } else if case .node(let wanted) = object {
            let handle = try nodeHandle(wanted.metadata.name)
            let old = nodeTable.object(handle)
            try Self.checkVersion(old.metadata, wanted.metadata)
            if old.hasEqualStatus(wanted) { return }
            var new = old
            new.takeStatus(of: wanted)
            replace(handle, old, with: &new, into: &events)
        } else {
            let table = Int(object.kind.rawValue)
            guard let handle = others[table].handle(TableKey(object.key)) else { throw .notFound }
            let old = others[table].object(handle)
            try Self.checkVersion(old.metadata, object.metadata)
            // A deployment's status update may change annotations, which then leave the generation as it is.
            let keepsAnnotations = !old.countsAnnotations || old.metadata.annotations == object.metadata.annotations
            if keepsAnnotations, old.hasEqualStatus(object) { return }
            var new = old
            new.takeStatus(of: object)
            if !keepsAnnotations { new.metadata.annotations = object.metadata.annotations }
            replace(handle, old, with: &new, into: &events)
        }
    }
}

// MARK: - Statuses of pods

extension ObjectStore {
    /// Writes the status of the pod with this uid at `now`: the request `updateStatus`, without a pod made to carry it.
    package mutating func updateStatus(
        ofPod uid: UID, to status: PodStatus, now: Instant, into events: inout [WatchEvent]
    ) throws(ActionError) {
        self.now = now
        guard let place = places[uid], place.kind == .pod else { throw .notFound }
        replaceStatus(place.handle, with: status, into: &events)
    }

    private mutating func replaceStatus(
        _ handle: ObjectHandle, with status: PodStatus, into events: inout [WatchEvent]
    ) {
        let old = podTable.object(handle)
        if old.status == status { return }
        var new = old.with(status)
        replace(handle, old, with: &new, into: &events)
    }
}

// MARK: - Rules

extension ObjectStore {
    /// Refuses a write that was made from an older state (version 0 is any), or for another object of this name.
    static func checkVersion(_ stored: ObjectMeta, _ wanted: ObjectMeta) throws(ActionError) {
        if wanted.uid != .none, wanted.uid != stored.uid { throw .conflict }
        if wanted.resourceVersion != 0, wanted.resourceVersion != stored.resourceVersion { throw .conflict }
    }

    /// Returns `old` with the metadata and spec of `wanted`, or nil when nothing would change.
    static func updated<Object: StoredObject>(_ old: Object, to wanted: Object) throws(ActionError) -> Object? {
        let stored = old.metadata
        try checkVersion(stored, wanted.metadata)
        var metadata = wanted.metadata
        metadata.uid = stored.uid
        metadata.resourceVersion = stored.resourceVersion
        metadata.generation = stored.generation
        metadata.creationTimestamp = stored.creationTimestamp
        metadata.deletionTimestamp = stored.deletionTimestamp
        metadata.deletionGracePeriodSeconds = stored.deletionGracePeriodSeconds
        metadata.generateName = stored.generateName
        if stored.deletionTimestamp != nil, metadata.finalizers.contains(where: { !stored.finalizers.contains($0) }) {
            throw .invalid("metadata.finalizers: none can be added to an object that is being deleted")
        }
        let keepsSpec = old.hasEqualSpec(wanted)
        if keepsSpec, metadata == stored { return nil }
        if !keepsSpec || old.countsAnnotations && metadata.annotations != stored.annotations {
            metadata.generation += 1
        }
        var new = wanted
        new.takeStatus(of: old)
        new.metadata = metadata
        return new
    }

    /// Returns whether the update took the last finalizer off an object that only waited for that.
    static func endsDeletion<Object: StoredObject>(_ old: Object, _ new: Object) -> Bool {
        let metadata = new.metadata
        return metadata.finalizers.isEmpty && metadata.deletionTimestamp != nil
            && metadata.deletionGracePeriodSeconds == 0
    }

    func podHandle(_ key: ObjectKey) throws(ActionError) -> ObjectHandle {
        guard key.kind == .pod, let handle = podTable.handle(TableKey(key)) else { throw .notFound }
        return handle
    }

    /// Where the pod is that a request changes: by its uid if the names are those of the stored one, as hashing them
    /// takes several times as long.
    func podHandle(of wanted: Pod) throws(ActionError) -> ObjectHandle {
        if let place = places[wanted.metadata.uid], place.kind == .pod,
            podTable.sharesParts(place.handle, with: wanted.metadata)
        {
            return place.handle
        }
        return try podHandle(wanted.key)
    }

    /// Where the pod at `key` is, found by the uid that the request names if it is that pod's.
    func podHandle(_ key: ObjectKey, uid: UID?) throws(ActionError) -> ObjectHandle {
        if let uid, let place = places[uid], place.kind == .pod, podTable.isNamed(place.handle, key) {
            return place.handle
        }
        return try podHandle(key)
    }

    func nodeHandle(_ name: String) throws(ActionError) -> ObjectHandle {
        guard let handle = nodeTable.handle(TableKey(namespace: "", name: name)) else { throw .notFound }
        return handle
    }
}
