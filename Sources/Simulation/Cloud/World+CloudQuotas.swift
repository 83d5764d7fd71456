import Autoscalers
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
        let load = QuotaLoad(
            machineType: machine.terms.machineType, purchase: machine.terms.purchase, region: quotaRegion(of: machine),
            processors: Self.processors(machine.template.status.capacity))
        return exceededQuota(by: load, of: index)
    }

    /// Returns the quota that one more machine would exceed, beside those that there are and those promised, or nil.
    func exceededQuota(by load: QuotaLoad, of index: Int32? = nil, besides promised: [QuotaLoad] = []) -> CloudQuota? {
        for quota in setup.quotas where quota.counts(load) {
            var used = load.processors
            for other in promised where other.region == load.region && quota.counts(other) { used += other.processors }
            for (other, node) in nodes.enumerated() where !node.isGone && !node.isUnbilled {
                if let index, other == Int(index) { continue }
                let place = quotaRegion(of: node)
                guard place == load.region,
                    quota.counts(node.terms.machineType, purchase: node.terms.purchase, region: place)
                else { continue }
                used += Self.processors(node.template.status.capacity)
            }
            if used > quota.vcpus { return quota }
        }
        return nil
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

    private func quotaRegion(of node: NodeTrack) -> String {
        node.labels["topology.kubernetes.io/region"] ?? ""
    }

    private static func processors(_ capacity: ResourceList) -> Int64 {
        ((capacity[.cpu]?.milliValue ?? 0) + 999) / 1_000
    }
}

/// A machine as quotas count it.
struct QuotaLoad: Hashable {
    let machineType: String
    let purchase: String
    let region: String
    let processors: Int64
}

extension QuotaLoad {
    /// What an offer is to quotas.
    init(_ offer: MachineOffer) {
        self.init(
            machineType: offer.model.name, purchase: offer.capacityType.rawValue, region: offer.region,
            processors: ((offer.model.capacity[.cpu]?.milliValue ?? 0) + 999) / 1_000)
    }
}

extension CloudQuota {
    /// Whether the processors of a machine count.
    func counts(_ load: QuotaLoad) -> Bool { counts(load.machineType, purchase: load.purchase, region: load.region) }

    /// What is said of a launch that would exceed it.
    var refusal: String {
        "The launch would exceed the quota of \(vcpus) vCPUs for \(purchase.rawValue) machines of the class "
            + machines.rawValue
    }
}
