import Chronology
import ControlPlane
import KubernetesAPI
import SchedulingFramework

// Kubernetes counterpart: simulator/drainability/rules (cluster-autoscaler).

/// Which pods keep the node on which they run.
struct Drainability {
    /// Why a pod keeps its node (`drain.BlockingPodReason`).
    enum Blocker: String, Hashable, Sendable {
        case notReplicated = "NotReplicated"
        case minReplicasReached = "MinReplicasReached"
        case unmovableKubeSystemPod = "UnmovableKubeSystemPod"
        case notSafeToEvict = "NotSafeToEvictAnnotation"
        case localStorage = "LocalStorageRequested"
        case notEnoughBudget = "NotEnoughPdb"
    }

    /// What the autoscaler does with a pod of a node that is to go.
    enum Verdict: Hashable, Sendable {
        /// It goes with the node, or is gone already.
        case ignored
        /// It is evicted.
        case evicted
        case blocked(Blocker)
    }

    private static let safeToEvict = "cluster-autoscaler.kubernetes.io/safe-to-evict"
    private static let safeVolumes = "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes"
    private static let controllers: Set<String> = [
        "ReplicaSet", "ReplicationController", "Job", "StatefulSet", "DaemonSet",
    ]

    let parameters: ClusterAutoscaler.Parameters
    let view: any ClusterView
    let budgets: [PodDisruptionBudget]

    init(_ scan: ClusterScan) {
        parameters = scan.parameters
        view = scan.view
        budgets = view.objects(of: .podDisruptionBudget, namespace: nil).compactMap {
            if case .podDisruptionBudget(let budget) = $0 { budget } else { nil }
        }
    }

    /// Returns what is to be done with `pod`.
    func verdict(_ pod: Pod) -> Verdict {
        if pod.isMirror || Self.isDaemon(pod) || pod.isTerminating || pod.status.phase.isTerminal {
            return .ignored
        }
        let annotations = pod.metadata.annotations
        if annotations[Self.safeToEvict] == "true" { return .evicted }
        guard let owner = pod.metadata.controllerReference else { return .blocked(.notReplicated) }
        if parameters.skipsNodesWithCustomControllerPods, !Self.controllers.contains(owner.kind) {
            return .blocked(.notReplicated)
        }
        if parameters.minReplicaCount > 0, case .replicaSet(let set)? = view.object(uid: owner.uid),
            set.spec.replicas < parameters.minReplicaCount
        {
            return .blocked(.minReplicasReached)
        }
        if parameters.skipsNodesWithSystemPods, pod.metadata.namespace == "kube-system", budget(of: pod) == nil {
            return .blocked(.unmovableKubeSystemPod)
        }
        if annotations[Self.safeToEvict] == "false" { return .blocked(.notSafeToEvict) }
        if parameters.skipsNodesWithLocalStorage, hasLocalStorage(pod) { return .blocked(.localStorage) }
        return .evicted
    }

    /// Returns whether the budgets let all of `pods` go at once.
    func allows(_ pods: [Pod]) -> Bool {
        var left = budgets.map(\.status.disruptionsAllowed)
        for pod in pods {
            for (place, budget) in budgets.enumerated() where covers(budget, pod) {
                if left[place] < 1 { return false }
                left[place] -= 1
            }
        }
        return true
    }

    private func budget(of pod: Pod) -> PodDisruptionBudget? { budgets.first { covers($0, pod) } }

    private func covers(_ budget: PodDisruptionBudget, _ pod: Pod) -> Bool {
        budget.metadata.namespace == pod.metadata.namespace
            && budget.selector?.matches(pod.metadata.labels) ?? false
    }

    private func hasLocalStorage(_ pod: Pod) -> Bool {
        let safe = pod.metadata.annotations[Self.safeVolumes]?.split(separator: ",").map(String.init) ?? []
        return pod.spec.volumes.contains { volume in
            if safe.contains(volume.name) { return false }
            if case .hostPath = volume.source { return true }
            if case .emptyDir(let inMemory, _) = volume.source { return !inMemory }
            return false
        }
    }

    static func isDaemon(_ pod: Pod) -> Bool { pod.metadata.controllerKind == "DaemonSet" }
}

/// How much of a node its pods ask for (`simulator/utilization`).
enum NodeUtilization {
    /// Whether the requests are at most the share at which a node may be superfluous.
    static func isLow(_ node: NodeInfo, _ parameters: ClusterAutoscaler.Parameters) -> Bool {
        if node.gpus != nil, let gpu = node.allocatable.scalars.first(where: { $0.name.text.hasSuffix("/gpu") }) {
            let threshold = parameters.scaleDownGpuUtilizationThreshold
            return isAtMost(threshold, node.requested.scalar(gpu.name), gpu.amount)
        }
        var (used, whole) = (node.requested, node.allocatable)
        for pod in node.pods {
            if parameters.ignoresDaemonSetsUtilization, Drainability.isDaemon(pod.pod) {
                used.add(pod.shape.requests, sign: -1)
                whole.add(pod.shape.requests, sign: -1)
            } else if parameters.ignoresMirrorPodsUtilization, pod.pod.isMirror {
                used.add(pod.shape.requests, sign: -1)
                whole.add(pod.shape.requests, sign: -1)
            }
        }
        let threshold = parameters.scaleDownUtilizationThreshold
        return isAtMost(threshold, used.milliCPU, whole.milliCPU) && isAtMost(threshold, used.memory, whole.memory)
    }

    private static func isAtMost(_ threshold: Int64, _ used: Int64, _ whole: Int64) -> Bool {
        Int128(used) * 1000 <= Int128(threshold) * Int128(whole)
    }
}
