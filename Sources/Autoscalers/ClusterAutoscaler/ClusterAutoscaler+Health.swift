import Chronology
import ControlPlane
import KubernetesAPI

// Kubernetes counterpart: clusterstate/clusterstate.go, and deleteCreatedNodesWithErrors and
// removeOldUnregisteredNodes of core/static_autoscaler.go.

extension ClusterAutoscaler {
    /// Lets go of machines that do not come; returns whether there were any.
    mutating func cleanUp(_ scan: inout ClusterScan) -> Bool {
        let before = scan.step.requests.count
        for machine in scan.machines {
            switch machine.state {
            case .failed(let reason):
                let text = "Scale-up of group \(machine.group) failed: \(reason)"
                scan.tell(ClusterScan.status, .warning, "FailedToScaleUpGroup", text)
                letGo(machine, "CreateError", reason, &scan)
            case .launching:
                let due = machine.launchedAt + parameters.maxNodeProvisionTime
                if due > scan.now {
                    scan.callAgain(at: due)
                    continue
                }
                let seconds = (scan.now - machine.launchedAt).wholeSeconds
                scan.tell(
                    ClusterScan.status, .warning, "ScaleUpTimedOut",
                    "Nodes added to group \(machine.group) failed to register within \(seconds)s")
                letGo(machine, "NeverRegistered", "unregistered for \(seconds)s", &scan)
            case .registered: break
            }
        }
        return scan.step.requests.count > before
    }

    private mutating func letGo(
        _ machine: CloudMachine, _ reason: String, _ message: String, _ scan: inout ClusterScan
    ) {
        scan.step.requests.append(.terminate(machine: machine.name))
        backoffs[machine.group] = GroupBackoff.afterFailure(backoffs[machine.group], parameters, now: scan.now)
        guard let group = scan.group(of: machine) else { return }
        scan.decide(.down, reason, group, count: 1, message: "\(machine.name): \(message)")
    }

    /// Returns whether enough nodes are ready for anything to be done (`IsClusterHealthy`).
    mutating func checkHealth(_ scan: inout ClusterScan) -> Bool {
        var unready = 0
        for node in scan.nodes where !node.isReady && !node.spec.taints.contains(where: DeletionTaint.isHard) {
            if scan.isStarting(node) {
                scan.callAgain(at: node.metadata.creationTimestamp + ClusterScan.startupTime)
            } else {
                unready += 1
            }
        }
        let isUnhealthy =
            unready > parameters.okTotalUnreadyCount
            && Int64(unready) * 100 > parameters.maxTotalUnreadyPercentage * Int64(scan.nodes.count)
        if isUnhealthy, !wasUnhealthy {
            let text = "\(unready) of \(scan.nodes.count) nodes are not ready"
            scan.tell(ClusterScan.status, .warning, "ClusterUnhealthy", text)
        }
        if isUnhealthy { unneededSince = [:] }
        wasUnhealthy = isUnhealthy
        return !isUnhealthy
    }
}

extension ClusterScan {
    /// Notes a decision about `count` machines of a group.
    mutating func decide(
        _ direction: ScalingDecision.Direction, _ reason: String, _ group: NodeGroup, count: Int, message: String
    ) {
        let sign: Int64 = direction == .up ? 1 : -1
        step.decisions.append(
            ScalingDecision(
                direction, reason: reason, group: group.name, machineType: group.machineType, count: count,
                pricePerHour: group.pricePerHour.map { $0 * Int64(count) * sign }, message: message))
    }
}
