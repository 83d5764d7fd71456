import Chronology
import ControlPlane
import KubernetesAPI

// Kubernetes counterpart: core/scaledown/actuation.

extension ClusterAutoscaler {
    /// How much longer than their grace pods may take to go (`DefaultPodEvictionHeadroom`).
    private static let evictionHeadroom = Duration.seconds(30)

    /// Takes the next step with each node that is on its way out.
    mutating func advanceDeletions(_ scan: inout ClusterScan) {
        let drainability = deletions.isEmpty ? nil : Drainability(scan)
        for name in deletions.keys.sorted() {
            guard let drainability, let deletion = deletions[name] else { continue }
            guard let node = scan.view.node(name), scan.machine(name) != nil else {
                deletions[name] = nil
                continue
            }
            advance(deletion, of: node, drainability, &scan)
            if deletions[name] != nil { scan.callAgain(at: scan.now + parameters.scanInterval) }
        }
    }

    private mutating func advance(
        _ deletion: NodeDeletion, of node: Node, _ drainability: Drainability, _ scan: inout ClusterScan
    ) {
        let name = node.metadata.name
        let pods = scan.view.pods(onNode: name).filter {
            !$0.status.phase.isTerminal && !$0.isMirror && !Drainability.isDaemon($0)
                && $0.priority >= parameters.expendablePodsPriorityCutoff
        }
        if deletion.isEmpty, !pods.allSatisfy(drainability.isIgnored) {
            return fail(node, "failed to delete empty node: new pods were scheduled to it", &scan)
        }
        if deletion.isEmpty || pods.isEmpty { return finish(name, &scan) }
        // Once the first pods are gone the others go as well.
        if deletion.evictedAt == nil,
            pods.contains(where: { if case .blocked = drainability.verdict($0) { true } else { false } })
        {
            return fail(node, "a pod came that keeps the node", &scan)
        }
        let waiting = pods.filter { !$0.isTerminating }
        if waiting.isEmpty {
            let start = deletion.evictedAt ?? scan.now
            deletions[name]?.evictedAt = start
            if start + parameters.maxGracefulTermination + Self.evictionHeadroom <= scan.now {
                fail(node, "pods remaining after timeout", &scan)
            }
            return
        }
        if deletion.evictedAt != nil, deletion.startedAt + parameters.maxPodEvictionTime < scan.now {
            return fail(node, "failed to evict \(waiting.count) pods within allowed timeout", &scan)
        }
        if parameters.evictsDaemonSetPods, deletion.evictedAt == nil {
            let daemons = scan.view.pods(onNode: name).filter { Drainability.isDaemon($0) && !$0.isTerminating }
            for pod in daemons { evict(pod, &scan) }
        }
        for pod in waiting {
            evict(pod, &scan)
            if deletion.evictedAt == nil {
                scan.tell(pod.key, .normal, "ScaleDown", "deleting pod for node scale down")
            }
        }
        deletions[name]?.evictedAt = scan.now
    }

    private func evict(_ pod: Pod, _ scan: inout ClusterScan) {
        let most = parameters.maxGracefulTermination.wholeSeconds
        let grace = min(pod.spec.terminationGracePeriodSeconds, most)
        scan.step.actions.append(.evict(pod: pod.key, gracePeriodSeconds: grace))
    }

    private mutating func finish(_ name: String, _ scan: inout ClusterScan) {
        deletions[name] = nil
        // The group is smaller from now on, also for what is decided in the same scan.
        if let machine = scan.machine(name) { scan.release(machine) }
        scan.tell(ObjectKey(.node, name: name), .normal, "ScaleDown", "node removed by cluster autoscaler")
        scan.callAgain(at: scan.now + parameters.scanInterval)
    }

    private mutating func fail(_ node: Node, _ reason: String, _ scan: inout ClusterScan) {
        let name = node.metadata.name
        deletions[name] = nil
        let marks = node.spec.taints.filter(DeletionTaint.isHard)
        scan.step.actions.append(.patchNodeTaints(name, add: [], remove: marks))
        scan.tell(ObjectKey(.node, name: name), .warning, "ScaleDownFailed", "failed to delete the node: \(reason)")
        scan.callAgain(at: scan.now + parameters.scanInterval)
    }
}
