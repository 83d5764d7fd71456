import Autoscalers
import Chronology
import Costs
import KubernetesAPI
import Machines

/// The cloud as an autoscaler sees it at one instant.
struct CloudSight: CloudView {
    let groups: [NodeGroup]
    let machines: [CloudMachine]
    let market: MachineMarket
    /// Every name that a machine has or had; only looked up.
    let names: NameTable<Int32>

    func isTaken(_ name: String) -> Bool { names[name] != nil }
}

extension World {
    /// Whether an autoscaler decides over the life of a machine.
    func isAutoscaled(_ index: Int32) -> Bool {
        let pool = nodes[Int(index)].pool
        return !autoscaling.hosts.isEmpty && (pool < 0 || setup.pools[pool].autoscaling != nil)
    }

    /// Shows the cloud as it is now.
    func cloudSight() -> CloudSight {
        var machines: [CloudMachine] = []
        var sizes = [Int](repeating: 0, count: setup.pools.count)
        for (index, track) in nodes.enumerated() where !track.isGone && isAutoscaled(Int32(index)) {
            if track.pool >= 0, !track.isReplaced { sizes[track.pool] += 1 }
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
                    name: track.name, group: track.terms.poolName, zone: track.zone,
                    launchedAt: track.launchedAt, state: state, isInterrupted: track.isInterrupted))
        }
        var groups: [NodeGroup] = []
        for (index, pool) in setup.pools.enumerated() {
            guard let bounds = pool.autoscaling else { continue }
            let zones = pool.zones.isEmpty ? [""] : pool.zones
            groups.append(
                NodeGroup(
                    name: pool.name, minSize: bounds.lowerBound, maxSize: bounds.upperBound, targetSize: sizes[index],
                    machineType: pool.machineType.name, pricePerHour: priceInForce(of: pool), zones: zones,
                    templates: zones.map { Self.node("template", of: pool, zone: $0, number: 0) }))
        }
        return CloudSight(
            groups: groups, machines: machines, market: autoscaling.market ?? setup.market, names: nodeByName)
    }
}
