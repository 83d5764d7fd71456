// Kubernetes counterpart: pkg/controller/podgc (v1.36).
// Deliberate differences: nothing is scanned; changes name the pods to look at, and the looks fall on the same grid of
// 20 s on which upstream scans.

package import ControlPlane
package import KubernetesAPI
package import Chronology

/// Deletes pods that nobody else will: those of nodes that are gone, ended ones beyond a number, and stuck deletions.
package struct PodGCReconciler: Reconciler {
    package static let name = "pod-garbage-collector-controller"
    package static let settings = ReconcilerSettings(workers: 1)
    package static let interest = ChangeInterest(
        [.node], pods: [.added, .deleted, .node, .phase, .termination])
    /// The time between two scans (`gcCheckPeriod`).
    package static let period = Duration.seconds(20)
    /// How long a node must be missing before its pods go (`quarantineTime`).
    package static let quarantine = Duration.seconds(40)
    /// The taint with which an operator declares a node shut down.
    package static let outOfServiceTaint = "node.kubernetes.io/out-of-service"

    /// Ended pods that are kept (`--terminated-pod-gc-threshold`); 0 keeps all.
    package let terminatedPodThreshold: Int
    // The scan at which a key is looked at next.
    private var scans: [ObjectKey: Instant] = [:]
    // The scan at which a node was first found missing.
    private var missing: [String: Instant] = [:]

    /// Creates a controller that keeps `terminatedPodThreshold` ended pods.
    package init(terminatedPodThreshold: Int = 12_500) {
        self.terminatedPodThreshold = terminatedPodThreshold
    }

    package mutating func keys(for change: WatchEvent, in view: any ClusterView) -> [ObjectKey] {
        switch change {
        case .added(.pod(let pod)): return keys(of: pod, before: nil, in: view)
        case .modified(.pod(let old), .pod(let new)): return keys(of: new, before: old, in: view)
        case .deleted(.pod(let pod)): return scans[pod.key] == nil ? [] : [pod.key]
        case .added(.node(let node)):
            // Should it be lost again, its pods are spared anew.
            guard missing.removeValue(forKey: node.metadata.name) != nil else { return [] }
            return view.pods(onNode: node.metadata.name).map(\.key)
        case .modified(.node(let old), .node(let new)):
            guard new.isOutOfService, !old.isOutOfService else { return [] }
            return view.pods(onNode: new.metadata.name).filter(\.isTerminating).map(\.key)
        case .deleted(.node(let node)): return view.pods(onNode: node.metadata.name).map(\.key)
        case .added, .modified, .deleted: return []
        }
    }

    private func keys(of pod: Pod, before: Pod?, in view: any ClusterView) -> [ObjectKey] {
        var keys: [ObjectKey] = []
        // Once a scan is due it will see what ends until then.
        if terminatedPodThreshold > 0, pod.status.phase.isTerminal, !(before?.status.phase.isTerminal ?? false),
            scans[ReconcilerSettings.periodicKey] == nil
        {
            keys.append(ReconcilerSettings.periodicKey)
        }
        if let before, before.nodeName == pod.nodeName, before.isTerminating == pod.isTerminating { return keys }
        if let node = pod.nodeName {
            guard let present = view.node(node) else { return keys + [pod.key] }
            if pod.isTerminating, present.isOutOfService { keys.append(pod.key) }
        } else if pod.isTerminating {
            keys.append(pod.key)
        }
        return keys
    }

    package mutating func reconcile(_ key: ObjectKey, in view: any ClusterView) -> ReconcileResult {
        let now = view.now
        let scan = scans[key] ?? now.nextTick(of: Self.period)
        if scan > now {
            scans[key] = scan
            return ReconcileResult(recheckAfter: scan - now)
        }
        scans[key] = nil
        if key == ReconcilerSettings.periodicKey {
            return ReconcileResult(actions: Self.surplus(view.terminatedPods(), threshold: terminatedPodThreshold))
        }
        guard let pod = view.pod(namespace: key.namespace, name: key.name) else { return .settled }
        guard let name = pod.nodeName else {
            return pod.isTerminating ? Self.remove(pod, condition: nil) : .settled
        }
        if let node = view.node(name) {
            missing[name] = nil
            return pod.isTerminating && node.isOutOfService ? Self.remove(pod, condition: nil) : .settled
        }
        let since = missing[name] ?? scan
        missing[name] = since
        let due = since + Self.quarantine
        if now < due {
            scans[key] = due
            return ReconcileResult(recheckAfter: due - now)
        }
        return Self.remove(
            pod,
            condition: Condition(
                Condition.disruptionTarget, .true, reason: "DeletionByPodGC", message: "PodGC: node no longer exists",
                at: now.wholeSecond))
    }
}

// MARK: - Rules

extension PodGCReconciler {
    /// Returns the deletions that leave `threshold` of `pods`, which ended: evicted ones first, then the oldest.
    package static func surplus(_ pods: [Pod], threshold: Int) -> [Action] {
        let count = pods.count - threshold
        guard threshold > 0, count > 0 else { return [] }
        let sorted = pods.enumerated().sorted { left, right in
            let leftEvicted = left.element.status.reason == "Evicted"
            let rightEvicted = right.element.status.reason == "Evicted"
            return leftEvicted != rightEvicted ? leftEvicted : left.offset < right.offset
        }
        return sorted.prefix(count).map { entry in
            .delete(
                entry.element.key, uid: entry.element.metadata.uid, gracePeriodSeconds: 0, propagation: .background)
        }
    }

    /// Marks a pod that has not ended as failed, and deletes it without grace.
    static func remove(_ pod: Pod, condition: Condition?) -> ReconcileResult {
        var actions: [Action] = []
        if !pod.status.phase.isTerminal {
            var patch = PodStatusPatch(conditions: condition.map { [$0] } ?? [])
            patch.phase = .failed
            actions.append(.patchPodStatus(pod.key, uid: pod.metadata.uid, patch))
        }
        actions.append(.delete(pod.key, uid: pod.metadata.uid, gracePeriodSeconds: 0, propagation: .background))
        return ReconcileResult(actions: actions)
    }
}

extension Node {
    /// Whether an operator declared the node shut down, and it is not ready.
    var isOutOfService: Bool {
        !isReady && spec.taints.contains { $0.key == PodGCReconciler.outOfServiceTaint }
    }
}
