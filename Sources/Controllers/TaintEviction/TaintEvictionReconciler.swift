// Kubernetes counterpart: pkg/controller/tainteviction (v1.36). Deliberate differences: none.

package import ControlPlane
package import KubernetesAPI
package import Chronology

/// Deletes pods from nodes with NoExecute taints that they do not tolerate, or tolerate only for a while.
package struct TaintEvictionReconciler: Reconciler {
    package static let name = "taint-eviction-controller"
    package static let settings = ReconcilerSettings(workers: 8)
    package static let interest = ChangeInterest(
        [.node], pods: [.added, .deleted, .node, .spec])

    private struct Eviction {
        var uid: UID
        var createdAt: Instant
        var due: Instant
    }

    private var evictions: [ObjectKey: Eviction] = [:]

    package init() {}

    package func keys(for change: WatchEvent, in view: any ClusterView) -> [ObjectKey] {
        switch change {
        case .added(.node(let node)):
            return node.hasNoExecuteTaint ? view.pods(onNode: node.metadata.name).map(\.key) : []
        case .modified(.node(let old), .node(let new)):
            guard old.spec.taints != new.spec.taints, old.hasNoExecuteTaint || new.hasNoExecuteTaint else { return [] }
            return view.pods(onNode: new.metadata.name).map(\.key)
        case .deleted(.node(let node)):
            return evictions.isEmpty ? [] : view.pods(onNode: node.metadata.name).map(\.key)
        case .added(.pod(let pod)): return Self.isTainted(pod, in: view) ? [pod.key] : []
        case .modified(.pod(let old), .pod(let new)):
            let isSame = old.nodeName == new.nodeName && old.specBox === new.specBox
            return !isSame && Self.isTainted(new, in: view) ? [new.key] : []
        case .deleted(.pod(let pod)): return evictions[pod.key] == nil ? [] : [pod.key]
        case .added, .modified, .deleted: return []
        }
    }

    package mutating func reconcile(_ key: ObjectKey, in view: any ClusterView) -> ReconcileResult {
        guard let pod = view.pod(namespace: key.namespace, name: key.name), !pod.isTerminating else {
            evictions[key] = nil
            return .settled
        }
        if let known = evictions[key], known.uid != pod.metadata.uid { evictions[key] = nil }
        let taints = pod.nodeName.flatMap { view.node($0) }?.spec.taints ?? []
        let now = view.now
        switch Self.tolerance(of: pod.spec.tolerations, taints: taints) {
        case .forever: return cancel(key)
        case .until(let wait):
            let known = evictions[key]
            // An eviction that is under way keeps its time, whatever shorter one a second taint would give.
            let eviction = known ?? Eviction(uid: pod.metadata.uid, createdAt: now, due: now + wait)
            if eviction.due > now {
                evictions[key] = eviction
                return ReconcileResult(recheckAfter: eviction.due - now)
            }
        }
        evictions[key] = nil
        var actions: [Action] = []
        if pod.status.conditions.named(Condition.disruptionTarget)?.status != .true {
            let condition = Condition(
                Condition.disruptionTarget, .true, reason: "DeletionByTaintManager",
                message: "Taint manager: deleting due to NoExecute taint", at: now.wholeSecond)
            actions.append(.patchPodStatus(key, uid: pod.metadata.uid, PodStatusPatch(conditions: [condition])))
        }
        actions.append(.delete(key, uid: pod.metadata.uid, gracePeriodSeconds: nil, propagation: .background))
        return ReconcileResult(
            actions: actions,
            events: [
                EventRecord(
                    key, reason: "TaintManagerEviction",
                    message: "Marking for deletion Pod \(key.namespace)/\(key.name)")
            ])
    }

    /// Notes that a pod's eviction is under way since `since`.
    mutating func remember(_ pod: Pod, since: Instant, due: Instant) {
        evictions[pod.key] = Eviction(uid: pod.metadata.uid, createdAt: since, due: due)
    }

    private mutating func cancel(_ key: ObjectKey) -> ReconcileResult {
        guard evictions.removeValue(forKey: key) != nil else { return .settled }
        return ReconcileResult(events: [
            EventRecord(
                key, reason: "TaintManagerEviction", message: "Cancelling deletion of Pod \(key.namespace)/\(key.name)")
        ])
    }

    private static func isTainted(_ pod: Pod, in view: any ClusterView) -> Bool {
        pod.nodeName.flatMap { view.node($0) }?.hasNoExecuteTaint ?? false
    }
}

// MARK: - Rule

extension TaintEvictionReconciler {
    /// How long a pod may stay on a tainted node.
    package enum Tolerance: Hashable, Sendable {
        case forever
        case until(Duration)
    }

    /// Returns how long `tolerations` bear the NoExecute ones of `taints`: for each taint the first that matches counts.
    package static func tolerance(of tolerations: [Toleration], taints: [Taint]) -> Tolerance {
        var shortest: Int64?
        for taint in taints where taint.effect == .noExecute {
            guard let used = tolerations.first(where: { $0.tolerates(taint) }) else { return .until(.zero) }
            if let seconds = used.tolerationSeconds { shortest = min(shortest ?? seconds, max(0, seconds)) }
        }
        return shortest.map { .until(.seconds(max(0, $0))) } ?? .forever
    }
}

extension Node {
    var hasNoExecuteTaint: Bool { spec.taints.contains { $0.effect == .noExecute } }
}
