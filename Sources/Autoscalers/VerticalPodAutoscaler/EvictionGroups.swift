// Kubernetes counterpart: vertical-pod-autoscaler/pkg/updater/restriction (v1.5). Deliberate differences: none known.

import ControlPlane
import KubernetesAPI

/// The pods of each controller, and how many of them may be evicted in one go.
struct EvictionGroups {
    /// The pods of one controller.
    struct Group: Hashable {
        /// How many there should be.
        var configured: Int64
        var pending: Int64 = 0
        var running: Int64 = 0
        /// How many may be away.
        var tolerance: Int64 = 0
        var evicted: Int64 = 0

        /// Whether one more running pod may go.
        var hasRoom: Bool {
            // Where nothing may be away, one may go while all are there.
            running - evicted > configured - tolerance
                || (configured == running && tolerance == 0 && evicted == 0)
        }
    }

    // Never iterated.
    private var groups: [UID: Group] = [:]

    /// Groups live pods; a controller with less than `minReplicas` of them loses none, and of the others one in
    /// `toleratedPart` may be away.
    init(of pods: [Pod], minReplicas: Int64, toleratedPart: Int64, in view: any ClusterView) {
        var order: [OwnerReference] = []
        for pod in pods {
            guard let owner = pod.metadata.controllerReference else { continue }
            if groups[owner.uid] == nil {
                order.append(owner)
                groups[owner.uid] = Group(configured: 0)
            }
            if pod.status.phase == .pending {
                groups[owner.uid]?.pending += 1
            } else {
                groups[owner.uid]?.running += 1
            }
        }
        let namespace = pods.first?.metadata.namespace ?? ""
        for owner in order {
            guard var group = groups[owner.uid] else { continue }
            let alive = group.pending + group.running
            guard alive >= minReplicas,
                let configured = Self.configured(owner, namespace: namespace, alive: alive, in: view), configured > 0
            else {
                groups[owner.uid] = nil
                continue
            }
            group.configured = configured
            group.tolerance = configured / toleratedPart
            groups[owner.uid] = group
        }
    }

    /// Returns how many pods a controller should have; nil when it is not there.
    private static func configured(
        _ owner: OwnerReference, namespace: String, alive: Int64, in view: any ClusterView
    ) -> Int64? {
        // A job has as many as it has.
        guard owner.kind != "Job" else { return alive }
        guard let kind = ObjectKind(name: owner.kind),
            let object = view.object(ObjectKey(kind, namespace: namespace, name: owner.name))
        else { return nil }
        if case .replicaSet(let set) = object { return set.spec.replicas }
        if case .statefulSet(let set) = object { return set.spec.replicas }
        if case .replicationController(let controller) = object { return controller.spec.replicas }
        if case .daemonSet(let set) = object { return set.status.numberReady }
        return nil
    }

    /// Whether a pod may be evicted: one that does not run yet, or one of a group that can do without it.
    func mayEvict(_ pod: Pod) -> Bool {
        guard let owner = pod.metadata.controllerUID, let group = groups[owner] else { return false }
        return pod.status.phase == .pending || group.hasRoom
    }

    /// A pod was evicted.
    mutating func noteEviction(of pod: Pod) {
        guard pod.status.phase != .pending, let owner = pod.metadata.controllerUID else { return }
        groups[owner]?.evicted += 1
    }
}
