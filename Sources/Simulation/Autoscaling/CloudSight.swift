import Autoscalers
import Chronology
import KubernetesAPI

/// The cloud as an autoscaler sees it at one instant.
struct CloudSight: CloudView {
    let types: [MachineModel]
    let offers: [MachineOffer]
    let groups: [NodeGroup]
    let all: [CloudMachine]

    func machines() -> [CloudMachine] { all }

    func machine(_ name: String) -> CloudMachine? { all.first { $0.name == name } }
}

extension World {
    /// Whether an autoscaler decides over the life of a machine.
    func isAutoscaled(_ index: Int32) -> Bool {
        let pool = nodes[Int(index)].pool
        return pool < 0 ? !autoscaling.hosts.isEmpty : setup.pools[pool].autoscaling != nil
    }

    /// Shows the cloud as it is now.
    func cloudSight() -> CloudSight {
        var machines: [CloudMachine] = []
        var sizes = [Int](repeating: 0, count: setup.pools.count)
        for (index, track) in nodes.enumerated() where !track.isGone && isAutoscaled(Int32(index)) {
            let pool = track.pool
            guard let offer = pool < 0 ? autoscaling.orders[Int32(index)] : autoscaling.poolOffers[pool] else {
                continue
            }
            if pool >= 0, !track.isReplaced { sizes[pool] += 1 }
            let state: CloudMachine.State =
                if let failure = track.failure {
                    .failed(reason: failure)
                } else if track.isRegistered {
                    .registered
                } else {
                    .launching
                }
            machines.append(
                CloudMachine(
                    name: track.name, group: track.terms.poolName, offer: offer, launchedAt: track.launchedAt,
                    state: state))
        }
        var groups: [NodeGroup] = []
        for (index, pool) in setup.pools.enumerated() {
            guard let bounds = pool.autoscaling else { continue }
            let zones = pool.zones.isEmpty ? [""] : pool.zones
            groups.append(
                NodeGroup(
                    name: pool.name, minSize: bounds.lowerBound, maxSize: bounds.upperBound, targetSize: sizes[index],
                    offer: autoscaling.poolOffers[index], zones: zones,
                    templates: zones.map { Self.node("template", of: pool, zone: $0, number: 0) }))
        }
        return CloudSight(types: autoscaling.types, offers: autoscaling.offers, groups: groups, all: machines)
    }
}
