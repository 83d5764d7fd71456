package import Chronology
package import ControlPlane
package import KubernetesAPI

extension ObjectStore {
    /// Carries out one request at `now`, or refuses it and changes nothing.
    ///
    /// The changes are appended to `events` in the order in which they became visible: none for a request that changes
    /// nothing, more than one where the request has side effects. A creation's new object is in its last event.
    package mutating func apply(
        _ action: Action, now: Instant, into events: inout [WatchEvent]
    ) throws(ActionError) {
        self.now = now
        switch action {
        case .create(let object):
            try create(object, into: &events)
        case .update(let object):
            try update(object, into: &events)
        case .updateStatus(let object):
            try updateStatus(object, into: &events)
        case .delete(let key, let uid, let grace, let propagation):
            try delete(key, uid: uid, grace: grace, propagation: propagation, into: &events)
        case .bind(let key, let uid, let node):
            try bind(key, uid: uid, to: node, into: &events)
        case .evict(let key, let grace):
            try evict(key, grace: grace, into: &events)
        case .patchPodStatus(let key, let uid, let patch):
            try patchPodStatus(key, uid: uid, patch, into: &events)
        case .patchMetadata(let key, let uid, let patch):
            try patchMetadata(key, uid: uid, patch, into: &events)
        case .patchNodeTaints(let name, let added, let removed):
            try patchNodeTaints(name, adding: added, removing: removed, into: &events)
        case .patchNodeConditions(let name, let conditions):
            try patchNodeConditions(name, conditions, into: &events)
        }
    }

    /// Carries out one request and returns the changes; for callers that are in no hurry.
    @discardableResult
    package mutating func apply(_ action: Action, now: Instant) throws(ActionError) -> [WatchEvent] {
        var events: [WatchEvent] = []
        try apply(action, now: now, into: &events)
        return events
    }

    /// Adds an object as it was exported from a cluster: one with a uid keeps its uid, times, status and deletion.
    ///
    /// An object without a uid is created as by a request, except that its status is kept. A namespace that exists
    /// already takes over the labels and annotations.
    package mutating func load(
        _ object: KubernetesObject, now: Instant, into events: inout [WatchEvent]
    ) throws(ActionError) {
        self.now = now
        if case .namespace = object, let handle = self[.namespace].handle(TableKey(object.key)) {
            let old = self[.namespace].object(handle)
            var new = old
            new.metadata.labels = object.metadata.labels
            new.metadata.annotations = object.metadata.annotations
            if new != old { replace(handle, old, with: &new, into: &events) }
            return
        }
        try create(object, preservingIdentity: true, into: &events)
    }
}
