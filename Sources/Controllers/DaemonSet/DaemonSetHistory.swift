// Kubernetes counterpart: constructHistory and cleanupHistory of pkg/controller/daemon/update.go (v1.36).
// Deliberate differences: templates are compared as values, not as serialised patches, and their hash is our own.

package import ControlPlane
package import KubernetesAPI

/// The recorded templates of a daemon set: which of them is current, and what must be written to keep the record.
package struct DaemonSetHistory: Sendable {
    /// What marks the pods of the current template; empty when `isBlocked`.
    package private(set) var hash = ""
    /// The revisions of other templates, oldest first.
    package private(set) var old: [ControllerRevision] = []
    /// Adoptions, releases, renumberings, and a new revision when none holds the current template.
    package private(set) var actions: [Action] = []
    /// Whether another revision has the name of the new one: the count of collisions must be stored first.
    package private(set) var isBlocked = false

    private struct Claimed {
        var revision: ControllerRevision
        var isChanged = false
    }

    /// Sorts out `revisions`, all of the namespace; `pods` are the set's own.
    package init(_ daemonSet: DaemonSet, revisions: [ControllerRevision], pods: [Pod]) {
        var current: [Claimed] = []
        var others: [Claimed] = []
        for claimed in claim(revisions, for: daemonSet) {
            if claimed.revision.template == daemonSet.spec.template {
                current.append(claimed)
            } else {
                others.append(claimed)
            }
        }
        others.sort {
            let (left, right) = ($0.revision, $1.revision)
            return left.revision == right.revision
                ? left.metadata.name < right.metadata.name : left.revision < right.revision
        }
        old = others.map(\.revision)
        let number = (old.last?.revision ?? 0) + 1
        write(others)
        // Of several revisions with the current template the newest stays.
        guard var kept = current.reversed().max(by: { $0.revision.revision < $1.revision.revision }) else {
            record(daemonSet, number: number, taken: revisions)
            return
        }
        hash = kept.revision.metadata.labels[DaemonSet.hashLabel] ?? ""
        let surplus = current.filter { $0.revision.metadata.uid != kept.revision.metadata.uid }
        if kept.revision.revision < number {
            kept.revision.revision = number
            kept.isChanged = true
        }
        write([kept])
        if !surplus.isEmpty { merge(surplus, pods: pods) }
    }

    /// Returns the deletions of old revisions beyond the limit; those of living pods stay.
    package func cleanup(_ daemonSet: DaemonSet, pods: [Pod]) -> [Action] {
        let surplus = old.count - Int(daemonSet.spec.revisionHistoryLimit)
        guard surplus > 0 else { return [] }
        var living: Set<String> = []
        for pod in pods where DaemonSetPlacement.target(of: pod) != nil {
            if let hash = pod.metadata.labels[DaemonSet.hashLabel] { living.insert(hash) }
        }
        return old.filter { !living.contains($0.metadata.labels[DaemonSet.hashLabel] ?? "") }.prefix(surplus)
            .map(Self.delete)
    }
}

// MARK: - Steps

extension DaemonSetHistory {
    /// Returns the revisions that are the set's own, after adoption and with a hash, and releases the others.
    private mutating func claim(_ revisions: [ControllerRevision], for daemonSet: DaemonSet) -> [Claimed] {
        var claimed: [Claimed] = []
        for revision in revisions {
            let metadata = revision.metadata
            let matches = daemonSet.spec.selector?.matches(metadata.labels) ?? false
            var found = Claimed(revision: revision)
            if let owner = metadata.controllerReference {
                guard owner.uid == daemonSet.metadata.uid else { continue }
                if !matches {
                    found.revision.metadata = metadata.removingOwners { $0.uid == owner.uid }
                    actions.append(.update(.controllerRevision(found.revision)))
                    continue
                }
            } else {
                guard matches, !metadata.isDeleting else { continue }
                found.revision.metadata.ownerReferences.append(
                    OwnerReference(controller: daemonSet.metadata, kind: .daemonSet))
                found.isChanged = true
            }
            if metadata.labels[DaemonSet.hashLabel] == nil {
                found.revision.metadata.labels[DaemonSet.hashLabel] = metadata.name
                found.isChanged = true
            }
            claimed.append(found)
        }
        return claimed
    }

    private mutating func write(_ claimed: [Claimed]) {
        for found in claimed where found.isChanged { actions.append(.update(.controllerRevision(found.revision))) }
    }

    /// Records the current template under a new name.
    private mutating func record(_ daemonSet: DaemonSet, number: Int64, taken: [ControllerRevision]) {
        let template = daemonSet.spec.template
        let collisions = daemonSet.status.collisionCount
        let hash = DeploymentRevisions.hash(of: template, collisions: collisions)
        let name = daemonSet.metadata.name + "-" + hash
        if let other = taken.first(where: { $0.metadata.name == name }) {
            if other.template == template {
                self.hash = other.metadata.labels[DaemonSet.hashLabel] ?? hash
                return
            }
            var changed = daemonSet
            changed.status.collisionCount = (collisions ?? 0) + 1
            actions.append(.updateStatus(.daemonSet(changed)))
            isBlocked = true
            return
        }
        self.hash = hash
        var metadata = ObjectMeta(
            name: name, namespace: daemonSet.metadata.namespace,
            labels: template.labels.merging([DaemonSet.hashLabel: hash]))
        metadata.annotations = daemonSet.metadata.annotations
        metadata.ownerReferences = [OwnerReference(controller: daemonSet.metadata, kind: .daemonSet)]
        actions.append(
            .create(
                .controllerRevision(ControllerRevision(metadata: metadata, revision: number, template: template))))
    }

    /// Moves all pods to the revision that stays and deletes those that say the same.
    private mutating func merge(_ surplus: [Claimed], pods: [Pod]) {
        for pod in pods where !pod.isUpdated(to: hash) {
            var changed = pod
            changed.metadata.labels[DaemonSet.hashLabel] = hash
            actions.append(.update(.pod(changed)))
        }
        for found in surplus { actions.append(Self.delete(found.revision)) }
    }

    private static func delete(_ revision: ControllerRevision) -> Action {
        .delete(
            KubernetesObject.controllerRevision(revision).key, uid: revision.metadata.uid, gracePeriodSeconds: nil,
            propagation: .background)
    }
}
