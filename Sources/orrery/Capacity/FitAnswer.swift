import Experiments
import Scheduler
import SchedulingFramework

/// `orrery capacity fit` as text and JSON.
struct FitAnswer: Encodable {
    struct Zone: Encodable {
        let zone: String
        let machines: Int
        let more: Int
    }

    struct Refusal: Encodable {
        let plugin: String
        let reason: String
        let machines: Int
    }

    let scenario: String
    let workload: String
    let at: String
    let asks: String
    let more: Int
    let isLimited: Bool
    let zones: [Zone]
    let message: String
    let refusals: [Refusal]
    let waiting: Int
    let quotas: [String]

    init(_ room: WorkloadRoom, scenario: String, at: String, asks: String) {
        self.scenario = scenario
        workload = room.workload
        self.at = at
        self.asks = asks
        more = room.count
        isLimited = room.isLimited
        zones = room.zones.map { Zone(zone: $0.name, machines: $0.nodes, more: $0.placed) }
        message = room.isUnasked ? "no profile of the scheduler takes such pods" : room.stop?.message ?? ""
        refusals = (room.stop?.rejections ?? []).map {
            Refusal(plugin: $0.plugin?.text ?? "", reason: $0.reason, machines: $0.count)
        }
        waiting = room.waiting
        quotas = room.quotas
    }

    var text: String {
        var text =
            "\(scenario) at \(at): \(isLimited ? "at least " : "")\(CapacityText.pods(more)) more of \(workload), "
        text += "each of which asks for \(asks)\n\n"
        var table = TextColumns([.left, .right, .right])
        table.add(["ZONE", "MACHINES", "MORE"])
        for zone in zones { table.add([zone.zone.isEmpty ? "-" : zone.zone, "\(zone.machines)", "\(zone.more)"]) }
        text += table.text()
        if !message.isEmpty { text += "\nThe next one finds no node: \(message)\n" }
        if !refusals.isEmpty {
            var table = TextColumns([.left, .right, .left])
            table.add(["PLUGIN", "MACHINES", "REASON"])
            for refusal in refusals { table.add([refusal.plugin, "\(refusal.machines)", refusal.reason]) }
            text += table.text()
        }
        if waiting > 0 { text += "\n\(CapacityText.pods(waiting)) of the cluster wait for a node already.\n" }
        if !quotas.isEmpty { text += "\nNot asked: the quota \(quotas.joined(separator: ", ")) of the namespace.\n" }
        return text
    }
}
