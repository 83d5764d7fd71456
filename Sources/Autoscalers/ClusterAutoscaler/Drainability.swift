import Chronology
import ControlPlane
import KubernetesAPI

// Kubernetes counterpart: simulator/drainability/rules and core/scaledown/pdb (cluster-autoscaler).

/// Which pods keep the node on which they run, with what the budgets still allow.
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
        /// The node waits until it has ended by itself.
        case awaited
        /// It is evicted.
        case evicted
        case blocked(Blocker)
    }

    private static let safeToEvict = "cluster-autoscaler.kubernetes.io/safe-to-evict"
    private static let safeVolumes = "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes"
    private static let controllers: Set<String> = [
        "ReplicaSet", "ReplicationController", "Job", "StatefulSet", "DaemonSet",
    ]
    /// How much longer than its grace a pod may take to go before it counts as gone (`PodLongTerminatingExtraThreshold`).
    private static let terminationExtra = Duration.seconds(30)

    private let parameters: ClusterAutoscaler.Parameters
    private let view: any ClusterView
    private let budgets: [PodDisruptionBudget]
    /// The places of the budgets of a namespace; only looked up.
    private var budgetPlaces: [String: [Int]] = [:]
    /// How many more disruptions each budget allows.
    private var left: [Int64]

    init(_ scan: ClusterScan) {
        parameters = scan.parameters
        view = scan.view
        budgets = view.objects(of: .podDisruptionBudget, namespace: nil).compactMap {
            if case .podDisruptionBudget(let budget) = $0 { budget } else { nil }
        }
        left = budgets.map(\.status.disruptionsAllowed)
        for (place, budget) in budgets.enumerated() {
            budgetPlaces[budget.metadata.namespace, default: []].append(place)
        }
    }

    // MARK: - Verdicts

    /// Whether `pod` goes with its node and is asked no further.
    func isIgnored(_ pod: Pod) -> Bool {
        pod.isMirror || Self.isDaemon(pod) || pod.status.phase.isTerminal
            || Self.isLongTerminating(pod, at: view.now)
    }

    /// Returns what is to be done with `pod`.
    func verdict(_ pod: Pod) -> Verdict {
        if isIgnored(pod) { return .ignored }
        let annotations = pod.metadata.annotations
        switch annotations[Self.safeToEvict] {
        case "true": return .evicted
        case "on-completion": return .awaited
        default: break
        }
        guard let owner = pod.metadata.controllerReference else { return .blocked(.notReplicated) }
        if parameters.skipsNodesWithCustomControllerPods, !Self.controllers.contains(owner.kind) {
            return .blocked(.notReplicated)
        }
        if parameters.minReplicaCount > 0, case .replicaSet(let set)? = view.object(uid: owner.uid),
            set.spec.replicas < parameters.minReplicaCount
        {
            return .blocked(.minReplicasReached)
        }
        if let end = systemPodEnd(of: pod) { return end < view.now ? .evicted : .blocked(.unmovableKubeSystemPod) }
        if annotations[Self.safeToEvict] == "false" { return .blocked(.notSafeToEvict) }
        if parameters.skipsNodesWithLocalStorage, hasLocalStorage(pod) { return .blocked(.localStorage) }
        if places(covering: pod).contains(where: { left[$0] < 1 }) { return .blocked(.notEnoughBudget) }
        return .evicted
    }

    /// Returns when the verdict on `pod` changes by time alone; nil for not from now on.
    func changeTime(of pod: Pod) -> Instant? {
        guard let end = pod.isTerminating ? Self.terminationEnd(of: pod) : systemPodEnd(of: pod), end >= view.now
        else { return nil }
        return end + Duration(nanoseconds: 1)
    }

    /// Whether `pod` should have been gone for long: whatever holds it, nobody has to move it.
    static func isLongTerminating(_ pod: Pod, at now: Instant) -> Bool {
        terminationEnd(of: pod).map { $0 < now } ?? false
    }

    /// Until when a pod that was deleted is one that has to move.
    private static func terminationEnd(of pod: Pod) -> Instant? {
        pod.metadata.deletionTimestamp.map {
            $0 + .seconds(pod.spec.terminationGracePeriodSeconds) + terminationExtra
        }
    }

    /// Until when a pod of the system keeps its node; nil for other pods.
    private func systemPodEnd(of pod: Pod) -> Instant? {
        guard parameters.skipsNodesWithSystemPods, pod.metadata.namespace == "kube-system",
            places(covering: pod).isEmpty
        else { return nil }
        return pod.metadata.creationTimestamp + parameters.systemPodDisruptionTimeout
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

    // MARK: - Budgets

    /// Returns whether some of `pods` have to wait for others of them before they may go.
    func areRisky(_ pods: [Pod]) -> Bool {
        var left = self.left
        for pod in pods {
            for place in places(covering: pod) {
                if left[place] < 1 { return true }
                left[place] -= 1
            }
        }
        return false
    }

    /// Counts `pods` as gone: whoever is asked about later finds that much less room.
    mutating func charge(_ pods: [Pod]) {
        for pod in pods { for place in places(covering: pod) { left[place] -= 1 } }
    }

    private func places(covering pod: Pod) -> [Int] {
        guard let places = budgetPlaces[pod.metadata.namespace] else { return [] }
        return places.filter { budgets[$0].selector?.matches(pod.metadata.labels) ?? false }
    }
}
