import ControlPlane
package import KubernetesAPI

/// The annotations that tie a deployment to its replica sets, and the hash in their names.
package enum DeploymentRevisions {
    /// The annotation that holds a revision number.
    package static let revision = "deployment.kubernetes.io/revision"
    /// The annotation that lists the earlier revisions of a replica set that was rolled back to.
    package static let history = "deployment.kubernetes.io/revision-history"
    /// The annotation that holds the deployment's size at the last scaling.
    package static let desiredReplicas = "deployment.kubernetes.io/desired-replicas"
    /// The annotation that holds the deployment's size with its surge at the last scaling.
    package static let maxReplicas = "deployment.kubernetes.io/max-replicas"
    /// The label that tells apart the pods of a deployment's replica sets.
    package static let hashLabel = "pod-template-hash"
    static let lastApplied = "kubectl.kubernetes.io/last-applied-configuration"
    static let rollbackTo = "deprecated.deployment.rollback.to"
    /// Longest list of earlier revisions kept on a replica set, in bytes.
    static let historyBytesMax = 2000

    private static let own = [revision, history, desiredReplicas, maxReplicas, lastApplied, rollbackTo]

    /// Returns the revision of an object, 0 when it has none.
    package static func revision(of metadata: ObjectMeta) -> Int64 {
        metadata.annotations[revision].flatMap { Int64($0) } ?? 0
    }

    /// Returns a text of 1 to 10 characters that tells one template from another, and never spells a word.
    ///
    /// Stable from run to run, unlike the host's hash. Not upstream's value, which hashes a dump of Go structures.
    package static func hash(of template: PodTemplateSpec, collisions: Int64?) -> String {
        var value: UInt32 = 0x811c_9dc5
        func mix(_ text: String) {
            for byte in text.utf8 { value = (value ^ UInt32(byte)) &* 0x0100_0193 }
        }
        for pair in template.labels.pairs { mix("\(pair.key)=\(pair.value);") }
        for pair in template.annotations.pairs { mix("\(pair.key)=\(pair.value);") }
        for finalizer in template.finalizers { mix(finalizer) }
        mix(String(reflecting: template.spec))
        if template.inert != 0 { mix("~\(template.inert)") }
        if let collisions { mix("#\(collisions)") }
        // Kubernetes' SafeEncodeString: no vowels and nothing that looks like one.
        let alphabet = Array("bcdfghjklmnpqrstvwxz2456789")
        return String(String(value).utf8.map { alphabet[Int($0) % alphabet.count] })
    }

    /// Returns whether two templates are the same but for the hash label.
    package static func sameTemplate(_ left: PodTemplateSpec, _ right: PodTemplateSpec) -> Bool {
        left.isSame(as: right, butForLabel: hashLabel)
    }

    /// Sets the annotations of a new or re-used replica set; returns whether anything changed.
    ///
    /// A replica set that gets a newer revision keeps the earlier one in its history: that is a rollback.
    static func annotate(
        _ replicaSet: inout ReplicaSet, from deployment: Deployment, newRevision: Int64, isNew: Bool
    ) -> Bool {
        let before = replicaSet.metadata.annotations
        for pair in deployment.metadata.annotations.pairs where !own.contains(pair.key) {
            replicaSet.metadata.annotations[pair.key] = pair.value
        }
        let old = before[revision]
        let oldNumber = old.flatMap { Int64($0) } ?? 0
        if oldNumber < newRevision {
            replicaSet.metadata.annotations[revision] = String(newRevision)
            if let old, !old.isEmpty {
                var past =
                    replicaSet.metadata.annotations[history].map { $0.split(separator: ",").map(String.init) } ?? []
                past.append(old)
                while past.count > 1, past.reduce(past.count, { $0 + $1.utf8.count }) > historyBytesMax {
                    past.removeFirst()
                }
                replicaSet.metadata.annotations[history] = past.joined(separator: ",")
            }
        }
        if isNew { _ = annotateSizes(&replicaSet, for: deployment) }
        return replicaSet.metadata.annotations != before
    }

    /// Returns the deployment's size for which a replica set was last scaled, or nil when none is recorded.
    package static func recordedSize(of replicaSet: ReplicaSet) -> Int64? {
        replicaSet.metadata.annotations[desiredReplicas].flatMap { Int64($0) }
    }

    /// Records the sizes for which a replica set was last scaled; returns whether they changed.
    static func annotateSizes(_ replicaSet: inout ReplicaSet, for deployment: Deployment) -> Bool {
        let before = replicaSet.metadata.annotations
        replicaSet.metadata.annotations[desiredReplicas] = String(deployment.spec.replicas)
        replicaSet.metadata.annotations[maxReplicas] = String(deployment.spec.replicas + deployment.maxSurge)
        return replicaSet.metadata.annotations != before
    }

    /// Returns the replica sets, and the revision that a new one would get.
    static func nextRevision(after old: [ReplicaSet]) -> Int64 {
        old.reduce(0) { max($0, revision(of: $1.metadata)) } + 1
    }
}

extension Deployment {
    var isRollingUpdate: Bool {
        switch spec.strategy {
        case .rollingUpdate: true
        case .recreate: false
        }
    }

    /// The pods above `spec.replicas` that a rolling update may have (`deploymentutil.MaxSurge`).
    package var maxSurge: Int64 {
        switch spec.strategy {
        case .rollingUpdate(_, let maxSurge): maxSurge.scaled(of: spec.replicas, roundUp: true)
        case .recreate: 0
        }
    }

    /// The pods that may be missing (`deploymentutil.MaxUnavailable`): when neither surge nor lack would be allowed, one.
    package var maxUnavailable: Int64 {
        switch spec.strategy {
        case .recreate: return 0
        case .rollingUpdate(let unavailable, _):
            guard spec.replicas > 0 else { return 0 }
            let most = unavailable.scaled(of: spec.replicas, roundUp: false)
            return min(most == 0 && maxSurge == 0 ? 1 : most, spec.replicas)
        }
    }
}

extension KubernetesObject {
    /// Whether it is a deployment that waits for its old pods to be gone before it makes new ones (`Recreate`).
    var recreatesPods: Bool {
        if case .deployment(let deployment) = self { !deployment.isRollingUpdate } else { false }
    }
}
