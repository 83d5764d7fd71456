import Chronology
import ClusterStore
import ControlPlane
import Controllers
import KubernetesAPI

@testable import Simulation

/// Whether a cluster is in the state that its objects ask for, and its controllers want nothing more.
enum TrialVerdict {
    /// Returns what is not as it should be, or nil.
    static func problem(in world: World) -> String? {
        let view = world.api
        for kind in ObjectKind.allCases {
            for object in view.objects(of: kind, namespace: nil) {
                if let problem = problem(of: object, in: view) { return "\(object.key) \(problem)" }
            }
        }
        return leftover(in: world)
    }

    private static func problem(of object: KubernetesObject, in view: StoreView) -> String? {
        let metadata = object.metadata
        if metadata.deletionTimestamp != nil { return "is still being deleted, for \(metadata.finalizers)" }
        if !metadata.ownerReferences.isEmpty, metadata.ownerReferences.allSatisfy({ view.object(uid: $0.uid) == nil }) {
            return "has lost all its owners and is still there"
        }
        if case .deployment(let deployment) = object { return problem(of: deployment, in: view) }
        if case .replicaSet(let set) = object { return problem(of: set, in: view) }
        if case .statefulSet(let set) = object { return problem(of: set, in: view) }
        if case .daemonSet(let set) = object { return problem(of: set, in: view) }
        if case .job(let job) = object { return problem(of: job, in: view) }
        if case .resourceQuota(let quota) = object {
            let counted = quota.recounted(in: view)
            return counted.used == quota.used ? nil : "says \(quota.used), and it is \(counted.used)"
        }
        if case .node(let node) = object {
            if !node.isReady { return "is not ready" }
            return node.spec.taints.isEmpty ? nil : "has taints"
        }
        if case .pod(let pod) = object {
            if pod.status.phase == .pending { return "is pending" }
            if pod.status.phase.isTerminal, pod.metadata.finalizers.contains(JobPlan.finalizer) { return "is not counted" }
        }
        return nil
    }

    private static func problem(of deployment: Deployment, in view: StoreView) -> String? {
        let wanted = deployment.spec.replicas
        let status = deployment.status
        if status.observedGeneration != deployment.metadata.generation { return "is not observed" }
        if status.updatedReplicas != wanted || status.availableReplicas != wanted || status.replicas != wanted {
            return "wants \(wanted) and has \(status)"
        }
        let sum = view.replicaSets(controlledBy: deployment.metadata.uid).reduce(0) { $0 + $1.spec.replicas }
        return sum == wanted ? nil : "asks its replica sets for \(sum) of \(wanted)"
    }

    private static func problem(of set: ReplicaSet, in view: StoreView) -> String? {
        let pods = view.pods(controlledBy: set.metadata.uid).filter(\.isActive)
        if Int64(pods.count) != set.spec.replicas { return "wants \(set.spec.replicas) and has \(pods.count)" }
        if let pod = pods.first(where: { !$0.isReady }) { return "waits for \(pod.metadata.name)" }
        let status = set.status
        return status.replicas == set.spec.replicas && status.readyReplicas == set.spec.replicas
            && status.availableReplicas == set.spec.replicas && status.observedGeneration == set.metadata.generation
            ? nil : "wants \(set.spec.replicas) and reports \(status)"
    }

    private static func problem(of set: StatefulSet, in view: StoreView) -> String? {
        let pods = view.pods(controlledBy: set.metadata.uid)
        let wanted = set.ordinals.map { "\(set.metadata.name)-\($0)" }.sorted()
        let names = pods.map(\.metadata.name).sorted()
        if names != wanted { return "wants \(wanted) and has \(names)" }
        if let pod = pods.first(where: { !$0.isReady }) { return "waits for \(pod.metadata.name)" }
        let status = set.status
        if status.replicas != set.spec.replicas || status.availableReplicas != set.spec.replicas
            || status.observedGeneration != set.metadata.generation
        {
            return "wants \(set.spec.replicas) and reports \(status)"
        }
        guard case .rollingUpdate(let partition, _) = set.spec.updateStrategy else { return nil }
        for pod in pods {
            guard let ordinal = StatefulPodName(pod.metadata.name)?.ordinal,
                ordinal >= set.spec.ordinalsStart + partition
            else { continue }
            if pod.spec.containers != set.spec.template.spec.containers { return "has the old \(pod.metadata.name)" }
        }
        return nil
    }

    private static func problem(of set: DaemonSet, in view: StoreView) -> String? {
        let pods = view.pods(controlledBy: set.metadata.uid)
        let places = pods.compactMap(\.nodeName).sorted()
        let wanted = view.nodes().map(\.metadata.name).sorted()
        if places != wanted || pods.count != wanted.count { return "is on \(places), not on \(wanted)" }
        if let pod = pods.first(where: { !$0.isReady }) { return "waits for \(pod.metadata.name)" }
        if let pod = pods.first(where: { $0.spec.containers != set.spec.template.spec.containers }) {
            return "has the old \(pod.metadata.name)"
        }
        return set.status.numberAvailable == Int64(wanted.count) && set.status.numberMisscheduled == 0
            && set.status.observedGeneration == set.metadata.generation ? nil : "reports \(set.status)"
    }

    private static func problem(of job: Job, in view: StoreView) -> String? {
        guard let finished = job.finishedCondition else { return "has not finished: \(job.status)" }
        if view.pods(controlledBy: job.metadata.uid).contains(where: \.isActive) { return "has finished and has pods" }
        if !job.status.uncountedFailed.isEmpty || !job.status.uncountedSucceeded.isEmpty { return "has not counted" }
        if finished.type == "Complete", let completions = job.spec.completions {
            if job.status.succeeded < completions || job.spec.indexed && job.status.succeeded > completions {
                return "is complete with \(job.status.succeeded) of \(completions)"
            }
        }
        return nil
    }

    /// What a controller still wants, or one that has just started would.
    private static func leftover(in world: World) -> String? {
        if !world.toControllers.isEmpty { return "changes are on their way" }
        for (host, descriptor) in zip(world.hosts, ControllerRegistry.all) {
            for var reconciler in [host.reconciler, descriptor.make()] {
                for kind in ObjectKind.allCases {
                    for object in world.api.objects(of: kind, namespace: nil) {
                        for key in reconciler.keys(for: .added(object), in: world.api) {
                            let actions = reconciler.reconcile(key, in: world.api).actions
                            if let action = actions.first { return "\(host.name) still wants \(action)" }
                        }
                    }
                }
            }
        }
        return nil
    }
}
