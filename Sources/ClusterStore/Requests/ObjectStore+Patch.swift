import ControlPlane
import KubernetesAPI

extension ObjectStore {
    /// Binds a pod to a node (`BindingREST.Create`). As upstream, the node need not exist.
    mutating func bind(
        _ key: ObjectKey, uid: UID, to node: String, into events: inout [WatchEvent]
    ) throws(ActionError) {
        let handle = try podHandle(key, uid: uid)
        let old = podTable.object(handle)
        if uid != .none, uid != old.metadata.uid { throw .conflict }
        if old.metadata.deletionTimestamp != nil || old.nodeName != nil { throw .conflict }
        if !old.spec.schedulingGates.isEmpty { throw .conflict }
        if node.isEmpty { throw .invalid("target.name: required") }
        var new = old
        new.nodeName = node
        new.status.conditions.set(Condition(Condition.podScheduled, .true, at: now))
        // As with the gate ClearingNominatedNodeNameAfterBinding, on by default.
        new.status.nominatedNodeName = nil
        replace(handle, old, with: &new, into: &events)
    }

    mutating func patchPodStatus(
        _ key: ObjectKey, uid: UID, _ patch: PodStatusPatch, into events: inout [WatchEvent]
    ) throws(ActionError) {
        let handle = try podHandle(key, uid: uid)
        let old = podTable.object(handle)
        if uid != .none, uid != old.metadata.uid { throw .conflict }
        var new = old
        guard Self.patch(&new.status, with: patch) else { return }
        replace(handle, old, with: &new, into: &events)
    }

    /// Returns whether anything changed.
    private static func patch(_ status: inout PodStatus, with patch: PodStatusPatch) -> Bool {
        var changed = false
        for condition in patch.conditions where status.conditions.set(condition) { changed = true }
        if let phase = patch.phase, phase != status.phase {
            status.phase = phase
            changed = true
        }
        if let reason = patch.reason, reason != status.reason {
            status.reason = reason
            changed = true
        }
        if let message = patch.message, message != status.message {
            status.message = message
            changed = true
        }
        if let nomination = patch.nominatedNodeName, nomination != status.nominatedNodeName {
            status.nominatedNodeName = nomination
            changed = true
        }
        return changed
    }

    /// Takes finalizers and owners off, which may end the object's deletion.
    mutating func patchMetadata(
        _ key: ObjectKey, uid: UID, _ patch: MetadataPatch, into events: inout [WatchEvent]
    ) throws(ActionError) {
        guard var wanted = object(key) else { throw .notFound }
        if uid != .none, uid != wanted.metadata.uid { throw .conflict }
        patch.apply(to: &wanted.metadata)
        try update(wanted, into: &events)
    }

    /// Taints are told apart by key and effect, as upstream does; an added one replaces its like.
    mutating func patchNodeTaints(
        _ name: String, adding added: [Taint], removing removed: [Taint], into events: inout [WatchEvent]
    ) throws(ActionError) {
        let handle = try nodeHandle(name)
        let old = nodeTable.object(handle)
        var taints = old.spec.taints
        taints.removeAll { taint in removed.contains { $0.key == taint.key && $0.effect == taint.effect } }
        for taint in added {
            if let place = taints.firstIndex(where: { $0.key == taint.key && $0.effect == taint.effect }) {
                taints[place] = taint
            } else {
                taints.append(taint)
            }
        }
        if taints == old.spec.taints { return }
        var new = old
        new.spec.taints = taints
        new.metadata.generation += 1
        replace(handle, old, with: &new, into: &events)
    }

    mutating func patchNodeConditions(
        _ name: String, _ conditions: [Condition], into events: inout [WatchEvent]
    ) throws(ActionError) {
        let handle = try nodeHandle(name)
        let old = nodeTable.object(handle)
        var status = old.status
        var changed = false
        for condition in conditions where status.conditions.set(condition) { changed = true }
        if !changed { return }
        var new = old
        new.status = status
        replace(handle, old, with: &new, into: &events)
    }
}
