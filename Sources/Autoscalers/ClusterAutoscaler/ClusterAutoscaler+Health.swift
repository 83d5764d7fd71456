import Chronology
import ControlPlane
import KubernetesAPI

// Kubernetes counterpart: clusterstate/clusterstate.go, and deleteCreatedNodesWithErrors and
// removeOldUnregisteredNodes of core/static_autoscaler.go.

extension ClusterAutoscaler {
    /// Lets go of machines that do not come, and ends the requests that came of nothing.
    mutating func cleanUp(_ scan: inout ClusterScan) {
        endGrowths(&scan)
        for machine in scan.machines {
            switch machine.state {
            case .failed(let reason):
                let text = "Scale-up of group \(machine.group) failed: \(reason)"
                scan.tell(ClusterScan.status, .warning, "FailedToScaleUpGroup", text)
                if let growth = growths[machine.group] {
                    pause(machine.group, scan)
                    growths[machine.group]?.count -= 1
                    if growth.count <= 1 { growths[machine.group] = nil }
                }
                letGo(machine, "CreateError", reason, &scan)
            case .launching where scan.isOverdue(machine):
                // The group keeps its least size, whatever comes of it.
                guard let group = scan.group(of: machine), group.targetSize > group.minSize else { continue }
                let seconds = (scan.now - machine.launchedAt).wholeSeconds
                letGo(machine, "NeverRegistered", "unregistered for \(seconds)s", &scan)
            case .launching: scan.callAgain(at: machine.launchedAt + parameters.maxNodeProvisionTime)
            case .registered: break
            }
        }
    }

    /// Forgets the requests that are fulfilled, and those whose time is over.
    private mutating func endGrowths(_ scan: inout ClusterScan) {
        if growths.isEmpty { return }
        let states = scan.groupStates()
        for group in scan.groups {
            guard let growth = growths[group.name] else { continue }
            let state = states[group.name] ?? GroupState()
            let isOver = growth.end <= scan.now
            if !isOver, state.isGrowing {
                scan.callAgain(at: growth.end)
                continue
            }
            // What comes too late now was still on its way a moment ago.
            if isOver, state.isGrowing || state.overdue > 0 {
                pause(group.name, scan)
                let seconds = parameters.maxNodeProvisionTime.wholeSeconds
                scan.tell(
                    ClusterScan.status, .warning, "ScaleUpTimedOut",
                    "Nodes added to group \(group.name) failed to register within \(seconds)s")
            }
            growths[group.name] = nil
        }
    }

    private mutating func pause(_ group: String, _ scan: ClusterScan) {
        backoffs[group] = GroupBackoff.afterFailure(backoffs[group], parameters, now: scan.now)
    }

    private func letGo(_ machine: CloudMachine, _ reason: String, _ message: String, _ scan: inout ClusterScan) {
        scan.release(machine)
        guard let group = scan.group(of: machine) else { return }
        scan.decide(.down, reason, group, count: 1, message: "\(machine.name): \(message)")
    }

    /// Notes that a group is to grow.
    mutating func noteGrowth(of group: String, by count: Int, at now: Instant) {
        let count = count + (growths[group]?.count ?? 0)
        growths[group] = GrowthRequest(count: count, end: now + parameters.maxNodeProvisionTime)
    }

    /// Whether a group rests after a failure.
    func isPausing(_ group: String, at now: Instant) -> Bool { backoffs[group].map { $0.until > now } ?? false }

    /// Returns whether enough nodes are ready for anything to be done (`IsClusterHealthy`).
    mutating func checkHealth(_ scan: inout ClusterScan) -> Bool {
        var unready = 0
        for node in scan.nodes where !scan.isReady(node) && !node.spec.taints.contains(where: DeletionTaint.isHard) {
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
