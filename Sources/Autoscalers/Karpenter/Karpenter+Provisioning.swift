import Chronology
import ControlPlane
import KubernetesAPI
import SchedulingFramework

// Kubernetes counterpart: provisioning/provisioner.go (karpenter).

extension Karpenter {
    /// Buys machines for the pods that wait, once no more of them come.
    mutating func provision(_ scan: inout KarpenterScan) {
        let waiting = PendingPods.unschedulable(scan.view).filter {
            !PendingPods.isNominated($0) && !Drainability.isDaemon($0)
        }
        let leaving = leavingPods(scan)
        var noted: [(uid: UID, since: Instant)] = []
        for pod in waiting {
            let condition = pod.status.conditions.named(Condition.podScheduled)
            noted.append((pod.metadata.uid, condition?.lastTransitionTime ?? scan.now))
        }
        for pod in leaving { noted.append((pod.metadata.uid, scan.now)) }
        batch.note(noted)
        if remarks.count > waiting.count { forgetRemarks(of: waiting) }
        let mark = provisioningMark(scan)
        guard let due = batch.due(parameters, mark: mark) else { return }
        guard due <= scan.now else { return scan.callAgain(at: due) }
        solve(waiting, leaving, &scan)
        batch.solved(at: scan.now, mark: provisioningMark(scan))
    }

    /// The pods of machines that depart which will have to go elsewhere.
    func leavingPods(_ scan: KarpenterScan) -> [Pod] {
        let leaving = leavingClaims
        return claims.filter { leaving.contains($0.name) }.flatMap { claim in
            scan.view.pods(onNode: claim.name).filter {
                scan.isReschedulableNow($0)
            }
        }
    }

    private mutating func solve(_ waiting: [Pod], _ leaving: [Pod], _ scan: inout KarpenterScan) {
        let trial = trial(scan)
        let offers = ShapeOffers(plans, unavailable: unavailable, rules: parameters.rules)
        var plan = ProvisioningPlan(
            trial, offers, zoneLoad: zoneLoad, limits: limits(), preferences: parameters.preferencePolicy)
        plan.place((waiting + leaving).map { trial.info($0) })
        kinds = trial.kinds
        for placement in plan.placements {
            nominate(placement.node, scan.now)
            remark(placement.pod, "Nominated", "Pod should schedule on: node/\(placement.node)", &scan)
        }
        var load = zoneLoad
        for draft in plan.claims {
            let types = draft.options.count
            let name = buy(
                draft, load: &load, reason: "Provision",
                message: "for \(draft.pods.count) pod(s), the cheapest of \(types) type(s), "
                    + (draft.buysSpot ? "spot" : "on-demand"), &scan)
            guard let name else { continue }
            nominate(name, scan.now)
            for pod in draft.pods {
                remark(pod, "Nominated", "Pod should schedule on: nodeclaim/\(name)", &scan)
            }
        }
        for (pod, reason) in plan.failures where pod.pod.nodeName == nil {
            remark(pod, "FailedScheduling", "Failed to schedule pod, \(reason)", &scan)
        }
    }

    private mutating func nominate(_ node: String, _ now: Instant) {
        guard let place = place(of: node) else { return }
        claims[place].nominatedUntil = now + parameters.batchMaxDuration + parameters.batchMaxDuration
    }

    // MARK: - Words

    /// Says something of a pod, once.
    private mutating func remark(_ pod: PodInfo, _ reason: String, _ message: String, _ scan: inout KarpenterScan) {
        guard pod.pod.nodeName == nil, remarks[pod.uid] != message else { return }
        remarks[pod.uid] = message
        scan.tell(pod.key, reason == "Nominated" ? .normal : .warning, reason, message)
    }

    private mutating func forgetRemarks(of waiting: [Pod]) {
        let present = Set(waiting.map(\.metadata.uid))
        remarks = remarks.filter { present.contains($0.key) }
    }

    /// A fingerprint of everything by which another look could find more for pods that wait already.
    private func provisioningMark(_ scan: KarpenterScan) -> UInt64 {
        var hash = TextHash(UInt64(plansVersion) << 32 | UInt64(unavailable.version))
        for node in scan.nodes {
            hash.add(node.metadata.name)
            hash.add(node.isReady ? node.spec.unschedulable ? "c" : "r" : "n")
            for taint in node.spec.taints { hash.add(taint.key) }
        }
        for claim in claims {
            hash.add(claim.name)
            hash.add(claim.departure == nil ? claim.initializedAt == nil ? "s" : "i" : "d")
        }
        return hash.value
    }
}
