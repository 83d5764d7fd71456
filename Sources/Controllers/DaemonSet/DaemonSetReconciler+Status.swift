package import Chronology
import ControlPlane
package import KubernetesAPI

extension DaemonSetReconciler {
    /// Returns the status that the pods on `nodes` amount to at `now`; on each node the senior pod counts.
    ///
    /// `isProcessed` says whether the present generation was acted on.
    package static func status(
        _ daemonSet: DaemonSet, nodes: DaemonSetNodes, hash: String, isProcessed: Bool, now: Instant
    ) -> DaemonSet.Status {
        let minReady = daemonSet.spec.minReadySeconds
        var status = DaemonSet.Status()
        status.collisionCount = daemonSet.status.collisionCount
        status.observedGeneration = isProcessed ? daemonSet.metadata.generation : daemonSet.status.observedGeneration
        status.desiredNumberScheduled = nodes.desired
        for place in nodes.places {
            guard let verdict = place.verdict, let pod = place.pods.senior else { continue }
            guard verdict == .runs else {
                status.numberMisscheduled += 1
                continue
            }
            status.currentNumberScheduled += 1
            if pod.isUpdated(to: hash) { status.updatedNumberScheduled += 1 }
            guard pod.isReady else { continue }
            status.numberReady += 1
            if pod.isAvailable(minReadySeconds: minReady, now: now) { status.numberAvailable += 1 }
        }
        status.numberUnavailable = status.desiredNumberScheduled - status.numberAvailable
        return status
    }
}

// MARK: - Changes that call for a look

extension DaemonSetReconciler {
    /// Returns the daemon sets that a change of a node concerns (`syncNodeUpdate`).
    ///
    /// Only labels and taints matter, and nobody is told that a node is gone: the status lags until something else happens.
    static func keys(forNode change: WatchEvent, in view: any ClusterView) -> [ObjectKey] {
        let node: Node
        switch change {
        case .added(.node(let added)): node = added
        case .modified(.node(let old), .node(let new)):
            if old.spec.taints == new.spec.taints, old.metadata.labels == new.metadata.labels { return [] }
            node = new
        case .added, .modified, .deleted: return []
        }
        let sets = view.objects(of: .daemonSet, namespace: nil)
        if sets.isEmpty { return [] }
        let present = view.pods(onNode: node.metadata.name).compactMap { $0.metadata.controllerKey(.daemonSet) }
        var keys: [ObjectKey] = []
        for case .daemonSet(let daemonSet) in sets {
            let key = ObjectKey(.daemonSet, namespace: daemonSet.metadata.namespace, name: daemonSet.metadata.name)
            let isThere = present.contains(key)
            let verdict = DaemonSetPlacement(daemonSet.spec.template).verdict(node)
            let isWrong = isThere ? verdict == .excluded : verdict == .runs
            if isWrong || isThere && daemonSet.status.numberMisscheduled > 0 { keys.append(key) }
        }
        return keys
    }

    /// Returns the daemon sets that a change of a revision concerns.
    static func keys(
        forRevision revision: ControllerRevision, _ change: WatchEvent, in view: any ClusterView
    ) -> [ObjectKey] {
        let metadata = revision.metadata
        let before = change.previous?.metadata
        var keys: [ObjectKey] = []
        if let key = before?.controllerKey(.daemonSet), before?.controllerUID != metadata.controllerUID {
            keys.append(key)
        }
        if metadata.controllerReference != nil {
            // A new one with an owner was made by the controller itself.
            if before != nil, let key = metadata.controllerKey(.daemonSet), !keys.contains(key) { keys.append(key) }
            return keys
        }
        if case .deleted = change { return keys }
        if let before, before.labels == metadata.labels, before.controllerReference == nil { return keys }
        for key in matching(metadata, in: view) where !keys.contains(key) { keys.append(key) }
        return keys
    }

    /// Returns the daemon sets whose selector matches the labels of an object of their namespace.
    static func matching(_ metadata: ObjectMeta, in view: any ClusterView) -> [ObjectKey] {
        view.objects(of: .daemonSet, namespace: metadata.namespace).compactMap { object in
            guard case .daemonSet(let daemonSet) = object, let selector = daemonSet.spec.selector, !selector.isEmpty,
                selector.matches(metadata.labels)
            else { return nil }
            return object.key
        }
    }
}
