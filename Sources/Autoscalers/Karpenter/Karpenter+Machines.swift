import Chronology
import ControlPlane
import KubernetesAPI

// Kubernetes counterpart: controllers/nodeclaim/lifecycle and expiration (karpenter), interruption (AWS provider).

extension Karpenter {
    /// Follows what became of the machines that were bought.
    mutating func followMachines(_ scan: inout KarpenterScan) {
        var kept: [MachineClaim] = []
        for var claim in claims {
            if claim.pending != nil {
                if repeatOrder(&claim, &scan) { kept.append(claim) }
                continue
            }
            // One that is gone for good leaves nothing to do.
            guard let machine = scan.machine(claim.name) else { continue }
            switch machine.state {
            case .failed(let reason):
                giveUp(claim, machine, reason, &scan)
                continue
            case .launching:
                let end = claim.launchedAt + Self.registrationTime
                guard end > scan.now else {
                    scan.step.requests.append(.terminate(machine: claim.name))
                    scan.decide(.down, "RegistrationTimeout", claim, message: "\(claim.name) has not registered")
                    batch.hurry(scan.now)
                    continue
                }
                scan.callAgain(at: end)
            case .registered:
                if claim.initializedAt == nil, let node = scan.node(claim.name) {
                    let isReady = Self.isInitialized(node)
                    if isReady, !awaitsStart(claim, node, &scan) { claim.initializedAt = scan.now }
                }
            }
            if machine.isInterrupted, claim.departure == nil {
                unavailable.add(
                    type: claim.type, bit: OfferTable.bit(claim.zone, claim.capacityType),
                    until: scan.now + parameters.unavailableOfferingsTTL)
                claim.departure = .init(reason: "Interrupted", message: "the cloud takes it back", at: scan.now)
                scan.tell(
                    ObjectKey(.node, name: claim.name), .warning, "SpotInterrupted",
                    "Spot interruption warning was triggered")
            }
            kept.append(claim)
        }
        claims = kept
    }

    private static func isInitialized(_ node: Node) -> Bool {
        node.isReady && !node.spec.taints.contains(where: PassingTaints.isCondition)
    }

    /// A cloud that took an order has none after all.
    private mutating func giveUp(
        _ claim: MachineClaim, _ machine: CloudMachine, _ reason: String, _ scan: inout KarpenterScan
    ) {
        let until = scan.now + parameters.unavailableOfferingsTTL
        unavailable.add(type: claim.type, bit: OfferTable.bit(claim.zone, claim.capacityType), until: until)
        scan.callAgain(at: until)
        scan.step.requests.append(.terminate(machine: claim.name))
        scan.tell(
            ObjectKey(.node, name: claim.name), .warning, reason,
            "NodeClaim \(claim.name): no \(claim.capacityType.rawValue) \(claim.machineType) in \(machine.zone)")
        scan.decide(
            .down, reason, claim,
            message: "no \(claim.capacityType.rawValue) \(claim.machineType) in \(machine.zone)")
        batch.hurry(scan.now)
    }

    /// Sends machines away whose time is over, whatever runs on them.
    mutating func startDepartures(_ scan: inout KarpenterScan) {
        for place in claims.indices where claims[place].departure == nil && claims[place].pending == nil {
            let claim = claims[place]
            if plan(of: claim.pool) == nil {
                claims[place].departure = .init(
                    reason: "NodePoolDeleted", message: "there is no NodePool \(claim.pool) any more", at: scan.now)
            } else if let end = claim.expiresAt {
                guard end <= scan.now else {
                    scan.callAgain(at: end)
                    continue
                }
                let age = claim.expireAfter.map { "\($0)" } ?? ""
                claims[place].departure = .init(reason: "Expired", message: "it is \(age) old", at: scan.now)
            }
        }
    }
}
