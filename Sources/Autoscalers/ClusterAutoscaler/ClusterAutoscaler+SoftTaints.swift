import Chronology
import ControlPlane
import KubernetesAPI

// Kubernetes counterpart: core/scaledown/actuation/softtaint.go (cluster-autoscaler).

extension ClusterAutoscaler {
    /// Takes the mark off nodes that are not superfluous, and marks those that are.
    func updateSoftTaints(_ scan: inout ClusterScan) {
        var left = parameters.maxBulkSoftTaintCount
        if left <= 0 { return }
        for isWanted in [false, true] {
            for node in scan.nodes {
                let name = node.metadata.name
                if (unneededSince[name] != nil) != isWanted || deletions[name] != nil { continue }
                let old = node.spec.taints.filter(DeletionTaint.isSoft)
                if isWanted == !old.isEmpty || node.spec.taints.contains(where: DeletionTaint.isHard) { continue }
                if scan.group(of: name) == nil { continue }
                guard left > 0 else { return scan.callAgain(at: scan.now + parameters.scanInterval) }
                left -= 1
                scan.step.actions.append(
                    .patchNodeTaints(name, add: isWanted ? [DeletionTaint.soft(scan.now)] : [], remove: old))
            }
        }
    }
}
