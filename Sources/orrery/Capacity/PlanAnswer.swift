import Chronology
import Costs
import Experiments
import KubernetesAPI
import Machines
import Scenarios

/// `orrery capacity plan` as text and JSON.
struct PlanAnswer: Encodable {
    struct Machines: Encodable {
        let machineType: String
        let count: Int
        let zones: [String]
        let purchase: String
        let usdPerHour: String
        let usdPerHourEach: String
    }

    struct Waiting: Encodable {
        let pod: String
        let message: String
    }

    let scenario: String
    let objective: String
    let survive: String?
    /// Workloads whose disks stay in the zone that is lost, so that the plan does not hold for them.
    let notSurviving: [String]?
    let machines: [Machines]
    let usdPerHour: String?
    let usdPerMonth: String?
    /// US dollars an hour or machines, as the objective says, and as the rest of the bounds.
    let value: String?
    let bound: String
    let provenBound: String
    let gap: String?
    let isProven: Bool
    /// What of the scenario's prices these figures leave out.
    let uncounted: [String]
    let kinds: Int
    let considered: Int
    let dominated: Int
    let rivals: Int
    let refuted: Int
    let trials: Int
    let demand: String?
    let waiting: Waiting?
    let next: String?
    /// Whether only pools with labels, taints and the like make such machines.
    private let isForPools: Bool
    /// Whether those pools pay something else than the book says.
    private let hasOwnPrices: Bool
    /// Whether more kinds would have to be allowed.
    private let needsKinds: Bool

    private enum CodingKeys: CodingKey {
        case scenario, objective, survive, notSurviving, machines, usdPerHour, usdPerMonth, value, bound, provenBound,
            gap, isProven
        case uncounted, kinds, considered, dominated, rivals, refuted, trials, demand, waiting, next
    }

    init(
        _ plan: MachinePlan, scenario: String, mold: MachineMold, survival: Survival?, zonal: [ObjectKey] = [],
        uncounted: [String], repeating given: [String]?
    ) {
        self.uncounted = uncounted
        self.scenario = scenario
        objective = plan.objective.rawValue
        survive = survival?.rawValue
        notSurviving = survival == .zone && !zonal.isEmpty ? zonal.map(\.description) : nil
        machines = (plan.best?.parts ?? []).map { offer, count in
            Machines(
                machineType: offer.type.name, count: count, zones: mold.zones, purchase: offer.purchase.rawValue,
                usdPerHour: offer.pricePerHour.scaled(by: Int64(count), over: 1).exact,
                usdPerHourEach: offer.pricePerHour.exact)
        }
        let price = plan.best?.set.price
        usdPerHour = price?.exact
        usdPerMonth = price.map { CapacityText.monthly($0) }
        func amount(_ value: Int64) -> String {
            switch plan.objective {
            case .cost: NanoDollars(value).exact
            case .machines: "\(value)"
            }
        }
        value = plan.value.map(amount)
        bound = amount(plan.bound)
        provenBound = amount(plan.provenBound)
        gap = plan.value.map { CapacityText.share($0 - plan.provenBound, of: plan.provenBound) }
        isProven = plan.isProven
        kinds = plan.kindsMax
        considered = plan.considered
        dominated = plan.dominated
        rivals = plan.rivals
        refuted = plan.refuted
        trials = plan.trials
        demand = plan.demand.map {
            let devices = $0.deviceMilli > 0 ? ", \(Quantity(milli: $0.deviceMilli)) of GPUs" : ""
            return "\(CapacityText.amounts($0.amounts))\(devices) in \(CapacityText.pods(Int($0.pods)))"
        }
        waiting = plan.best == nil ? plan.lastWaiting.map { Waiting(pod: $0.pod, message: $0.message) } : nil
        needsKinds = plan.best == nil && plan.kindsMax < plan.kindsNeeded ?? 0 && plan.kindsMax < PlanSearch.kindsMax
        let order = machines.map { "\($0.count)x\($0.machineType)" }.joined(separator: ",")
        let zones = mold.zones.joined(separator: ",")
        let placed = ["--machines", order] + (zones.isEmpty ? [] : ["--zones", zones])
        next = machines.isEmpty || !mold.isPlain ? nil : given.map { Invocation.line(["run"] + $0 + placed) }
        isForPools = !mold.isPlain
        hasOwnPrices = mold.hasOwnPrices
    }

    var text: String {
        guard usdPerHour != nil else { return failure }
        let best = objective == "cost" ? "cheapest" : "smallest"
        var text = "\(scenario): the \(best) set of machines on which every pod runs"
        text += survive.map { ", also without \($0 == "zone" ? "any one zone" : "one machine of any kind")" } ?? ""
        text += "\n\n"
        var table = TextColumns([.right, .left, .left, .left, .right, .right])
        table.add(["COUNT", "TYPE", "ZONES", "PURCHASE", "EACH/H", "USD/H"])
        for row in machines {
            table.add([
                "\(row.count)", row.machineType, row.zones.joined(separator: ","), row.purchase, row.usdPerHourEach,
                row.usdPerHour,
            ])
        }
        text += table.text()
        text += "\n  together  $\(usdPerHour ?? "")/h, \(usdPerMonth ?? "") a month of 730 hours\n"
        text += CapacityText.uncounted(uncounted)
        if let demand { text += "  holds     \(demand) at the peak, without DaemonSets\n" }
        func unit(_ value: String) -> String { objective == "cost" ? "$\(value)/h" : "\(value) machines" }
        text += "  bound     \(unit(bound)): no set of these machine types holds that for less\n"
        if isProven {
            text +=
                "  proven    no better set of at most \(kinds) kinds does: \(refuted) could by their sums, and leave "
            text += "pods waiting\n"
        } else {
            text +=
                "  gap       \(gap ?? ""): no set of at most \(kinds) kinds below \(unit(provenBound)) does; "
            text +=
                kinds > PlanSearch.kindsMax
                ? "sets of so many kinds are not gone through\n"
                : "\(refuted) of \(rivals) better ones that could by their sums were tried (--trials)\n"
        }
        if let notSurviving {
            text +=
                "  not for   \(notSurviving.joined(separator: ", ")): a disk that was made stays in its zone, and its pods wait "
            text += "while that is lost\n"
        }
        text += "  looked at \(considered) machine types, \(dominated) of which have a better one; \(trials) runs\n"
        if let next {
            text += "\nNext\n  \(next)\n"
        } else if isForPools {
            text += "\nNext\n  write these machines into the pools that they replace, which keep the rest: labels, "
            text += "taints, reservations, images, purchase\n"
            if hasOwnPrices { text += "  a price of their own is that of the machine type which they have now\n" }
        }
        return text
    }

    private var failure: String {
        var text = "\(scenario): no set of these machines was found on which every pod runs "
        text += "(\(considered) machine types, \(trials) runs)\n"
        if let waiting { text += "  \(waiting.pod) waits: \(waiting.message)\n" }
        if needsKinds {
            text += "  the pods need machines of several kinds: none admits all of them (--max-pool-kinds)\n"
        } else if trials == 0 {
            text += "  no machine type has room for the largest pod\n"
        }
        return text
    }
}
