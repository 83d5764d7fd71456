import Autoscalers
import Chronology
import ControlPlane
import Costs
import Faults
import KubernetesAPI
import VirtualTime

/// What a cloud answered to an order, and what the autoscaler made of it.
struct AnsweredOrder {
    let answer: LaunchAnswer
    /// nil where it gets what it wanted first.
    let reply: LaunchReply?
}

extension World {
    /// Answers all orders among `requests` before any is carried out, and tells the autoscaler; by machine, only looked up.
    mutating func answers(to requests: [CloudRequest], of index: Int) -> [String: AnsweredOrder] {
        var answers: [String: AnsweredOrder] = [:]
        // What is promised to one order is no longer there for the next.
        var use = setup.quotas.isEmpty ? nil : quotaUse()
        for case .launch(let order) in requests {
            let answer = self.answer(to: order, use)
            if case .given(let place) = answer.outcome { use?.add(QuotaLoad(order.offers[place])) }
            var reply: LaunchReply?
            if !answer.isFirstChoice {
                let told = autoscaling.hosts[index].component.observe(answer, at: now)
                for event in told.events { record(event, source: autoscaling.hosts[index].name) }
                reply = told
            }
            answers[order.name] = AnsweredOrder(answer: answer, reply: reply)
        }
        return answers
    }

    /// Goes through the offers of an order as quotas and troubles leave them: the first of which there is any is given, or
    /// goes wrong. What is over a quota is to the autoscaler as if there were none, as upstream takes it.
    private mutating func answer(to order: MachineOrder, _ use: QuotaUse?) -> LaunchAnswer {
        var refused: [Int] = []
        var told: Set<CloudQuota> = []
        for place in order.offers.indices {
            if let quota = use?.exceeded(by: QuotaLoad(order.offers[place])) {
                refused.append(place)
                guard told.insert(quota).inserted else { continue }
                let key = ObjectKey(.node, name: order.name)
                record(EventRecord(key, .warning, reason: quota.error, message: quota.refusal), source: "cloud")
                continue
            }
            switch launchOutcome(of: order, place) {
            case .comes: return LaunchAnswer(order, refused: refused, outcome: .given(place))
            case .fails: return LaunchAnswer(order, refused: refused, outcome: .failed)
            case .waits: refused.append(place)
            }
        }
        return LaunchAnswer(order, refused: refused, outcome: .insufficientCapacity)
    }

    private func launchOutcome(of order: MachineOrder, _ place: Int) -> LaunchOutcome {
        let offer = order.offers[place]
        let labels = order.node(place).metadata.labels
        let candidate = FaultCandidate(
            name: order.name, zone: offer.zone, rack: labels[NodePool.rackLabel] ?? "", region: offer.region,
            pool: order.pool, labels: labels)
        var isFailing: Duration?
        for (number, slot) in faults.launchTroubles.enumerated() {
            let open = faults.open[slot]
            guard faults.isTrouble(open, for: candidate) else { continue }
            if open.strike.effect == .stockOut || open.strike.effect == .powerLoss { return .waits }
            if case .launchFailure(let partsPerMillion, let retry) = open.strike.effect {
                // One draw for a try and a fault, whatever was out of stock before.
                let index = UInt64(order.attempt) << 8 | UInt64(number)
                var stream = streams.stream("fault.launch", purpose: order.name, index: index)
                if stream.integer(below: 1_000_000) < partsPerMillion { isFailing = retry }
            }
        }
        return isFailing.map { .fails(retry: $0) } ?? .comes(later: .zero)
    }

    /// Launches what an order gets, if anything.
    mutating func launch(_ order: MachineOrder, _ answered: AnsweredOrder?) {
        var place = 0
        switch answered?.answer.outcome {
        case .given(let given)?: place = given
        case .insufficientCapacity?, .failed?: return
        case nil: break
        }
        let offer = order.offers[place]
        let terms = MachineTerms(
            zone: offer.zone, machineType: offer.model.name, pool: -1, poolName: order.pool,
            purchase: offer.capacityType.rawValue, pricePerHour: NanoDollars(offer.pricePerHour))
        launch(order.node(place), on: terms, isRunning: false, isGiven: true)
        armFaults(of: Int32(nodes.count - 1))
    }
}
