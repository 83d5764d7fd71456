import ControlPlane
import KubernetesAPI

extension ReplicaSetReconciler {
    /// Returns the step for a replica set whose pods need not be looked at one by one, or nil when they must be.
    ///
    /// A short cut for the steady state of large sets: the same step as the full one as long as every pod carries the
    /// template's labels, none is to be deleted or adopted, and readiness alone makes a pod available.
    mutating func reconcileInSum(
        _ replicaSet: ReplicaSet, _ key: ObjectKey, in view: any ClusterView
    ) -> ReconcileResult? {
        let template = replicaSet.spec.template.labels
        guard let summary = view.podSummary(controlledBy: replicaSet.metadata.uid), summary.total > 0,
            summary.labels == template, summary.active <= replicaSet.spec.replicas,
            replicaSet.spec.minReadySeconds == 0, replicaSet.spec.selector?.matches(template) == true,
            hasNothingToTell(about: key), !replicaSet.metadata.isDeleting,
            view.orphanPods(inNamespace: key.namespace).isEmpty, requests.expectations.areSeen(key, in: view)
        else { return nil }
        var status = replicaSet.status
        status.fullyLabeledReplicas = summary.active
        status.readyReplicas = summary.ready
        status.availableReplicas = summary.ready
        status.replicas = summary.active
        status.terminatingReplicas = kind == .replicationController ? nil : summary.terminating
        status.observedGeneration = replicaSet.metadata.generation
        if status.conditions.named("ReplicaFailure") != nil { return nil }
        var result = ReconcileResult()
        result.events = requests.takeEvents(of: key)
        let missing = min(Int(replicaSet.spec.replicas - summary.active), Self.burst)
        if missing > 0 {
            requests.expectations.plan(key, pods: [], deleting: [], now: view.now)
            result.actions.reserveCapacity(missing + 1)
            for _ in 0..<missing { result.actions.append(.create(.pod(pod(of: replicaSet)))) }
        }
        if status != replicaSet.status { result.actions.append(.updateStatus(object(replicaSet.with(status)))) }
        return result
    }
}
