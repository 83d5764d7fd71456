package import Chronology
package import ControlPlane
package import KubernetesAPI

/// One step of one deployment, worked out from its replica sets; pure, so that tables can test it.
package struct DeploymentRollout {
    /// What the step asks for.
    package private(set) var result = ReconcileResult()

    private var deployment: Deployment
    private let hash: String
    private let now: Instant
    // Made in this step if it has no uid.
    private var new: ReplicaSet?
    /// In order of creation.
    private let old: [ReplicaSet]
    // Replica sets written in this step: a second write must not ask for the version that the first replaced.
    private var written: [UID] = []

    /// Creates the step for `replicaSets`, those that the deployment owns.
    package init(_ deployment: Deployment, replicaSets: [ReplicaSet], hash: String, now: Instant) {
        self.deployment = deployment
        self.hash = hash
        self.now = now
        let sorted = replicaSets.sorted(by: DeploymentScaling.isOlder)
        let newest = sorted.first { DeploymentRevisions.sameTemplate($0.spec.template, deployment.spec.template) }
        new = newest
        old = sorted.filter { $0.metadata.uid != newest?.metadata.uid }
    }

    /// Tells that the replica set of the template could not be made, before the step tries again.
    package mutating func report(refusal: String) {
        result.events.append(EventRecord(key, .warning, reason: "ReplicaSetCreateError", message: refusal))
        guard deployment.spec.progressDeadlineSeconds != nil else { return }
        let before = deployment.status.conditions
        deployment.status.conditions.replace(
            Condition(
                DeploymentProgress.progressing, .false, reason: "ReplicaSetCreateError", message: refusal,
                at: now.wholeSecond))
        if deployment.status.conditions != before { write(deployment.status) }
    }

    /// Works the step out; `runningPods` tells whether a replica set has pods that have not ended, `existing` whether a
    /// replica set of that name exists.
    package mutating func run(runningPods: (ReplicaSet) -> Bool, existing: (String) -> Bool) {
        if deployment.metadata.isDeleting {
            if syncRevision() { report() }
            return
        }
        notePause()
        if deployment.spec.paused || isScaling {
            guard syncRevision() else { return }
            rescale()
            return
        }
        switch deployment.spec.strategy {
        case .rollingUpdate: roll(existing: existing)
        case .recreate: recreate(runningPods: runningPods, existing: existing)
        }
    }

    // MARK: - Strategies

    private mutating func roll(existing: (String) -> Bool) {
        guard new == nil ? create(existing: existing) : syncRevision(), let new else { return }
        let size =
            new.spec.replicas > deployment.spec.replicas
            ? deployment.spec.replicas
            : DeploymentScaling.newSize(deployment, old: old, new: new.spec.replicas)
        if size != new.spec.replicas {
            scale(new, to: size)
            return finishRollout()
        }
        let changes = DeploymentScaling.shrinkOld(deployment, old: old, new: new)
        for change in changes { scale(change.replicaSet, to: change.replicas, from: original(change.replicaSet)) }
        if changes.isEmpty, DeploymentProgress.isComplete(deployment, deployment.status) { cleanUp() }
        finishRollout()
    }

    private mutating func recreate(runningPods: (ReplicaSet) -> Bool, existing: (String) -> Bool) {
        guard new == nil || syncRevision() else { return }
        let active = old.filter { $0.spec.replicas > 0 }
        if !active.isEmpty {
            for replicaSet in active { scale(replicaSet, to: 0) }
            return finishRollout()
        }
        if old.contains(where: { $0.status.replicas > 0 || runningPods($0) }) { return finishRollout() }
        if new == nil, !create(existing: existing) { return }
        if let new, new.spec.replicas != deployment.spec.replicas { scale(new, to: deployment.spec.replicas) }
        if DeploymentProgress.isComplete(deployment, deployment.status) { cleanUp() }
        finishRollout()
    }

    private mutating func rescale() {
        for change in DeploymentScaling.rescale(deployment, old: old, new: new) {
            scale(change.replicaSet, to: change.replicas)
        }
        if deployment.spec.paused { cleanUp() }
        report()
    }

    private var isScaling: Bool {
        func wasScaledForAnother(_ replicaSet: ReplicaSet) -> Bool {
            guard replicaSet.spec.replicas > 0 else { return false }
            let desired = DeploymentRevisions.recordedSize(of: replicaSet)
            return desired != nil && desired != deployment.spec.replicas
        }
        return old.contains(where: wasScaledForAnother) || new.map(wasScaledForAnother) ?? false
    }

    // MARK: - Parts of a step

    /// Brings the revision of the current replica set and of the deployment up to date; false when that is all for now.
    private mutating func syncRevision() -> Bool {
        guard let new else { return true }
        var next = new
        let changed = DeploymentRevisions.annotate(
            &next, from: deployment, newRevision: DeploymentRevisions.nextRevision(after: old), isNew: false)
        if changed || new.spec.minReadySeconds != deployment.spec.minReadySeconds {
            next.spec.minReadySeconds = deployment.spec.minReadySeconds
            result.actions.append(.update(.replicaSet(next)))
            return false
        }
        var isChanged = false
        let revision = new.metadata.annotations[DeploymentRevisions.revision]
        if let revision, deployment.metadata.annotations[DeploymentRevisions.revision] != revision {
            deployment.metadata.annotations[DeploymentRevisions.revision] = revision
            isChanged = true
        }
        if deployment.spec.progressDeadlineSeconds != nil,
            deployment.status.conditions.named(DeploymentProgress.progressing) == nil
        {
            deployment.status.conditions.append(
                Condition(
                    DeploymentProgress.progressing, .true, reason: "FoundNewReplicaSet",
                    message: "Found new replica set \"\(new.metadata.name)\"", at: now.wholeSecond))
            isChanged = true
        }
        if isChanged { write(deployment.status) }
        return true
    }

    /// Makes the replica set of the current template; false when that is not possible now.
    private mutating func create(existing: (String) -> Bool) -> Bool {
        let name = "\(deployment.metadata.name)-\(hash)"
        var status = deployment.status
        guard !existing(name) else {
            // Another template has this hash: the count of such accidents goes into the next one.
            status.collisionCount = (status.collisionCount ?? 0) + 1
            write(status)
            return false
        }
        var replicaSet = ReplicaSet(
            metadata: ObjectMeta(name: name, namespace: deployment.metadata.namespace), spec: ReplicaSet.Spec())
        var template = deployment.spec.template
        template.labels[DeploymentRevisions.hashLabel] = hash
        var selector = deployment.spec.selector ?? LabelSelector()
        selector.matchLabels[DeploymentRevisions.hashLabel] = hash
        replicaSet.metadata.labels = template.labels
        replicaSet.metadata.ownerReferences = [OwnerReference(controller: deployment.metadata, kind: .deployment)]
        replicaSet.spec.selector = selector
        replicaSet.spec.template = template
        replicaSet.spec.minReadySeconds = deployment.spec.minReadySeconds
        replicaSet.spec.replicas = DeploymentScaling.newSize(deployment, old: old, new: 0)
        _ = DeploymentRevisions.annotate(
            &replicaSet, from: deployment, newRevision: DeploymentRevisions.nextRevision(after: old), isNew: true)
        append(.create(.replicaSet(replicaSet)), scaling: name, from: 0, to: replicaSet.spec.replicas)
        new = replicaSet
        let revision = replicaSet.metadata.annotations[DeploymentRevisions.revision]
        let isNew = deployment.metadata.annotations[DeploymentRevisions.revision] != revision
        deployment.metadata.annotations[DeploymentRevisions.revision] = revision
        if deployment.spec.progressDeadlineSeconds != nil {
            deployment.status.conditions.replace(
                Condition(
                    DeploymentProgress.progressing, .true, reason: "NewReplicaSetCreated",
                    message: "Created new replica set \"\(name)\"", at: now.wholeSecond))
        }
        if isNew || deployment.spec.progressDeadlineSeconds != nil { write(deployment.status) }
        return true
    }

    /// Sets the size of a replica set and the sizes it was scaled for; does nothing when both stand.
    private mutating func scale(_ replicaSet: ReplicaSet, to replicas: Int64, from: Int64? = nil) {
        let before = from ?? replicaSet.spec.replicas
        var next = replicaSet
        next.spec.replicas = replicas
        let annotated = DeploymentRevisions.annotateSizes(&next, for: deployment)
        guard annotated || before != replicas else { return }
        if written.contains(next.metadata.uid) { next.metadata.resourceVersion = 0 }
        written.append(next.metadata.uid)
        append(.update(.replicaSet(next)), scaling: next.metadata.name, from: before, to: replicas)
    }

    /// The size that a replica set has before this change: that of an earlier write of the same step, if there is one.
    private func original(_ replicaSet: ReplicaSet) -> Int64 {
        for action in result.actions.reversed() {
            guard case .update(.replicaSet(let earlier)) = action, earlier.metadata.uid == replicaSet.metadata.uid
            else {
                continue
            }
            return earlier.spec.replicas
        }
        return old.first { $0.metadata.uid == replicaSet.metadata.uid }?.spec.replicas ?? replicaSet.spec.replicas
    }

    private mutating func append(_ action: Action, scaling name: String, from: Int64, to: Int64) {
        guard from != to else { return result.actions.append(action) }
        result.append(
            action,
            telling: EventRecord(
                key, reason: "ScalingReplicaSet",
                message: "Scaled \(to > from ? "up" : "down") replica set \(name) from \(from) to \(to)"))
    }

    /// Deletes the oldest of the empty old replica sets beyond `revisionHistoryLimit`.
    private mutating func cleanUp() {
        let limit = deployment.spec.revisionHistoryLimit
        guard limit != Int64(Int32.max) else { return }
        let candidates = old.filter { !$0.metadata.isDeleting }
        guard candidates.count > Int(limit) else { return }
        let sorted = candidates.sorted { left, right in
            let leftRevision = DeploymentRevisions.revision(of: left.metadata)
            let rightRevision = DeploymentRevisions.revision(of: right.metadata)
            return leftRevision != rightRevision ? leftRevision < rightRevision : DeploymentScaling.isOlder(left, right)
        }
        for replicaSet in sorted.prefix(candidates.count - Int(limit)) {
            guard replicaSet.status.replicas == 0, replicaSet.spec.replicas == 0,
                replicaSet.metadata.generation <= replicaSet.status.observedGeneration
            else { continue }
            let key = ObjectKey(.replicaSet, namespace: replicaSet.metadata.namespace, name: replicaSet.metadata.name)
            result.actions.append(
                .delete(key, uid: replicaSet.metadata.uid, gracePeriodSeconds: nil, propagation: .background))
        }
    }

    /// Says in the conditions that the deployment was paused or resumed, so that a pause does not count as lack of progress.
    private mutating func notePause() {
        guard deployment.spec.progressDeadlineSeconds != nil else { return }
        let reason = deployment.status.conditions.named(DeploymentProgress.progressing)?.reason
        guard reason != "ProgressDeadlineExceeded" else { return }
        let isNoted = reason == "DeploymentPaused"
        guard deployment.spec.paused != isNoted else { return }
        deployment.status.conditions.replace(
            deployment.spec.paused
                ? Condition(
                    DeploymentProgress.progressing, .unknown, reason: "DeploymentPaused",
                    message: "Deployment is paused", at: now.wholeSecond)
                : Condition(
                    DeploymentProgress.progressing, .unknown, reason: "DeploymentResumed",
                    message: "Deployment is resumed", at: now.wholeSecond))
        write(deployment.status)
    }

    // MARK: - Status

    /// Whether the deployment was written in this step: what is written after that would conflict.
    private var isWritten = false
    private var key: ObjectKey {
        ObjectKey(.deployment, namespace: deployment.metadata.namespace, name: deployment.metadata.name)
    }

    private mutating func finishRollout() {
        let status = DeploymentProgress.rolloutStatus(deployment, old: old, new: new, now: now)
        if status != deployment.status {
            write(status)
        } else {
            result.recheckAfter = DeploymentProgress.nextDeadline(deployment, now: now)
        }
    }

    /// Writes the counts where no rollout is done; as upstream (`syncDeploymentStatus`), nobody waits for its deadline then.
    private mutating func report() {
        let status = DeploymentProgress.counts(deployment, old: old, new: new, now: now)
        if status != deployment.status { write(status) }
    }

    /// Writes the deployment with `status`. As upstream, a step writes once: a second write, made from the version that
    /// the first replaced, would be refused, and its key comes back after its back-off.
    private mutating func write(_ status: Deployment.Status) {
        guard !isWritten else {
            result.retry = true
            return
        }
        isWritten = true
        var next = deployment
        next.status = status
        result.actions.append(.updateStatus(.deployment(next)))
    }
}
