import ControlPlane
import KubernetesAPI

/// The extremes of a replay: numbers of pods and of unavailable replicas, by the workload at the top.
struct TraceBounds {
    private(set) var values: [String: Int64] = [:]
    private var live: [UID: (root: String, isActive: Bool)] = [:]
    private var wasFull: [String] = []
    private(set) var taintedNoExecute: Int64 = 0

    mutating func note(_ change: WatchEvent, in view: any ClusterView) {
        switch change.object {
        case .pod(let pod): notePod(pod, change, in: view)
        case .deployment(let deployment):
            if case .deleted = change { return }
            noteDeployment(deployment)
        case .node(let node):
            guard case .modified(.node(let old), _) = change else { return }
            let was = old.spec.taints.contains { $0.effect == .noExecute }
            if !was, node.spec.taints.contains(where: { $0.effect == .noExecute }) { taintedNoExecute += 1 }
        default: break
        }
    }

    private mutating func notePod(_ pod: Pod, _ change: WatchEvent, in view: any ClusterView) {
        let uid = pod.metadata.uid
        guard let root = Self.root(of: pod, in: view) else {
            live[uid] = nil
            return
        }
        if case .deleted = change {
            live[uid] = nil
        } else {
            if case .added = change { values["\(root)/podsCreatedInTotal", default: 0] += 1 }
            live[uid] = (root, pod.isActive)
        }
        var active: Int64 = 0
        var all: Int64 = 0
        for entry in live.values where entry.root == root {
            all += 1
            if entry.isActive { active += 1 }
        }
        raise("\(root)/maxActivePods", to: active)
        raise("\(root)/maxPodsInclTerminating", to: all)
    }

    private mutating func noteDeployment(_ deployment: Deployment) {
        let name = deployment.metadata.name
        let status = deployment.status
        raise("\(name)/maxReplicas", to: status.replicas)
        raise("\(name)/maxUnavailableReplicas", to: status.unavailableReplicas)
        if !wasFull.contains(name), status.availableReplicas >= deployment.spec.replicas, status.replicas > 0 {
            wasFull.append(name)
            values["\(name)/minAvailableReplicasAfterFirstFull"] = status.availableReplicas
        }
        guard wasFull.contains(name) else { return }
        let least = values["\(name)/minAvailableReplicasAfterFirstFull"] ?? Int64.max
        values["\(name)/minAvailableReplicasAfterFirstFull"] = min(least, status.availableReplicas)
    }

    private mutating func raise(_ key: String, to value: Int64) { values[key] = max(values[key] ?? 0, value) }

    /// The workload at the top of the pod's owners.
    private static func root(of pod: Pod, in view: any ClusterView) -> String? {
        guard var owner = pod.metadata.controllerReference else { return nil }
        while let next = view.object(uid: owner.uid)?.metadata.controllerReference { owner = next }
        return owner.name
    }
}
