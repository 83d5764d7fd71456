import Chronology
import Experiments
import Simulation

/// What `right-size` found, for people and for pipes.
struct RightSizeReport {
    let name: String
    let horizon: Duration
    let sizing: RightSizing

    var text: String {
        requests + "\n" + outcome + "\n" + verdict
    }

    // MARK: - Requests

    private var requests: String {
        var lines = TextColumns([.left, .right, .right, .right, .right, .right, .right])
        let share = "P\(sizing.rule.percentile)"
        lines.add(["CONTAINER", "CPU ASKED", share, "BETTER", "MEMORY ASKED", share, "BETTER"])
        for container in sizing.containers {
            let (cpu, memory) = (container.cpu, container.memory)
            lines.add([
                Self.title(container), Self.cores(cpu.request), Self.cores(cpu.percentile),
                Self.cores(cpu.recommended), Self.bytes(memory.request), Self.bytes(memory.percentile),
                Self.bytes(memory.recommended),
            ])
        }
        let rule =
            switch sizing.rule.recommender {
            case .percentile: "usage at \(share) and \(sizing.rule.marginPercent) % more"
            case .vpa: "the target of the VerticalPodAutoscaler's recommender"
            }
        var text = "Requests of \(name), by \(rule)\n" + lines.text()
        if sizing.containers.isEmpty { text = "Requests of \(name)\n" }
        guard !sizing.unknown.isEmpty else { return text }
        let names = sizing.unknown.prefix(4).map { "\($0.kind) \($0.namespace)/\($0.owner) \($0.container)" }
        let more = sizing.unknown.count > 4 ? " and \(sizing.unknown.count - 4) more" : ""
        return text + "  Nobody says what these use, or they never ran, or were gone between two looks (--every); "
            + "they keep their requests: "
            + names.joined(separator: ", ") + more + "\n"
    }

    private static func title(_ container: ContainerSizing) -> String {
        let place = container.place
        return "\(place.kind) \(place.namespace)/\(place.owner) \(place.container)"
    }

    private static func cores(_ milli: Int64?) -> String { milli.map { "\($0)m" } ?? "-" }

    private static func bytes(_ bytes: Int64?) -> String { bytes.map { Figures.bytes($0) } ?? "-" }

    // MARK: - Both runs

    private var outcome: String {
        let (before, after) = (sizing.before, sizing.after)
        var lines = TextColumns([.left, .right, .right, .right])
        func add(_ name: String, _ value: (RunFigures) -> Int64, _ text: (Int64) -> String) {
            let (old, new) = (value(before), value(after))
            lines.add([name, text(old), text(new), old == new ? "" : (new > old ? "+" : "") + text(new - old)])
        }
        lines.add(["", "BEFORE", "AFTER", "CHANGE"])
        add("bill", \.bill, Self.dollars)
        add("  idle", \.idle, Self.dollars)
        add("machine hours", \.machineTime) { Figures.fixed(Double($0) / 3.6e12, 1) }
        add("pods pending at the end", \.podsPending) { "\($0)" }
        add("pods that are refused", \.podsRefused) { "\($0)" }
        add("longest wait, s", \.longestWait) { Figures.fixed(Double($0) / 1e9, 1) }
        add("pods evicted", \.podsEvicted) { "\($0)" }
        add("killed for want of memory", \.outOfMemoryKills) { "\($0)" }
        add("restarts", \.restarts) { "\($0)" }
        add("CPU wanted and not given, core-s", \.throttled) { Figures.fixed(Double($0) / 1e3, 1) }
        add("objectives missed, min", \.objectiveMissed) { Figures.fixed(Double($0) / 6e10, 1) }
        return "Both runs, of \(horizon)\n" + lines.text()
    }

    private static func dollars(_ amount: Int64) -> String {
        (amount < 0 ? "-$" : "$") + Figures.fixed(abs(Double(amount)) / 1e9, 2)
    }

    /// What it means, in a few words.
    var verdict: String {
        let (before, after) = (sizing.before, sizing.after)
        if !sizing.containers.contains(where: { $0.cpu.isChange || $0.memory.isChange }) {
            return "There is nothing to change.\n"
        }
        var text: String
        if after.podsRefused > before.podsRefused {
            let count = after.podsRefused - before.podsRefused
            text =
                "It saves nothing: the API server refuses \(count == 1 ? "1 pod" : "\(count) pods") more with these "
                + "requests, and \(count == 1 ? "its work is" : "their work is") not done."
        } else if after.bill == before.bill {
            let change = after.idle - before.idle
            text =
                "The bill does not change: the same machines run for the same time. "
                + (change >= 0
                    ? "\(Self.dollars(change)) more of it is idle, and is saved once machines go: "
                        + "with autoscaling, or fewer of them."
                    : "\(Self.dollars(-change)) less of it is idle.")
        } else {
            let saved = before.bill - after.bill
            let share = Figures.fixed(abs(Double(saved)) / max(1, Double(before.bill)) * 100, 1)
            text =
                saved > 0
                ? "It saves \(Self.dollars(saved)) in \(horizon), \(share) % of the bill."
                : "It costs \(Self.dollars(-saved)) more in \(horizon), \(share) % of the bill."
        }
        let worse: [(String, Int64, Int64)] = [
            ("more pods pending", before.podsPending, after.podsPending),
            ("more pods evicted", before.podsEvicted, after.podsEvicted),
            ("more containers killed for want of memory", before.outOfMemoryKills, after.outOfMemoryKills),
            ("more processor time that was wanted and not given", before.throttled, after.throttled),
            ("objectives missed for longer", before.objectiveMissed, after.objectiveMissed),
        ]
        let prices = worse.filter { $0.2 > $0.1 }.map(\.0)
        if !prices.isEmpty { text += " It comes with " + prices.joined(separator: ", ") + "." }
        return text + "\n"
    }
}
