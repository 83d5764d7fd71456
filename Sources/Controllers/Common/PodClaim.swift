package import ControlPlane
package import KubernetesAPI

/// The pods that a controller may count as its own, and the changes of ownership that this takes.
///
/// Mirrors `PodControllerRefManager.ClaimPods`: what matches the selector is adopted, what no longer does is released.
package struct PodClaim: Sendable {
    /// Neither ended nor being deleted.
    package private(set) var active: [Pod] = []
    /// All claimed pods, in whatever state.
    package private(set) var all: [Pod] = []
    /// The number of claimed pods that are being deleted and have not ended.
    package private(set) var terminating: Int64 = 0
    /// Adoptions and releases.
    package private(set) var changes: [Action] = []

    /// Sorts out `owned` and `orphans`; `template` are the labels that most owned pods carry, a short cut for matching.
    ///
    /// Without a selector everything owned is claimed and nothing is adopted. With `includesInactive` pods that ended
    /// are adopted and released as well, as the job controller does; `finalizer` comes and goes with the ownership.
    package init(
        owner: ObjectMeta, kind: ObjectKind, selector: LabelSelector?, owned: [Pod], orphans: [Pod],
        template: StringMap = StringMap(), includesInactive: Bool = false, finalizer: String? = nil
    ) {
        let templateMatches = selector?.matches(template) ?? true
        active.reserveCapacity(owned.count)
        for pod in owned {
            let matches =
                pod.metadata.labels == template ? templateMatches : selector?.matches(pod.metadata.labels) ?? true
            if !matches {
                // Who is going away keeps its pods, for the garbage collector to find.
                guard owner.deletionTimestamp == nil, includesInactive || pod.isActive else { continue }
                var released = pod
                released.metadata = pod.metadata.removingOwners { $0.uid == owner.uid }
                if let finalizer { released.metadata = released.metadata.removingFinalizer(finalizer) }
                changes.append(.update(.pod(released)))
                continue
            }
            add(pod, includesInactive: includesInactive)
        }
        guard let selector, owner.deletionTimestamp == nil else { return }
        for pod in orphans where !pod.isTerminating && (includesInactive || pod.isActive) {
            guard selector.matches(pod.metadata.labels) else { continue }
            var adopted = pod
            adopted.metadata.ownerReferences.append(OwnerReference(controller: owner, kind: kind))
            if let finalizer, !adopted.metadata.finalizers.contains(finalizer) {
                adopted.metadata.finalizers.append(finalizer)
            }
            changes.append(.update(.pod(adopted)))
            add(adopted, includesInactive: includesInactive)
        }
    }

    private mutating func add(_ pod: Pod, includesInactive: Bool) {
        if includesInactive { all.append(pod) }
        if pod.isActive {
            active.append(pod)
        } else if pod.isEnding {
            terminating += 1
        }
    }
}

/// Which controllers a change of a pod concerns.
enum PodOwners {
    /// Returns the controllers of `kind` that own the pod before or after `change`, or that could adopt it.
    static func keys(
        _ kind: ObjectKind, pod: Pod, change: WatchEvent, adopters: () -> [KubernetesObject]
    ) -> [ObjectKey] {
        if kind == .replicaSet || kind == .replicationController, case .modified(.pod(let old), _) = change,
            !concernsOwner(old, pod)
        {
            return []
        }
        var keys: [ObjectKey] = []
        if let key = pod.metadata.controllerKey(kind) { keys.append(key) }
        if case .modified(.pod(let old), _) = change, !old.metadata.sharesParts(with: pod.metadata),
            let key = old.metadata.controllerKey(kind), !keys.contains(key)
        {
            keys.append(key)
        }
        guard pod.metadata.controllerUID == nil else { return keys }
        switch change {
        case .added: break
        case .modified(let old, _):
            let before = old.metadata
            if before.labels == pod.metadata.labels, before.controllerUID == nil { return keys }
        case .deleted: return keys
        }
        for object in adopters() where !keys.contains(object.key) { keys.append(object.key) }
        return keys
    }

    /// Whether anything differs that a replica set reads of its pods. Upstream enqueues on every change; a level-triggered
    /// controller that reads the same state again plans the same nothing.
    private static func concernsOwner(_ old: Pod, _ new: Pod) -> Bool {
        !PodFacets(from: old, to: new).isDisjoint(with: ReplicaSetReconciler.podFacets)
    }
}
