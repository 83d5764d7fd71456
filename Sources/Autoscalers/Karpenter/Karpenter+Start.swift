import Chronology
import ControlPlane
import KubernetesAPI
import SchedulingFramework

// Kubernetes counterpart: controllers/nodeclaim/lifecycle/initialization.go and NodeClaim hydration at a restart (karpenter).
// Deliberate difference: what takes startupTaints off is a program of the cluster's own; here Karpenter does its work.

extension Karpenter {
    /// Whether taints of its start keep pods off a node that is ready; takes them off when it is time.
    func awaitsStart(_ claim: MachineClaim, _ node: Node, _ scan: inout KarpenterScan) -> Bool {
        let left = node.spec.taints.filter(claim.startupTaints.hasLike)
        if left.isEmpty { return false }
        if let delay = parameters.startupTaintRemoval {
            let since = node.status.conditions.named(Condition.ready)?.lastTransitionTime ?? scan.now
            guard since + delay <= scan.now else {
                scan.callAgain(at: since + delay)
                return true
            }
        } else if !hasDaemons(node, scan) {
            return true
        }
        scan.step.actions.append(.patchNodeTaints(claim.name, add: [], remove: left))
        scan.callAgain(at: scan.now + .seconds(1))
        return true
    }

    /// Whether every daemon that tolerates the node as it is runs there and is ready.
    private func hasDaemons(_ node: Node, _ scan: KarpenterScan) -> Bool {
        var kinds = PodKinds()
        let wanted = DaemonPods(scan.view, kinds: &kinds).pods(on: node)
        let ready = scan.view.pods(onNode: node.metadata.name).filter { pod in
            !pod.isTerminating && pod.status.conditions.named(Condition.ready)?.status == .true
        }
        return wanted.allSatisfy { daemon in
            ready.contains { $0.metadata.controllerReference?.uid == daemon.pod.metadata.controllerReference?.uid }
        }
    }

    // MARK: - Machines that were there before

    /// Takes over nodes of its pools that it did not buy in this run: those of an exported cluster.
    mutating func adoptMachines(_ scan: inout KarpenterScan) {
        hasAdopted = true
        for machine in scan.cloud.machines where machine.state == .registered && place(of: machine.name) == nil {
            guard let node = scan.node(machine.name), let name = node.metadata.labels[PoolPlan.poolLabel],
                let plan = plan(of: name), let claim = adopted(node, plan, scan.now)
            else { continue }
            claims.append(claim)
        }
    }

    /// Returns the claim of a node as if it had been bought, or nil where nobody sells such a machine.
    private func adopted(_ node: Node, _ plan: PoolPlan, _ now: Instant) -> MachineClaim? {
        let labels = node.metadata.labels
        guard let typeName = labels[OfferTable.instanceTypeLabel], let type = table.place(of: typeName),
            let zone = labels[OfferTable.zoneLabel].flatMap({ table.zone(named: $0) })
        else { return nil }
        let capacityType = labels[OfferTable.capacityTypeLabel].flatMap(CapacityType.init(rawValue:)) ?? .onDemand
        let pool = plan.pool
        var found = node
        found.spec.taints.removeAll(where: pool.startupTaints.hasLike)
        var claim = MachineClaim(
            name: node.metadata.name, pool: pool.name, type: type, zone: zone, machineType: typeName,
            capacityType: capacityType, price: table.models[type].price(capacityType) ?? 0, node: found,
            launchedAt: min(node.metadata.creationTimestamp, now), expireAfter: pool.expireAfter,
            terminationGracePeriod: pool.terminationGracePeriod, templateHash: pool.templateHash,
            classHash: classHashes[pool.nodeClass], startupTaints: pool.startupTaints)
        if labels["karpenter.sh/initialized"] == "true" { claim.initializedAt = now }
        return claim
    }
}
