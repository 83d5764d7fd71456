// Kubernetes counterpart: pkg/controller/resourcequota (v1.36).
// Deliberate differences: the full recount comes five minutes after the last one of the same quota.

package import ControlPlane
package import KubernetesAPI
package import Chronology

/// Keeps count of what the objects of a namespace take of its quotas.
package struct ResourceQuotaReconciler: Reconciler {
    package static let name = "resourcequota-controller"
    package static let settings = ReconcilerSettings(workers: 5)
    package static let interest = ChangeInterest(
        ObjectKind.allCases.filter { $0.isNamespaced && $0 != .pod && $0 != .lease }, pods: [.deleted, .phase],
        while: .resourceQuota)
    /// The time after which a quota is counted again though nothing changed (`--resource-quota-sync-period`).
    package static let period = Duration.minutes(5)

    package init() {}

    package func keys(for change: WatchEvent, in view: any ClusterView) -> [ObjectKey] {
        switch change {
        case .added(let object):
            if case .resourceQuota = object { return [object.key] }
            return []
        case .modified(.resourceQuota(let old), let new):
            // What admission and this controller write into the status needs no second look.
            guard case .resourceQuota(let quota) = new, quota.hard != old.hard else { return [] }
            return [new.key]
        case .modified(.pod(let old), let new):
            guard case .pod(let pod) = new, !old.status.phase.isTerminal, pod.status.phase.isTerminal else { return [] }
            return Self.quotas(on: new, in: view)
        case .modified(.service(let old), let new):
            guard case .service(let service) = new, service.type != old.type else { return [] }
            return Self.quotas(on: new, in: view)
        case .modified: return []
        case .deleted(let object): return Self.quotas(on: object, in: view)
        }
    }

    package mutating func reconcile(_ key: ObjectKey, in view: any ClusterView) -> ReconcileResult {
        guard case .resourceQuota(let quota)? = view.object(key) else { return .settled }
        var result = ReconcileResult(recheckAfter: Self.period)
        let counted = quota.recounted(in: view)
        if counted.used != quota.used || counted.statusHard != quota.statusHard {
            result.actions.append(.updateStatus(.resourceQuota(counted)))
        }
        return result
    }

    /// The quotas of an object's namespace that it may have taken from.
    private static func quotas(on object: KubernetesObject, in view: any ClusterView) -> [ObjectKey] {
        guard object.kind.isNamespaced else { return [] }
        let quotas = view.objects(of: .resourceQuota, namespace: object.metadata.namespace)
        guard !quotas.isEmpty else { return [] }
        let resource = object.quotaResource
        return quotas.compactMap { candidate in
            guard case .resourceQuota(let quota) = candidate, quota.tracks(resource) else { return nil }
            return candidate.key
        }
    }
}
