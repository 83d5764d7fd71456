// Kubernetes counterpart: pkg/controller/namespace (v1.36), with OrderedNamespaceDeletion.
// Deliberate differences: no conditions; `spec.finalizers` is not modelled, so that the last step is a second deletion,
// which the API server grants to an empty namespace only. Kinds are gone through in a fixed order.

package import ControlPlane
package import KubernetesAPI
package import Chronology

/// Empties a namespace that is being deleted, its pods first, and lets it go when nothing is left in it.
package struct NamespaceReconciler: Reconciler {
    package static let name = "namespace-controller"
    package static let settings = ReconcilerSettings(workers: 10, backoffMax: .minutes(1))
    package static let interest = ChangeInterest([.namespace])
    /// How long a deletion is left alone, for objects that are being created meanwhile (`namespaceDeletionGracePeriod`).
    package static let grace = Duration.seconds(5)
    /// How long finalizers of objects are expected to take (`finalizerEstimateSeconds`).
    static let finalizerEstimateSeconds: Int64 = 15

    // When the deletion of a namespace is first acted on.
    private var due: [ObjectKey: Instant] = [:]

    package init() {}

    package func keys(for change: WatchEvent, in view: any ClusterView) -> [ObjectKey] {
        guard case .namespace(let namespace) = change.object else { return [] }
        if case .deleted = change { return [change.object.key] }
        return namespace.metadata.isDeleting ? [change.object.key] : []
    }

    package mutating func reconcile(_ key: ObjectKey, in view: any ClusterView) -> ReconcileResult {
        guard case .namespace(let namespace)? = view.object(key), namespace.metadata.isDeleting else {
            due[key] = nil
            return .settled
        }
        let now = view.now
        let start = due[key] ?? now + Self.grace
        due[key] = start
        if now < start { return ReconcileResult(recheckAfter: start - now) }
        return Self.plan(namespace, pods: view.pods(inNamespace: key.name), now: now) {
            ObjectKind.allCases.filter { $0.isNamespaced && $0 != .pod }.flatMap {
                view.objects(of: $0, namespace: key.name)
            }
        }
    }
}

// MARK: - Plan

extension NamespaceReconciler {
    /// Returns the next step for `namespace`; `others` are asked for once the pods are gone.
    package static func plan(
        _ namespace: Namespace, pods: [Pod], now: Instant, others: () -> [KubernetesObject]
    ) -> ReconcileResult {
        var result = ReconcileResult()
        var staying: [Pod] = []
        for pod in pods {
            if isWorthRequest(pod.metadata) { result.actions.append(delete(pod.key, pod.metadata.uid)) }
            let goesAtOnce = pod.nodeName == nil || pod.status.phase.isTerminal
            if !goesAtOnce || !pod.metadata.finalizers.isEmpty { staying.append(pod) }
        }
        if !staying.isEmpty {
            wait(for: staying.map(\.metadata.finalizers), seconds: estimate(namespace, pods, now), &result)
            return result
        }
        var held: [[String]] = []
        for object in others() {
            let metadata = object.metadata
            if isWorthRequest(metadata) { result.actions.append(delete(object.key, metadata.uid)) }
            if !metadata.finalizers.isEmpty { held.append(metadata.finalizers) }
        }
        if held.isEmpty {
            let key = ObjectKey(.namespace, name: namespace.metadata.name)
            result.actions.append(delete(key, namespace.metadata.uid))
            // Should something have been made meanwhile, the server keeps the namespace.
            result.recheckAfter = .seconds(1)
        } else {
            wait(for: held, seconds: 0, &result)
        }
        return result
    }

    /// Whether a request to delete the object changes anything: one that is under way ceases to wait for dependents.
    private static func isWorthRequest(_ metadata: ObjectMeta) -> Bool {
        if !metadata.isDeleting { return true }
        return metadata.deletionGracePeriodSeconds ?? 0 == 0
            && metadata.finalizers.contains {
                $0 == GarbageCollectorReconciler.foreground || $0 == GarbageCollectorReconciler.orphan
            }
    }

    private static func delete(_ key: ObjectKey, _ uid: UID) -> Action {
        .delete(key, uid: uid, gracePeriodSeconds: nil, propagation: .background)
    }

    /// The longest grace of the pods that run, 0 once it should be over (`estimateGracefulTermination`).
    private static func estimate(_ namespace: Namespace, _ pods: [Pod], _ now: Instant) -> Int64 {
        var longest: Int64 = 0
        for pod in pods where !pod.status.phase.isTerminal {
            longest = max(longest, pod.spec.terminationGracePeriodSeconds)
        }
        guard let deleted = namespace.metadata.deletionTimestamp, now - deleted >= .seconds(longest) else {
            return longest
        }
        return 0
    }

    /// Asks for another look when what is left should be gone; soon, with back-off, when nothing explains its staying.
    private static func wait(for finalizers: [[String]], seconds: Int64, _ result: inout ReconcileResult) {
        let isHeld = finalizers.contains { !$0.isEmpty }
        if seconds == 0, !isHeld {
            result.retry = true
        } else {
            let estimate = seconds == 0 ? finalizerEstimateSeconds : seconds
            result.recheckAfter = .seconds(estimate / 2 + 1)
        }
    }
}
