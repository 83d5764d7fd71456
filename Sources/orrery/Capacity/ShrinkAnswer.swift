import Costs
import Experiments

/// `orrery capacity shrink` as text and JSON.
struct ShrinkAnswer: Encodable {
    struct Machine: Encodable {
        let name: String
        let machineType: String
        let zone: String
        let usdPerHour: String
        let reason: String
    }

    let scenario: String
    let at: String
    let removed: [Machine]
    let kept: [Machine]
    let usdPerHourBefore: String
    let usdPerHourAfter: String
    let savedPerHour: String
    let savedPerMonth: String
    let boundUSDPerHour: String?
    let gap: String?
    /// What of the scenario's prices these figures leave out.
    let uncounted: [String]
    let trials: Int
    let waitingPod: String?
    let waitingMessage: String?

    init(_ answer: ShrinkSearch.Answer, scenario: String, at: String, uncounted: [String]) {
        self.scenario = scenario
        self.at = at
        func row(_ machine: ShrinkSearch.Machine) -> Machine {
            Machine(
                name: machine.name, machineType: machine.machineType, zone: machine.zone,
                usdPerHour: machine.pricePerHour.exact, reason: machine.reason)
        }
        removed = answer.removed.map(row)
        kept = answer.kept.map(row)
        let saved = answer.priceBefore - answer.priceAfter
        usdPerHourBefore = answer.priceBefore.exact
        usdPerHourAfter = answer.priceAfter.exact
        savedPerHour = saved.exact
        savedPerMonth = CapacityText.monthly(saved)
        boundUSDPerHour = answer.bound?.exact
        gap = answer.bound.map { CapacityText.share((answer.priceAfter - $0).amount, of: $0.amount) }
        self.uncounted = uncounted
        trials = answer.trials
        waitingPod = answer.waiting.map { "\($0.pod)" }
        waitingMessage = answer.waiting?.message
    }

    var text: String {
        if let waitingPod {
            return "\(scenario): not everything runs on the machines as they are\n  \(waitingPod) waits: "
                + "\(waitingMessage ?? "")\n"
        }
        let all = removed.count + kept.count
        var text = "\(scenario): \(removed.count) of \(all) machines could go at \(at)\n\n"
        var table = TextColumns([.left, .left, .left, .left, .right, .left])
        table.add(["", "MACHINE", "TYPE", "ZONE", "USD/H", "WHY IT STAYS"])
        for row in removed { table.add(["goes", row.name, row.machineType, row.zone, row.usdPerHour, ""]) }
        for row in kept { table.add(["stays", row.name, row.machineType, row.zone, row.usdPerHour, row.reason]) }
        text += table.text()
        text += "\n  now    $\(usdPerHourBefore)/h\n  then   $\(usdPerHourAfter)/h\n"
        text += "  saved  $\(savedPerHour)/h, \(savedPerMonth) a month of 730 hours\n"
        text += CapacityText.uncounted(uncounted)
        if let boundUSDPerHour {
            text +=
                "  bound  $\(boundUSDPerHour)/h: no part of these machines that costs less holds the requests at their "
            text += "peak; gap \(gap ?? "")\n"
        }
        text += "  \(trials) runs, drains and budgets included\n"
        return text
    }
}
