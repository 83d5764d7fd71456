package import ControlPlane
package import KubernetesAPI

// Kubernetes counterpart: pkg/controller/history and getStatefulSetRevisions (v1.36).
// Deliberate differences: a revision holds the template itself, not a patch; the hash in its name is our own.

/// The recorded templates of a stateful set, and which of them its pods are made of.
package struct StatefulSetRevisions: Sendable {
    /// The label that holds the hash of a revision's template.
    package static let hashLabel = "controller.kubernetes.io/hash"

    /// Those there were, oldest first.
    package let known: [ControllerRevision]
    /// The one that an update moves away from.
    package private(set) var current: ControllerRevision
    /// The one of the set's template.
    package private(set) var update: ControllerRevision
    /// How often a name was taken by another template.
    package private(set) var collisions: Int64
    /// Adoptions, and the making or renumbering of `update`.
    package private(set) var changes: [Action] = []

    /// Whether some of them are nobody's.
    var hasOrphans: Bool { known.contains { $0.metadata.controllerReference == nil } }

    /// Finds or makes the revisions of `set` among `listed`, its own and those nobody owns; `existing` finds any by name.
    package init(_ set: StatefulSet, listed: [ControllerRevision], existing: (String) -> ControllerRevision?) {
        let sorted = listed.sorted(by: Self.isOlder)
        known = sorted
        collisions = set.status.collisionCount ?? 0
        for revision in sorted where revision.metadata.controllerReference == nil && !set.metadata.isDeleting {
            var adopted = revision
            adopted.metadata.ownerReferences.append(OwnerReference(controller: set.metadata, kind: .statefulSet))
            changes.append(.update(.controllerRevision(adopted)))
        }
        let next = (sorted.last?.revision ?? 0) + 1
        let template = set.spec.template
        if let newest = sorted.last, newest.template == template {
            update = newest
        } else if var earlier = sorted.last(where: { $0.template == template }) {
            earlier.revision = next
            update = earlier
            if earlier.metadata.controllerReference == nil {
                // Its adoption comes first and makes a new version of it.
                earlier.metadata.ownerReferences.append(OwnerReference(controller: set.metadata, kind: .statefulSet))
                earlier.metadata.resourceVersion = 0
            }
            changes.append(.update(.controllerRevision(earlier)))
        } else {
            var made = Self.revision(of: set, number: next, collisions: collisions)
            while let taken = existing(made.metadata.name), taken.template != template {
                collisions += 1
                made = Self.revision(of: set, number: next, collisions: collisions)
            }
            if let taken = existing(made.metadata.name) {
                update = taken
            } else {
                update = made
                changes.append(.create(.controllerRevision(made)))
            }
        }
        current = sorted.first { $0.metadata.name == set.status.currentRevision } ?? update
    }

    private static func isOlder(_ left: ControllerRevision, _ right: ControllerRevision) -> Bool {
        if left.revision != right.revision { return left.revision < right.revision }
        let (before, after) = (left.metadata.creationTimestamp, right.metadata.creationTimestamp)
        return before == after ? left.metadata.name < right.metadata.name : before < after
    }

    private static func revision(of set: StatefulSet, number: Int64, collisions: Int64) -> ControllerRevision {
        let hash = DeploymentRevisions.hash(of: set.spec.template, collisions: collisions)
        // Names have 253 bytes at most.
        let prefix = String(decoding: set.metadata.name.utf8.prefix(223), as: UTF8.self)
        var metadata = ObjectMeta(
            name: "\(prefix)-\(hash)", namespace: set.metadata.namespace, labels: set.spec.template.labels)
        metadata.labels[hashLabel] = hash
        metadata.annotations = set.metadata.annotations
        metadata.ownerReferences = [OwnerReference(controller: set.metadata, kind: .statefulSet)]
        return ControllerRevision(metadata: metadata, revision: number, template: set.spec.template)
    }

    /// Returns the deletions of old revisions that no pod is made of, down to `limit` (`truncateHistory`).
    package func surplus(pods: [Pod], limit: Int64) -> [Action] {
        guard limit >= 0, Int64(known.count) > limit else { return [] }
        var live: Set<String> = [current.metadata.name, update.metadata.name]
        for pod in pods { live.insert(pod.revisionName) }
        let past = known.filter { !live.contains($0.metadata.name) }
        return past.prefix(max(0, past.count - Int(limit))).map { revision in
            let key = ObjectKey(
                .controllerRevision, namespace: revision.metadata.namespace, name: revision.metadata.name)
            return .delete(key, uid: revision.metadata.uid, gracePeriodSeconds: nil, propagation: .background)
        }
    }
}
