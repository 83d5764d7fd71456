// Kubernetes counterpart: vertical-pod-autoscaler/pkg/target (v1.5), with its controller fetcher.
// Deliberate differences: pods are found by who controls them, not by the labels that their workload selects; kinds of
// other groups that have a scale are not followed.

import ControlPlane
import KubernetesAPI

/// The workload whose pods a VerticalPodAutoscaler follows.
struct VerticalTarget {
    let object: KubernetesObject

    /// Reads what stands at `key`; nil when there is nothing.
    init?(_ key: ObjectKey, in view: any ClusterView) {
        guard let object = view.object(key) else { return nil }
        self.object = object
    }

    /// Returns the key of what an autoscaler follows; nil for a kind that nobody follows.
    static func key(of autoscaler: VerticalPodAutoscaler) -> ObjectKey? {
        guard isFollowed(autoscaler.targetKind), let kind = ObjectKind(name: autoscaler.targetKind) else { return nil }
        return ObjectKey(kind, namespace: autoscaler.metadata.namespace, name: autoscaler.targetName)
    }

    private static func isFollowed(_ kind: String) -> Bool { VerticalPodAutoscaler.targetKinds.contains(kind) }

    /// Returns the workload at the top of a pod's chain of controllers; nil when there is none, or a link is missing.
    static func topmost(of pod: Pod, in view: any ClusterView) -> ObjectKey? {
        guard var link = pod.metadata.controllerReference else { return nil }
        var top: ObjectKey?
        // A chain is short: Pod, ReplicaSet, Deployment, or Pod, Job, CronJob.
        for _ in 0..<8 {
            guard isFollowed(link.kind), let kind = ObjectKind(name: link.kind) else { return top }
            let key = ObjectKey(kind, namespace: pod.metadata.namespace, name: link.name)
            guard let object = view.object(key) else { return nil }
            top = key
            guard let next = object.metadata.controllerReference else { return top }
            link = next
        }
        return nil
    }

    /// Returns the pods of the workload, finished and pending ones included.
    func pods(in view: any ClusterView) -> [Pod] {
        let uid = object.metadata.uid
        if case .deployment = object {
            return view.replicaSets(controlledBy: uid).flatMap { view.pods(controlledBy: $0.metadata.uid) }
        }
        if case .cronJob = object {
            return view.dependents(of: uid).flatMap { dependent -> [Pod] in
                guard case .job(let job) = dependent else { return [] }
                return view.pods(controlledBy: job.metadata.uid)
            }
        }
        return view.pods(controlledBy: uid)
    }
}

extension VerticalPodAutoscaler {
    /// Whether this one decides over a pod that `other` is about as well: the older one does.
    func isStronger(than other: VerticalPodAutoscaler) -> Bool {
        if metadata.creationTimestamp != other.metadata.creationTimestamp {
            return metadata.creationTimestamp < other.metadata.creationTimestamp
        }
        return metadata.name < other.metadata.name
    }

    /// The key under which it is stored.
    var key: ObjectKey {
        ObjectKey(.verticalPodAutoscaler, namespace: metadata.namespace, name: metadata.name)
    }
}
