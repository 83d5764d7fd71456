import Chronology
import Foundation
import Observations
import RunDatabase

// MARK: - Money

extension RunSummary {
    /// How many namespaces, workloads, groups of waiting pods and faults are named one by one.
    private static let shown = 5

    var costLines: [String] {
        guard costs.isKnown else {
            return ["Cost  not known: the ledger is closed once a day and when a run ends"]
        }
        let until =
            run.isFinished
            ? "" : ", up to \(run.clock.text(of: run.settled, decimals: .none)) when the ledger was closed last"
        guard costs.total != 0 else { return ["Cost  nothing: no machine had a price\(until)"] }
        var lines = ["Cost  \(SummaryText.dollars(costs.total, largest: costs.total))\(until)"]
        let accounts: [(String, Int64)] = [
            ("pods", costs.pods), ("idle", costs.idle), ("overhead", costs.overhead),
            ("control plane", costs.controlPlane), ("storage", costs.storage),
            ("load balancers", costs.loadBalancers), ("traffic", costs.traffic),
            ("unused commitments", costs.commitmentWaste), ("other", costs.other),
        ]
        let amounts = accounts.map { SummaryText.dollars($0.1, largest: costs.total) }
        let width = amounts.map(\.count).max() ?? 0
        let nameWidth = costs.commitmentWaste == 0 ? 14 : 18
        for ((name, cost), amount) in zip(accounts, amounts) where cost != 0 {
            let space = String(repeating: " ", count: width - amount.count)
            let share = String(format: "%5.1f %%", 100 * Double(cost) / Double(costs.total))
            lines.append("  \(SummaryText.padded(name, nameWidth)) \(space)\(amount)  \(share)")
        }
        if !namespaces.isEmpty { lines.append("  by namespace   \(list(namespaces))") }
        if !controllers.isEmpty { lines.append("  by workload    \(list(controllers))") }
        return lines
    }

    private func list(_ parts: [NamedCost]) -> String {
        let named = parts.prefix(Self.shown).map { part in
            "\(part.name) \(SummaryText.dollars(part.cost, largest: costs.total))"
        }
        let rest = parts.count - named.count
        return named.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
    }
}

// MARK: - Machines

extension RunSummary {
    var machineLines: [String] {
        // The metric of that name counts those that are there at the end.
        let scope = totals.nodesRegistered > totals.nodesReady ? " over the whole run" : ""
        let counts = "\(totals.nodesRegistered) registered\(scope), \(totals.nodesReady) ready at the end"
        var lines = ["Machines  \(counts)"]
        if totals.launchesRefused > 0 {
            let count = SummaryText.count(totals.launchesRefused, "order")
            lines.append("  a quota of the cloud refused \(count) of a machine; see report events")
        }
        let isReclaimed = faults.contains { $0.kind == "SpotReclaim" } || unstruck.contains { $0.kind == "SpotReclaim" }
        if totals.nodesOnSpot > 0, !isReclaimed {
            let machines = SummaryText.count(totals.nodesOnSpot, "machine")
            lines.append("  \(machines) on spot, and no fault SpotReclaim takes any back")
        }
        guard let fullness else { return lines }
        let cores = SummaryText.cores(fullness.cpu.allocatable)
        lines.append("  CPU     \(Self.level(fullness.cpu)) of \(cores) cores (mean)")
        let bytes = ReportUnit.bytes(fullness.memory.allocatable)
        lines.append("  memory  \(Self.level(fullness.memory)) of \(bytes) (mean)")
        if let gpu = fullness.gpu {
            let share = SummaryText.percent(gpu.requestedShare)
            lines.append("  GPUs    \(share) requested of \(SummaryText.cores(1_000 * gpu.allocatable)) (mean)")
        }
        if Self.isAssumed(fullness.cpu) || Self.isAssumed(fullness.memory) {
            lines.append("  assumed: containers of which no usage is given are taken to use what they request")
        }
        lines.append("  \(reason(fullness.cpu, fullness.memory, fullness.gpu))")
        if let used = fullness.cpu.used, fullness.cpu.requested > 0, used < fullness.cpu.requested / 2 {
            let share = SummaryText.percent(used / fullness.cpu.requested)
            lines.append("  requests are larger than the need: of the CPU requested, \(share) was used")
        }
        return lines
    }

    private static func level(_ fullness: Fullness) -> String {
        let requested = "\(SummaryText.percent(fullness.requestedShare)) requested"
        guard let used = fullness.used, fullness.allocatable > 0 else { return requested }
        return requested + ", \(SummaryText.percent(used / fullness.allocatable)) used\(assumption(of: fullness))"
    }

    /// Returns how much of what was used is an assumption, in brackets; nothing where hardly any is.
    static func assumption(of fullness: Fullness) -> String {
        guard isAssumed(fullness) else { return "" }
        let share = fullness.assumedShare
        return share >= 0.9995 ? " (assumed)" : " (\(SummaryText.percent(share)) of that assumed)"
    }

    private static func isAssumed(_ fullness: Fullness) -> Bool { fullness.assumedShare >= 0.0005 }

    /// Returns why the machines were not fuller, in one line.
    private func reason(_ cpu: Fullness, _ memory: Fullness, _ gpu: Fullness?) -> String {
        guard cpu.allocatable > 0, memory.allocatable > 0 else { return "no machine was ever ready" }
        let (first, name, other) =
            cpu.requestedShare >= memory.requestedShare ? (cpu, "CPU", "memory") : (memory, "memory", "CPU")
        if cpu.requestedShare >= 0.85, memory.requestedShare >= 0.85 { return "little is left" }
        if let gpu, gpu.requestedShare >= 0.85, first.requestedShare < 0.85 {
            return "GPUs run out first and leave CPU and memory idle"
        }
        if first.requestedShare >= 0.85 {
            let gibibyte = 1_073_741_824.0
            let asked = memory.requested / gibibyte / (cpu.requested / 1_000)
            let offered = memory.allocatable / gibibyte / (cpu.allocatable / 1_000)
            return "\(name) runs out first and leaves \(other) idle: pods ask for "
                + "\(SummaryText.cores(1_000 * asked)) GiB a core, machines offer \(SummaryText.cores(1_000 * offered))"
        }
        let peak = SummaryText.percent(first.peak)
        if first.peak >= 0.85 {
            return "why not fuller: sized for the peak, when \(peak) of the \(name) was requested"
        }
        if waiting.contains(where: \.isShortOfRoom) {
            let whose = waiting.allSatisfy(\.isShortOfRoom) ? "those" : "some"
            return "why not fuller: no node has room for a whole pod of \(whose) that wait; at the peak "
                + "\(peak) of the \(name) was requested"
        }
        if !waiting.isEmpty {
            let reason = run.isClosed ? "pods wait for another reason than room, see below" : "pods wait, see below"
            return "why not fuller: \(reason); at the peak \(peak) of the \(name) was requested"
        }
        if refused.contains(where: { $0.objects == 0 }) {
            return "why not fuller: pods were not created, see below; at the peak \(peak) of the \(name) was requested"
        }
        return "why not fuller: the pods ask for no more; at the peak \(peak) of the \(name) was requested"
    }
}

// MARK: - Pods

extension RunSummary {
    var podLines: [String] {
        func pods(_ number: Int64, _ what: String) -> String { "\(ReportUnit.grouped("\(number)")) \(what)" }
        let found = totals.podsFound > 0 ? "\(pods(totals.podsFound, "found")), " : ""
        let states = [
            pods(totals.podsRunning, "running"), pods(totals.podsSucceeded, "succeeded"),
            pods(totals.podsFailed, "failed"), pods(totals.podsPending, "pending"),
        ]
        let deleted = totals.podsDeleted > 0 ? ", \(pods(totals.podsDeleted, "deleted"))" : ""
        var lines = [
            "Pods  \(found)\(pods(totals.podsCreated, "created")): \(states.joined(separator: ", "))\(deleted)"
        ]
        if let pressureLine { lines.append(pressureLine) }
        if totals.podsWithoutCost > 0 {
            let pods = SummaryText.count(totals.podsWithoutCost, "pod")
            lines.append(
                "  without cost: \(pods), as no requests and no usage are known of them; what they use counts as idle")
        }
        lines += refusedLines
        if !waiting.isEmpty {
            let pods = SummaryText.count(waiting.reduce(0) { $0 + $1.pods }, "pod")
            lines.append("  waiting for a node: \(pods)")
        }
        for group in waiting.prefix(Self.shown) {
            let each = SummaryText.request(of: group)
            lines.append("    \(group.controller): \(SummaryText.count(group.pods, "pod")) of \(each)")
            for refusal in group.refusals.prefix(3) {
                // Some reasons are none of nodes: no node is looked at then.
                let nodes = " (\(refusal.nodes) of \(SummaryText.count(group.evaluated, "node")))"
                lines.append("      \(refusal.plugin): \(refusal.reason)\(group.evaluated > 0 ? nodes : "")")
            }
            if group.evaluated == 0, group.refusals.isEmpty {
                lines.append("      \(run.isClosed ? Self.untried : Self.untold)")
            } else if let missing = missing(group) {
                lines.append("      \(missing)")
            }
        }
        let rest = waiting.count - Self.shown
        if rest > 0 { lines.append("    and \(rest) more workloads: report pending") }
        return lines
    }

    /// Which pods the API server refused to the end, and why.
    private var refusedLines: [String] {
        var lines = refused.prefix(Self.shown).map { group in
            if group.objects > 0 {
                let more = group.objects > 1 ? " and \(ReportUnit.grouped("\(group.objects - 1)")) more" : ""
                return "  refused: \(group.owner)\(more): \(group.reason)"
            }
            let pods = group.wanted.map { SummaryText.count($0, "pod") } ?? "pods"
            return "  not created: \(pods) of \(group.owner): \(group.reason)"
        }
        let rest = refused.dropFirst(Self.shown)
        let pods = rest.count { $0.objects == 0 }
        if pods > 0 { lines.append("  not created: those of \(pods) more; see report events") }
        if rest.count > pods { lines.append("  refused: for \(rest.count - pods) reasons more; see report events") }
        return lines
    }

    /// What machines that ran short of something did to pods; nil when none did.
    private var pressureLine: String? {
        var parts: [String] = []
        if totals.oomKills > 0 { parts.append(SummaryText.count(totals.oomKills, "container") + " killed for memory") }
        if totals.podsEvictedByKubelets > 0 {
            parts.append(SummaryText.count(totals.podsEvictedByKubelets, "pod") + " evicted")
        }
        if totals.throttledCPU > 0 {
            let hours = String(format: "%.1f", Double(totals.throttledCPU) / 3.6e12)
            parts.append("\(hours) core hours wanted and not got")
        }
        return parts.isEmpty ? nil : "  short of machine: \(parts.joined(separator: ", ")); see report pressure"
    }

    /// Why pods wait about which nothing was decided.
    private static let untried =
        "no scheduler tried to place them: none has their schedulerName, or scheduling gates hold them"

    /// Failures that are alike are written together, when another follows.
    private static let untold = "why is not known: the run broke off before the last attempts were written"

    /// Returns which resource is missing and how much of it, as far as resources are the reason.
    private func missing(_ group: WaitingPods) -> String? {
        guard let room else { return nil }
        if group.requestCPU > room.largestCPU {
            return "no machine is big enough: the largest can give \(SummaryText.cores(Double(room.largestCPU))) cores"
        }
        if group.requestMemory > room.largestMemory {
            return "no machine is big enough: the largest can give \(ReportUnit.bytes(Double(room.largestMemory)))"
        }
        var short: [String] = []
        let cpu = Double(group.requestCPU) * Double(group.pods) - Double(room.cpu)
        if cpu > 0 { short.append("\(SummaryText.cores(cpu)) cores") }
        let memory = Double(group.requestMemory) * Double(group.pods) - Double(room.memory)
        if memory > 0 { short.append(ReportUnit.bytes(memory)) }
        let gpu = Double(group.requestGPU) * Double(group.pods) - Double(room.gpu)
        if group.requestGPU > 0, gpu > 0 {
            short.append(SummaryText.count(Int64(exactly: gpu.rounded()) ?? .max, "GPU"))
        }
        short += group.otherShortages
        if !short.isEmpty { return "missing: \(short.joined(separator: ", "))" }
        return group.lacksResource ? "enough is free in all, but not together on one machine" : nil
    }
}

// MARK: - Work

extension RunSummary {
    var workLines: [String] {
        guard work.runs > 0 || work.overhead > .zero else { return [] }
        let runs = SummaryText.count(work.runs, "run")
        var lines = ["Work  \(ReportUnit.duration(work.lost.inSeconds)) lost in \(runs) cut short"]
        if work.overhead > .zero {
            let restored = ReportUnit.duration(work.restored.inSeconds)
            lines.append(
                "  checkpoints: \(restored) taken over from them, \(ReportUnit.duration(work.overhead.inSeconds)) spent on them"
            )
        }
        return lines
    }
}

// MARK: - Faults

extension RunSummary {
    var faultLines: [String] {
        guard !faults.isEmpty else { return [] }
        var lines = ["Faults  \(faults.count)"]
        for fault in faults.prefix(Self.shown) {
            lines.append("  \(fault.name) (\(fault.kind), \(fault.target)): \(outcome(fault))")
        }
        let rest = faults.count - Self.shown
        if rest > 0 { lines.append("  and \(rest) more: report faults-and-recovery") }
        return lines
    }

    private func outcome(_ fault: FaultOutcome) -> String {
        ([pods(hitBy: fault)] + harm(of: fault)).joined(separator: ", ")
    }

    private func pods(hitBy fault: FaultOutcome) -> String {
        guard fault.podsHit > 0 else { return "no pod hit" }
        var parts = ["\(SummaryText.count(fault.podsHit, "pod")) hit"]
        // A process that was killed has not told which of its living pods are ready.
        guard run.isClosed else { return parts[0] }
        if let detected = fault.detected { parts.append("seen after \(ReportUnit.duration(detected))") }
        if let evicted = fault.evicted { parts.append("evicted by \(ReportUnit.duration(evicted))") }
        if fault.notRecovered > 0 {
            parts.append("\(SummaryText.count(fault.notRecovered, "workload")) not whole again by the end")
        } else if let recovery = fault.recovery {
            parts.append("every workload whole again after \(ReportUnit.duration(recovery))")
        }
        return parts.joined(separator: ", ")
    }

    /// What else it did.
    private func harm(of fault: FaultOutcome) -> [String] {
        var parts: [String] = []
        if let until = fault.delayedUntil {
            let steps = SummaryText.count(fault.stepsDelayed, "step")
            parts.append("\(steps) held up, the last until \(ReportUnit.duration(until))")
        }
        let requests = fault.requestsFailed
        if requests > 0 { parts.append("\(SummaryText.count(requests, "request")) failed") }
        if fault.violated > 0 { parts.append("objective missed for \(ReportUnit.duration(fault.violated))") }
        if fault.workLost > 0 { parts.append("\(ReportUnit.duration(fault.workLost)) of work lost") }
        return parts
    }
}
