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
        // What runs for the pods of a node goes on without it.
        case .deleted(.node): return []
        case .added(.pod(let pod)): return Self.isTainted(pod, in: view) ? [pod.key] : []
        case .modified(.pod(let old), .pod(let new)):
            let isSame = old.nodeName == new.nodeName && old.specBox === new.specBox
            return !isSame && Self.isTainted(new, in: view) ? [new.key] : []
        case .deleted(.pod(let pod)): return evictions[pod.key] == nil ? [] : [pod.key]
        case .added, .modified, .deleted: return []
        }
    }

    package mutating func reconcile(_ key: ObjectKey, in view: any ClusterView) -> ReconcileResult {
        guard let pod = view.pod(namespace: key.namespace, name: key.name) else { return cancel(key) }
        var result = ReconcileResult()
        if let known = evictions[key], known.uid != pod.metadata.uid { result = cancel(key) }
        guard !Self.isHandled(pod), let name = pod.nodeName else {
            evictions[key] = nil
            return result
        }
        let now = view.now
        if let node = view.node(name) {
            switch Self.tolerance(of: pod.spec.tolerations, taints: node.spec.taints) {
            case .forever: return cancel(key)
            case .never: result.events += cancel(key).events
            case .until(let wait):
                // An eviction that is under way keeps its time, whatever shorter one a second taint would give.
                let known = evictions[key]
                evictions[key] = known ?? Eviction(uid: pod.metadata.uid, createdAt: now, due: now + wait)
                guard isDue(key, &result, now: now) else { return result }
            }
        } else {
            guard evictions[key] != nil, isDue(key, &result, now: now) else { return result }
        }
        result.actions = Self.deletion(of: pod, now: now)
        result.events.append(
            EventRecord(
                key, reason: Self.eventReason, message: "Marking for deletion Pod \(key.namespace)/\(key.name)"))
        return result
    }

    /// Ends a known eviction whose time has come, or asks for another call when it will have.
    private mutating func isDue(_ key: ObjectKey, _ result: inout ReconcileResult, now: Instant) -> Bool {
        guard let known = evictions[key], known.due > now else {
            evictions[key] = nil
            return true
        }
        result.recheck(after: known.due - now)
        return false
    }

    /// What an eviction asks for: the mark of a disruption, whatever another one wrote, and the deletion.
    private static func deletion(of pod: Pod, now: Instant) -> [Action] {
        var actions: [Action] = []
        let mark = pod.status.conditions.named(Condition.disruptionTarget)
        if mark?.says(.true, words) != true {
            let patch = PodStatusPatch(conditions: [Condition(words, .true, at: now.wholeSecond)])
            actions.append(.patchPodStatus(pod.key, uid: pod.metadata.uid, patch))
        }
        actions.append(.delete(pod.key, uid: pod.metadata.uid, gracePeriodSeconds: nil, propagation: .background))
        return actions
    }

    private static let eventReason = "TaintManagerEviction"
    private static let words = Condition.Words(
        Condition.disruptionTarget, reason: "DeletionByTaintManager",
        message: "Taint manager: deleting due to NoExecute taint")

    /// Whether a pod was evicted from here and is on its way out: nothing is left to be done.
    static func isHandled(_ pod: Pod) -> Bool {
        pod.isTerminating && pod.status.conditions.named(Condition.disruptionTarget)?.says(.true, words) ?? false
    }

    /// Notes that a pod's eviction is under way since `since`.
    mutating func remember(_ pod: Pod, since: Instant, due: Instant) {
        evictions[pod.key] = Eviction(uid: pod.metadata.uid, createdAt: since, due: due)
    }

    private mutating func cancel(_ key: ObjectKey) -> ReconcileResult {
        guard evictions.removeValue(forKey: key) != nil else { return .settled }
        return ReconcileResult(events: [
            EventRecord(
                key, reason: Self.eventReason, message: "Cancelling deletion of Pod \(key.namespace)/\(key.name)")
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
        /// A taint is not tolerated at all.
        case never
    }

    /// Returns how long `tolerations` bear the NoExecute ones of `taints`: for each taint the first that matches counts.
    package static func tolerance(of tolerations: [Toleration], taints: [Taint]) -> Tolerance {
        var shortest: Int64?
        for taint in taints where taint.effect == .noExecute {
            guard let used = tolerations.first(where: { $0.tolerates(taint) }) else { return .never }
            if let seconds = used.tolerationSeconds { shortest = min(shortest ?? seconds, max(0, seconds)) }
        }
        return shortest.map { .until(.seconds(max(0, $0))) } ?? .forever
    }
}

extension Node {
    var hasNoExecuteTaint: Bool { spec.taints.contains { $0.effect == .noExecute } }
}
