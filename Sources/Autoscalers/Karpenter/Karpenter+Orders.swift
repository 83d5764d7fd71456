package import Chronology
import ControlPlane
import KubernetesAPI

// Kubernetes counterpart: controllers/nodeclaim/lifecycle/launch.go and liveness.go (karpenter), providers/instance (AWS).

extension Karpenter {
    /// How many types an order names at most (`MaxInstanceTypes`).
    static let orderedTypesMax = 60
    /// After how long an order that goes wrong is given up (`launchTTL`).
    static let launchTime = Duration.minutes(5)
    /// How long an order that went wrong rests, from the first to the longest pause; each is twice the one before.
    static let launchRetry = (initial: Duration.seconds(1), max: Duration.minutes(1))

    /// Buys a machine for a draft; returns its claim's name, or nil when nothing is left to buy.
    mutating func buy(
        _ draft: ClaimDraft, load: inout [Int], reason: String, message: String, _ scan: inout KarpenterScan
    ) -> String? {
        guard let choice = draft.choice(load: load) else { return nil }
        let offers = draft.offers(choice.capacityType, typesMax: Self.orderedTypesMax, load: load)
        load[choice.zone] += 1
        let pool = draft.plan.pool
        let name = freeName(pool.name, scan)
        let order = MachineOrder(
            pool: pool.name, offers: offers, node: draft.plan.node(name, startupTaints: pool.startupTaints),
            reason: reason, message: message)
        let claim = MachineClaim(
            name: name, pool: pool.name, type: choice.type, zone: choice.zone,
            machineType: table.models[choice.type].name, capacityType: choice.capacityType, price: choice.price,
            node: MachineClaim.node(order, 0, without: pool.startupTaints), launchedAt: scan.now,
            expireAfter: pool.expireAfter, terminationGracePeriod: pool.terminationGracePeriod,
            templateHash: pool.templateHash, classHash: classHashes[pool.nodeClass],
            startupTaints: pool.startupTaints)
        claims.append(claim)
        scan.step.requests.append(.launch(order))
        scan.decide(.up, reason, claim, message: message)
        scan.step.decisions[scan.step.decisions.count - 1].order = name
        scan.callAgain(at: scan.now + Self.registrationTime)
        return name
    }

    private mutating func freeName(_ pool: String, _ scan: KarpenterScan) -> String {
        while true {
            let serial = (serials[pool] ?? 0) + 1
            serials[pool] = serial
            let digits = String(serial)
            let name = pool + "-" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits
            if !scan.cloud.isTaken(name), scan.node(name) == nil, place(of: name) == nil { return name }
        }
    }

    // MARK: - Answers

    /// Learns what the cloud does not have, and what came of an order.
    package mutating func observe(_ answer: LaunchAnswer, at now: Instant) -> LaunchReply {
        var reply = LaunchReply()
        let order = answer.order
        guard let place = place(of: order.name) else { return reply }
        let until = now + parameters.unavailableOfferingsTTL
        for refused in answer.refused { note(order.offers[refused], isOutUntil: until) }
        switch answer.outcome {
        case .given(let offer):
            claims[place].become(offer, of: order, table)
            let text = "\(order.message); \(answer.refused.count) offer(s) before it could not be had"
            reply.decisions = [claims[place].decision(.up, order.reason, text)]
            reply.callAfter = parameters.unavailableOfferingsTTL
        case .insufficientCapacity:
            let claim = claims.remove(at: place)
            reply.decisions = [claim.refusal("InsufficientCapacity", order)]
            reply.events = [claim.event("InsufficientCapacityError", claim.refusal("", order).message)]
            reply.callAfter = PodBatch.retry
        case .failed:
            let pause = min(Self.launchRetry.initial * Int64(1 << min(order.attempt, 10)), Self.launchRetry.max)
            claims[place].pending = MachineClaim.PendingOrder(order: order, due: now + pause)
            if order.attempt == 0 { reply.events = [claims[place].event("LaunchFailed", "the launch failed")] }
            reply.callAfter = min(pause, max(.zero, claims[place].launchedAt + Self.launchTime - now))
        }
        return reply
    }

    /// Takes an offer for sold out for a while.
    private mutating func note(_ offer: MachineOffer, isOutUntil until: Instant) {
        guard let type = table.place(of: offer.model.name), let zone = table.zone(named: offer.zone) else { return }
        unavailable.add(type: type, bit: OfferTable.bit(zone, offer.capacityType), until: until)
    }

    /// Orders a machine once more whose order went wrong, when it is time; returns whether it is still wanted.
    mutating func repeatOrder(_ claim: inout MachineClaim, _ scan: inout KarpenterScan) -> Bool {
        guard let pending = claim.pending, plan(of: claim.pool) != nil else { return false }
        let end = claim.launchedAt + Self.launchTime
        if end <= scan.now {
            scan.step.decisions.append(claim.refusal("LaunchTimeout", pending.order))
            return false
        }
        guard pending.due <= scan.now else {
            scan.callAgain(at: min(pending.due, end))
            return true
        }
        let offers = pending.order.offers.filter { offer in
            guard let type = table.place(of: offer.model.name), let zone = table.zone(named: offer.zone) else {
                return false
            }
            return !unavailable.contains(type: type, bit: OfferTable.bit(zone, offer.capacityType))
        }
        guard let order = pending.order.repeated(with: offers) else {
            scan.step.decisions.append(claim.refusal("InsufficientCapacity", pending.order))
            return false
        }
        claim.pending = nil
        claim.become(0, of: order, table)
        scan.step.requests.append(.launch(order))
        scan.decide(.up, order.reason, claim, message: order.message)
        scan.step.decisions[scan.step.decisions.count - 1].order = order.name
        return true
    }
}

extension MachineClaim {
    /// Returns what is decided when nothing comes of an order: that nothing changes.
    fileprivate func refusal(_ reason: String, _ order: MachineOrder) -> ScalingDecision {
        let types = Set(order.offers.map(\.model.name)).count
        let zones = Set(order.offers.map(\.zone)).sorted().joined(separator: ", ")
        let others = types > 1 ? " and none of \(types - 1) other type(s)" : ""
        return ScalingDecision(
            .down, reason: reason, group: pool, machineType: order.offers[0].model.name, count: 0, pricePerHour: nil,
            message: "no \(order.offers[0].capacityType.rawValue) \(order.offers[0].model.name)\(others) in \(zones)")
    }

    fileprivate func event(_ reason: String, _ message: String) -> EventRecord {
        EventRecord(ObjectKey(.node, name: name), .warning, reason: reason, message: "NodeClaim \(name): \(message)")
    }
}
