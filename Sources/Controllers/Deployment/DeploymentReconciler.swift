// Kubernetes counterpart: pkg/controller/deployment (v1.36).
// Deliberate differences: the hash of a template is our own; the revision of the deployment and the adoption of replica
// sets are steps by themselves, after which the change of the object calls for the next.

package import ControlPlane
package import KubernetesAPI
import Chronology

/// Moves the replica sets of a deployment toward its template and size at the pace that its strategy allows.
package struct DeploymentReconciler: Reconciler {
    package static let name = "deployment-controller"
    package static let settings = ReconcilerSettings(workers: 5, retries: 15)
    package static let interest = ChangeInterest(
        [.deployment, .replicaSet], pods: .deleted, ofOwner: .replicaSet)

    // The hash of each deployment's template, found again by the identity of the template's spec.
    private var hashes: [ObjectKey: TemplateHash] = [:]
    // Why the replica set of a deployment's template could last not be made, to be told with its next step.
    private var refusals: [ObjectKey: String] = [:]

    private struct TemplateHash {
        var template: PodTemplateSpec
        var collisions: Int64?
        var text: String
    }

    package init() {}

    package mutating func reconcile(_ key: ObjectKey, in view: any ClusterView) -> ReconcileResult {
        guard let deployment = view.deployment(namespace: key.namespace, name: key.name) else {
            hashes[key] = nil
            refusals[key] = nil
            return .settled
        }
        if deployment.spec.selector?.isEmpty ?? true {
            return Self.refuseEmptySelector(deployment, key)
        }
        let (replicaSets, claims) = Self.claim(deployment, in: view)
        if !claims.isEmpty { return ReconcileResult(actions: claims) }

        var rollout = DeploymentRollout(
            deployment, replicaSets: replicaSets, hash: hash(of: deployment, key), now: view.now)
        if let refusal = refusals.removeValue(forKey: key) { rollout.report(refusal: refusal) }
        rollout.run(
            runningPods: { replicaSet in
                view.pods(controlledBy: replicaSet.metadata.uid).contains { !$0.status.phase.isTerminal }
            },
            existing: { view.replicaSet(namespace: key.namespace, name: $0) != nil })
        return rollout.result
    }

    package mutating func observe(_ action: Action, error: ActionError?) {
        guard let error, case .create(.replicaSet(let replicaSet)) = action,
            let key = replicaSet.metadata.controllerKey(.deployment)
        else { return }
        switch error {
        // A name that is taken is a matter of the hash, and a namespace that goes takes the deployment along.
        case .alreadyExists, .namespaceTerminating: return
        case .notFound, .conflict, .disruptionBudget, .invalid, .forbidden, .unavailable:
            refusals[key] = "Failed to create new replica set \"\(replicaSet.metadata.name)\": \(error)"
        }
    }

    package func keys(for change: WatchEvent, in view: any ClusterView) -> [ObjectKey] {
        let object = change.object
        switch object {
        case .deployment: return [object.key]
        case .replicaSet(let replicaSet): return Self.keys(forReplicaSet: replicaSet.metadata, change: change, in: view)
        case .pod(let pod):
            // Recreate waits for the last old pod to be gone.
            guard case .deleted = change, let owner = pod.metadata.controllerKey(.replicaSet),
                let key = view.object(owner)?.metadata.controllerKey(.deployment),
                view.object(key)?.recreatesPods ?? false
            else { return [] }
            return [key]
        case .namespace, .node, .statefulSet, .daemonSet, .job, .cronJob, .service, .podDisruptionBudget,
            .priorityClass, .persistentVolume, .persistentVolumeClaim, .storageClass, .horizontalPodAutoscaler,
            .verticalPodAutoscaler,
            .resourceQuota, .limitRange, .replicationController, .controllerRevision, .lease, .endpoints,
            .endpointSlice, .csiNode,
            .other:
            return []
        }
    }

    private static func keys(
        forReplicaSet metadata: ObjectMeta, change: WatchEvent, in view: any ClusterView
    ) -> [ObjectKey] {
        var keys: [ObjectKey] = []
        if let key = metadata.controllerKey(.deployment) { keys.append(key) }
        if let key = change.previous?.metadata.controllerKey(.deployment), !keys.contains(key) { keys.append(key) }
        if metadata.controllerReference == nil {
            for case .deployment(let candidate) in view.objects(of: .deployment, namespace: metadata.namespace)
            where candidate.spec.selector?.matches(metadata.labels) ?? false {
                let key = ObjectKey(.deployment, namespace: metadata.namespace, name: candidate.metadata.name)
                if !keys.contains(key) { keys.append(key) }
            }
        }
        return keys
    }

    /// Returns the replica sets that are the deployment's, and the adoptions and releases that must come first.
    private static func claim(_ deployment: Deployment, in view: any ClusterView) -> ([ReplicaSet], [Action]) {
        let uid = deployment.metadata.uid
        var mine: [ReplicaSet] = []
        var changes: [Action] = []
        for replicaSet in view.replicaSets(controlledBy: uid) {
            if deployment.spec.selector?.matches(replicaSet.metadata.labels) ?? false {
                mine.append(replicaSet)
            } else if !deployment.metadata.isDeleting {
                var released = replicaSet
                released.metadata = replicaSet.metadata.removingOwners { $0.uid == uid }
                changes.append(.update(.replicaSet(released)))
            }
        }
        guard !deployment.metadata.isDeleting else { return (mine, changes) }
        for replicaSet in view.orphanReplicaSets(inNamespace: deployment.metadata.namespace)
        where !replicaSet.metadata.isDeleting {
            guard deployment.spec.selector?.matches(replicaSet.metadata.labels) ?? false else { continue }
            var adopted = replicaSet
            adopted.metadata.ownerReferences.append(OwnerReference(controller: deployment.metadata, kind: .deployment))
            changes.append(.update(.replicaSet(adopted)))
        }
        return (mine, changes)
    }

    private static func refuseEmptySelector(_ deployment: Deployment, _ key: ObjectKey) -> ReconcileResult {
        guard deployment.status.observedGeneration < deployment.metadata.generation else { return .settled }
        var changed = deployment
        changed.status.observedGeneration = deployment.metadata.generation
        return ReconcileResult(
            actions: [.updateStatus(.deployment(changed))],
            events: [
                EventRecord(
                    key, .warning, reason: "SelectingAll",
                    message: "This deployment is selecting all pods. A non-empty selector is required.")
            ])
    }

    private mutating func hash(of deployment: Deployment, _ key: ObjectKey) -> String {
        let template = deployment.spec.template
        let collisions = deployment.status.collisionCount
        if let known = hashes[key], known.collisions == collisions, known.template == template { return known.text }
        let text = DeploymentRevisions.hash(of: template, collisions: collisions)
        hashes[key] = TemplateHash(template: template, collisions: collisions, text: text)
        return text
    }
}
