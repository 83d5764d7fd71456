import Chronology
import ClusterStore
import ControlPlane
import Controllers
import KubernetesAPI

/// Whether the objects of a cluster have what they ask for.
struct ConvergenceVerdict {
    private let world: World
    var view: StoreView { world.api }
    // Pods that no node takes; only asked about, never listed.
    private var placeless: Set<UID> = []

    init(of world: World) { self.world = world }

    /// Returns the first object that is not as it should be, or nil.
    mutating func firstUnsettled() -> Unsettled? {
        if world.hasOpenFaults { return Unsettled("the cluster", "has a fault that has not healed") }
        switch world.placelessPods() {
        case .failure(let found): return found
        case .success(let pods): placeless = Set(pods)
        }
        for kind in ObjectKind.allCases {
            for object in view.objects(of: kind, namespace: nil) {
                if let found = problem(of: object) { return found }
            }
        }
        return nil
    }

    private func problem(of object: KubernetesObject) -> Unsettled? {
        let metadata = object.metadata
        let name = "\(object.key)"
        if metadata.deletionTimestamp != nil, !isHeld(object) {
            return Unsettled(name, "is still being deleted", "for \(metadata.finalizers)")
        }
        let owners = metadata.ownerReferences
        if !owners.isEmpty, owners.allSatisfy({ view.object(uid: $0.uid) == nil }) {
            return Unsettled(name, "has lost all its owners and is still there")
        }
        return problem(ofContent: object).map { Unsettled(name, $0.0, $0.1) }
    }

    private func problem(ofContent object: KubernetesObject) -> (String, String)? {
        if case .deployment(let deployment) = object { return problem(of: deployment) }
        if case .replicaSet(let set) = object { return problem(of: set) }
        if case .statefulSet(let set) = object { return problem(of: set) }
        if case .daemonSet(let set) = object { return problem(of: set) }
        if case .job(let job) = object { return problem(of: job) }
        if case .node(let node) = object { return problem(of: node) }
        if case .pod(let pod) = object { return problem(of: pod) }
        if case .resourceQuota(let quota) = object {
            let counted = quota.recounted(in: view)
            return counted.used == quota.used ? nil : ("counts wrong", "says \(quota.used), is \(counted.used)")
        }
        return nil
    }

    /// Whether a deletion rightly waits: for the pods that use a claim, or for a kubelet without power.
    private func isHeld(_ object: KubernetesObject) -> Bool {
        if case .pod(let pod) = object { return pod.nodeName.map { !hasPower($0) } ?? false }
        if case .persistentVolumeClaim(let claim) = object {
            return view.pods(inNamespace: claim.metadata.namespace).contains { pod in
                !pod.status.phase.isTerminal
                    && pod.spec.volumes.contains { $0.source == .persistentVolumeClaim(name: claim.metadata.name) }
            }
        }
        if case .persistentVolume(let volume) = object { return volume.spec.claimName != nil }
        return false
    }

    func hasPower(_ name: String) -> Bool {
        world.nodeByName[name].map { world.nodes[Int($0)].isOn } ?? false
    }

    /// Whether workloads rightly lack pods: no node takes one of `pods`, or machines do not stand what runs on them.
    func mayLack(_ pods: [Pod]) -> Bool {
        isOverfull || pods.contains { placeless.contains($0.metadata.uid) }
    }

    /// Whether a kubelet lately ended pods for want of memory or disk.
    ///
    /// The pods that follow use as much and end as well, in turns with the back-off of their controllers, for ever: nothing
    /// but other pods or machines will settle that.
    private var isOverfull: Bool {
        world.pressure.lastEviction.map { world.now - $0 < Self.longestTurn } ?? false
    }

    // The back-off of a DaemonSet grows to 15 minutes, in which memory may fill slowly.
    private static let longestTurn = Duration.hours(1)

    private func problem(of node: Node) -> (String, String)? {
        guard hasPower(node.metadata.name) else { return nil }
        if !node.isReady { return ("is not ready", "") }
        let taints = node.spec.taints.map(\.key)
        for key in ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"] where taints.contains(key) {
            return ("is ready and has the taint of one that is not", key)
        }
        if taints.contains("node.kubernetes.io/unschedulable"), !node.spec.unschedulable {
            return ("is not cordoned and has the taint of one that is", "")
        }
        return nil
    }

    private func problem(of pod: Pod) -> (String, String)? {
        if pod.nodeName != nil, pod.status.phase == .pending, !pod.isTerminating {
            return ("has a node and does not run", "")
        }
        if pod.status.phase.isTerminal, pod.metadata.finalizers.contains(JobPlan.finalizer) {
            return ("has ended and is not counted", "")
        }
        return nil
    }
}

// MARK: - Workloads

extension ConvergenceVerdict {
    private func problem(of deployment: Deployment) -> (String, String)? {
        let wanted = deployment.spec.replicas
        let status = deployment.status
        if status.observedGeneration != deployment.metadata.generation { return ("is not observed", "") }
        let sets = view.replicaSets(controlledBy: deployment.metadata.uid)
        let pods = sets.flatMap { view.pods(controlledBy: $0.metadata.uid) }
        if deployment.spec.paused || mayLack(pods) || HeldRollout(deployment, sets) != nil { return nil }
        if status.updatedReplicas != wanted || status.availableReplicas != wanted || status.replicas != wanted {
            return ("is not at its count", "wants \(wanted), has \(status)")
        }
        let sum = sets.reduce(0) { $0 + $1.spec.replicas }
        return sum == wanted ? nil : ("asks for a wrong sum of replicas", "\(sum) instead of \(wanted)")
    }

    private func problem(of set: ReplicaSet) -> (String, String)? {
        let pods = view.pods(controlledBy: set.metadata.uid).filter(\.isActive)
        let wanted = set.spec.replicas
        let status = set.status
        if Int64(pods.count) != wanted { return ("is not at its count", "wants \(wanted), has \(pods.count)") }
        if status.observedGeneration != set.metadata.generation || status.replicas != wanted {
            return ("reports a wrong count", "wants \(wanted), reports \(status)")
        }
        if mayLack(pods) || waitsForSuccessor(set) { return nil }
        if let pod = pods.first(where: { !$0.isReady }) { return ("waits for a pod", pod.metadata.name) }
        return status.readyReplicas == wanted && status.availableReplicas == wanted
            ? nil : ("reports a wrong count", "wants \(wanted), reports \(status)")
    }

    /// Whether a ReplicaSet is of a revision that a fault made bad, so that no cluster gets its pods ready, and stays
    /// until pods of its Deployment have a node that rightly get none.
    private func waitsForSuccessor(_ set: ReplicaSet) -> Bool {
        guard world.faults.variants[set.metadata.uid] ?? 0 > 0, let owner = set.metadata.controllerUID else {
            return false
        }
        return mayLack(view.replicaSets(controlledBy: owner).flatMap { view.pods(controlledBy: $0.metadata.uid) })
    }

    /// Whether the pod runs the images of a template; other fields are filled in on the way.
    static func isMade(_ pod: Pod, from template: PodTemplateSpec) -> Bool {
        pod.spec.containers.map(\.image) == template.spec.containers.map(\.image)
    }

    /// Whether what a controller asks for may rightly be still to do.
    func mayWait(_ action: Action) -> Bool {
        // One that has just started does not know how long the one before it waits for the next turn.
        if isOverfull, [.pod, .job, .daemonSet].contains(action.key.kind) { return true }
        if case .updateStatus(.podDisruptionBudget(let budget)) = action {
            // Budgets hear of pods alone: another scale of their controller counts from the next change of a pod on.
            guard case .podDisruptionBudget(let stored)? = view.object(KubernetesObject.podDisruptionBudget(budget).key)
            else { return false }
            return stored.status.currentHealthy == budget.status.currentHealthy
        }
        if case .updateStatus(.daemonSet(let set)) = action {
            return view.pods(controlledBy: set.metadata.uid).contains(where: isStranded)
        }
        guard case .delete(let key, _, _, _) = action, key.kind == .pod else { return false }
        guard let pod = view.pod(namespace: key.namespace, name: key.name) else { return false }
        return isLeftover(pod) || isStranded(pod)
    }

    private func problem(of job: Job) -> (String, String)? {
        let pods = view.pods(controlledBy: job.metadata.uid)
        guard let finished = job.finishedCondition else {
            if job.spec.suspend || mayLack(pods) { return nil }
            return ("has not finished", "\(job.status)")
        }
        if pods.contains(where: \.isActive) { return ("has finished and has pods", "") }
        if !job.status.uncountedFailed.isEmpty || !job.status.uncountedSucceeded.isEmpty {
            return ("has not counted", "")
        }
        if finished.type == "Complete", let completions = job.spec.completions, job.spec.successPolicy.isEmpty {
            if job.status.succeeded < completions || job.spec.indexed && job.status.succeeded > completions {
                return ("is complete too early", "\(job.status.succeeded) of \(completions)")
            }
        }
        return nil
    }
}
