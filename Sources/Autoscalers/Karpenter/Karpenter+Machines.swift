import Chronology
import ControlPlane
import KubernetesAPI

// Kubernetes counterpart: controllers/nodeclaim/lifecycle and expiration (karpenter), interruption (AWS provider).

extension Karpenter {
    /// Follows what became of the machines that were bought.
    mutating func followMachines(_ scan: inout KarpenterScan) {
        var kept: [MachineClaim] = []
        for var claim in claims {
            // One that is gone for good leaves nothing to do.
            guard let machine = scan.machine(claim.name) else { continue }
            switch machine.state {
            case .failed(let reason):
                giveUp(claim, reason, &scan)
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
                if claim.initializedAt == nil, let node = scan.node(claim.name), Self.isInitialized(node) {
                    claim.initializedAt = scan.now
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

    /// The cloud has none of what was bought.
    private mutating func giveUp(_ claim: MachineClaim, _ reason: String, _ scan: inout KarpenterScan) {
        let until = scan.now + parameters.unavailableOfferingsTTL
        unavailable.add(type: claim.type, bit: OfferTable.bit(claim.zone, claim.capacityType), until: until)
        scan.callAgain(at: until)
        scan.step.requests.append(.terminate(machine: claim.name))
        scan.tell(
            ObjectKey(.node, name: claim.name), .warning, reason,
            "NodeClaim \(claim.name): no \(claim.capacityType.rawValue) \(claim.machineType) in "
                + "\(table.zones[claim.zone])")
        scan.decide(
            .down, reason, claim,
            message: "no \(claim.capacityType.rawValue) \(claim.machineType) in \(table.zones[claim.zone])")
        batch.hurry(scan.now)
    }

    /// Sends machines away whose time is over, whatever runs on them.
    mutating func startDepartures(_ scan: inout KarpenterScan) {
        for place in claims.indices where claims[place].departure == nil {
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

    // MARK: - Purchases

    /// Buys a machine for a draft; returns its claim's name, or nil when nothing is left to buy.
    mutating func buy(
        _ draft: ClaimDraft, load: inout [Int], reason: String, message: String, _ scan: inout KarpenterScan
    ) -> String? {
        guard let choice = draft.choice(load: load) else { return nil }
        load[choice.zone] += 1
        let pool = draft.plan.pool
        let name = freeName(pool.name, scan)
        let node = draft.plan.node(name, choice.type, zone: choice.zone, choice.capacityType)
        let claim = MachineClaim(
            name: name, pool: pool.name, type: choice.type, zone: choice.zone,
            machineType: table.models[choice.type].name, capacityType: choice.capacityType, price: choice.price,
            node: node, launchedAt: scan.now, expireAfter: pool.expireAfter,
            terminationGracePeriod: pool.terminationGracePeriod, templateHash: pool.templateHash)
        claims.append(claim)
        scan.step.requests.append(
            .launch(
                MachineOrder(
                    pool: pool.name, machineType: claim.machineType, zone: table.zones[choice.zone],
                    capacityType: choice.capacityType, pricePerHour: choice.price, node: node)))
        scan.decide(.up, reason, claim, message: message)
        scan.callAgain(at: scan.now + Self.registrationTime)
        return name
    }

    private mutating func freeName(_ pool: String, _ scan: KarpenterScan) -> String {
        while true {
            let serial = (serials[pool] ?? 0) + 1
            serials[pool] = serial
            let digits = String(serial)
            let name = pool + "-" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits
            if !scan.cloud.isTaken(name), scan.node(name) == nil { return name }
        }
    }
}
