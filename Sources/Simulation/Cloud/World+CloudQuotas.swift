import Chronology
import Costs
import KubernetesAPI
import Machines

// Counterpart: Amazon's vCPU quotas for instances of a region, and Google's quotas of processors. Deliberate differences: a
// machine counts from its launch until it is gone, and what a pool's group cannot launch it launches as soon as there is
// room, not at its next try.

extension World {
    /// Returns the quota that a machine would exceed that is launched now, or nil.
    func exceededQuota(by index: Int32) -> CloudQuota? {
        quotaUse(without: index).exceeded(by: quotaLoad(of: nodes[Int(index)]))
    }

    /// Counts what machines take of quotas now; `index` is one that is about to be launched.
    func quotaUse(without index: Int32? = nil) -> QuotaUse {
        var use = QuotaUse(of: setup.quotas)
        for (place, node) in nodes.enumerated() where !node.isGone && !node.isUnbilled {
            if let index, place == Int(index) { continue }
            use.add(quotaLoad(of: node))
        }
        return use
    }

    /// Refuses a launch: an autoscaler is told, and a pool waits until there is room.
    mutating func refuse(_ index: Int32, for quota: CloudQuota) {
        bill(index, false)
        tell(index, quota.error, quota.refusal)
        if isAutoscaled(index) {
            _ = giveUp(index, quota.error)
        } else if !faults.waitingLaunches.contains(index) {
            faults.waitingLaunches.append(index)
        }
    }

    /// A machine went: what waits for the room that it leaves is launched.
    mutating func quotaHasRoom() {
        guard !setup.quotas.isEmpty else { return }
        let waiting = faults.waitingLaunches.filter { !nodes[Int($0)].isGone }
        faults.waitingLaunches = []
        for index in waiting { launchAgain(index) }
    }

    private func quotaLoad(of node: NodeTrack) -> QuotaLoad {
        QuotaLoad(
            machineType: node.terms.machineType, purchase: node.terms.purchase,
            region: node.labels["topology.kubernetes.io/region"] ?? "", capacity: node.template.status.capacity)
    }
}
