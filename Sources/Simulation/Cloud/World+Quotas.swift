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
        let machine = nodes[Int(index)]
        let region = quotaRegion(of: machine)
        for quota in setup.quotas
        where quota.counts(machine.terms.machineType, purchase: machine.terms.purchase, region: region) {
            var used = Self.processors(of: machine)
            for (other, node) in nodes.enumerated() where other != Int(index) && !node.isGone && !node.isUnbilled {
                let place = quotaRegion(of: node)
                guard place == region,
                    quota.counts(node.terms.machineType, purchase: node.terms.purchase, region: place)
                else { continue }
                used += Self.processors(of: node)
            }
            if used > quota.vcpus { return quota }
        }
        return nil
    }

    /// Refuses a launch: an autoscaler is told, and a pool waits until there is room.
    mutating func refuse(_ index: Int32, for quota: CloudQuota) {
        bill(index, false)
        tell(
            index, quota.error,
            "The launch would exceed the quota of \(quota.vcpus) vCPUs for \(quota.purchase.rawValue) machines of the "
                + "class \(quota.machines.rawValue)")
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

    private func quotaRegion(of node: NodeTrack) -> String {
        node.labels["topology.kubernetes.io/region"] ?? ""
    }

    private static func processors(of node: NodeTrack) -> Int64 {
        ((node.template.status.capacity[.cpu]?.milliValue ?? 0) + 999) / 1_000
    }
}
