package import KubernetesAPI

/// The arithmetic of a rollout: how many replicas each replica set should have next.
package enum DeploymentScaling {
    /// A replica set's new size.
    package struct Change: Hashable, Sendable {
        /// The replica set to scale.
        package var replicaSet: ReplicaSet
        /// The number of replicas that it gets.
        package var replicas: Int64
    }

    /// Returns the size for the replica set of the current template, which has `new` replicas beside those of `old`
    /// (`NewRSNewReplicas`).
    package static func newSize(_ deployment: Deployment, old: [ReplicaSet], new: Int64) -> Int64 {
        guard deployment.isRollingUpdate else { return deployment.spec.replicas }
        let room = deployment.spec.replicas + deployment.maxSurge - total(old) - new
        return room <= 0 ? new : new + min(room, deployment.spec.replicas - new)
    }

    /// Returns how old replica sets shrink in a rolling update: first what is unhealthy, then what may be missed.
    ///
    /// One replica set can be in the list twice, as upstream writes it twice.
    package static func shrinkOld(_ deployment: Deployment, old: [ReplicaSet], new: ReplicaSet?) -> [Change] {
        guard total(old) > 0 else { return [] }
        var old = old.filter { $0.spec.replicas > 0 }.sorted(by: isOlder)
        let minAvailable = deployment.spec.replicas - deployment.maxUnavailable
        let newAvailable = new?.status.availableReplicas ?? 0
        let most = total(old) + newAvailable - minAvailable
        guard most > 0 else { return [] }

        var changes: [Change] = []
        var removed: Int64 = 0
        for index in old.indices {
            let spare = old[index].spec.replicas - old[index].status.availableReplicas
            guard removed < most else { break }
            guard old[index].spec.replicas > 0, spare != 0 else { continue }
            // More is available than is asked for: the counts are of before the last scaling, and what may be missed
            // cannot be told from them.
            if spare < 0 { return changes }
            let count = min(most - removed, spare)
            old[index].spec.replicas -= count
            removed += count
            changes.append(Change(replicaSet: old[index], replicas: old[index].spec.replicas))
        }

        var excess = old.reduce(newAvailable - minAvailable) { $0 + $1.status.availableReplicas }
        for index in old.indices where excess > 0 && old[index].spec.replicas > 0 {
            let count = min(old[index].spec.replicas, excess)
            old[index].spec.replicas -= count
            excess -= count
            changes.append(Change(replicaSet: old[index], replicas: old[index].spec.replicas))
        }
        return changes
    }

    /// Returns the sizes that a change of `spec.replicas` gives, in proportion when several replica sets are active.
    package static func rescale(_ deployment: Deployment, old: [ReplicaSet], new: ReplicaSet?) -> [Change] {
        let wanted = deployment.spec.replicas
        let activeOld = old.filter { $0.spec.replicas > 0 }
        let active = activeOld + (new.map { $0.spec.replicas > 0 ? [$0] : [] } ?? [])
        if active.count < 2 {
            let only = active.first ?? new ?? old.sorted(by: isOlder).last
            guard let only, only.spec.replicas != wanted else { return [] }
            return [Change(replicaSet: only, replicas: wanted)]
        }
        if let new, isSaturated(deployment, new) {
            return activeOld.sorted(by: isOlder).map { Change(replicaSet: $0, replicas: 0) }
        }
        guard deployment.isRollingUpdate else { return [] }

        let allowed = wanted > 0 ? wanted + deployment.maxSurge : 0
        let toAdd = allowed - total(active)
        let sorted = active.sorted { left, right in
            if left.spec.replicas != right.spec.replicas { return left.spec.replicas > right.spec.replicas }
            return toAdd > 0 ? isOlder(right, left) : isOlder(left, right)
        }
        var added: Int64 = 0
        var sizes = sorted.map(\.spec.replicas)
        if toAdd != 0 {
            for index in sorted.indices {
                let share = proportion(of: sorted[index], in: deployment, toAdd: toAdd, added: added)
                sizes[index] += share
                added += share
            }
            sizes[0] = max(0, sizes[0] + toAdd - added)
        }
        return zip(sorted, sizes).map { Change(replicaSet: $0, replicas: $1) }
    }

    /// Returns whether the new replica set has all replicas and they are available.
    static func isSaturated(_ deployment: Deployment, _ new: ReplicaSet) -> Bool {
        let desired = DeploymentRevisions.recordedSize(of: new)
        return new.spec.replicas == deployment.spec.replicas && desired == deployment.spec.replicas
            && new.status.availableReplicas == deployment.spec.replicas
    }

    /// Returns the number of replicas that all of `replicaSets` are asked for.
    static func total(_ replicaSets: [ReplicaSet]) -> Int64 { replicaSets.reduce(0) { $0 + $1.spec.replicas } }

    /// Orders by creation, then name.
    package static func isOlder(_ left: ReplicaSet, _ right: ReplicaSet) -> Bool {
        if left.metadata.creationTimestamp != right.metadata.creationTimestamp {
            return left.metadata.creationTimestamp < right.metadata.creationTimestamp
        }
        return left.metadata.name < right.metadata.name
    }

    // The share of `toAdd` that falls to one replica set by its part in the size before, rounded half away from zero.
    private static func proportion(
        of replicaSet: ReplicaSet, in deployment: Deployment, toAdd: Int64, added: Int64
    ) -> Int64 {
        let replicas = replicaSet.spec.replicas
        guard replicas > 0, toAdd != added else { return 0 }
        let share: Int64
        if deployment.spec.replicas == 0 {
            share = -replicas
        } else {
            let recorded = replicaSet.metadata.annotations[DeploymentRevisions.maxReplicas].flatMap { Int64($0) } ?? 0
            let before = recorded > 0 ? recorded : deployment.status.replicas
            guard before > 0 else { return 0 }
            let after = deployment.spec.replicas + deployment.maxSurge
            share = (2 * replicas * after + before) / (2 * before) - replicas
        }
        return toAdd > 0 ? min(share, toAdd - added) : max(share, toAdd - added)
    }
}
