package import RunDatabase
import Chronology
import Observations

/// What a person wants to know once a run has ended: its cost, how full the machines were, what did not fit, what broke.
package struct RunSummary: Sendable {
    let run: RunRecord
    let totals: RunTotals
    let costs: CostTotals
    let namespaces: [NamedCost]
    let controllers: [NamedCost]
    let fullness: (cpu: Fullness, memory: Fullness, gpu: Fullness?)?
    let waiting: [WaitingPods]
    let refused: [RefusedPods]
    let room: FreeRoom?
    let faults: [FaultOutcome]
    let unstruck: [UnstruckFaultRow]
    let services: [ServiceOutcome]
    let work: LostWork
    let warnings: Int
    let assertions: [AssertionRow]
    let brokenAssertions: [String]

    /// Reads what the summary needs out of a run's database.
    package init(of reader: RunReader) throws(RunDatabaseError) {
        run = reader.run
        totals = try reader.totals()
        costs = try reader.costs()
        namespaces = try reader.costsByNamespace()
        controllers = try reader.costsByController()
        fullness = try reader.fullness()
        waiting = try reader.waitingPods()
        refused = try reader.refusedPods()
        room = try reader.freeRoom()
        faults = try reader.faultOutcomes()
        unstruck = try reader.unstruckFaults()
        services = try reader.serviceOutcomes()
        work = try reader.lostWork()
        warnings = try reader.warnings().count
        assertions = try reader.assertions()
        brokenAssertions = try reader.brokenAssertions()
    }

    /// The summary for people; it ends with a line break.
    package var text: String {
        let parts = [
            heading, costLines, machineLines, podLines, serviceLines, faultLines, unstruckLines, workLines,
            closingLines,
        ]
        return parts.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
    }

    /// The summary as one JSON object with its keys in a fixed order; it ends with a line break.
    package var json: String {
        var fields: [(String, String)] = [
            ("scenario", JSONText.quoted(run.scenario)),
            ("seed", "\(run.seed)"),
            ("status", JSONText.quoted(run.isFinished ? run.status.rawValue : "incomplete")),
            ("digest", run.digest.map(JSONText.quoted) ?? "null"),
            ("virtualDuration", JSONText.quoted(run.reached.sinceStart.description)),
            ("events", "\(run.events)"),
            ("costUSD", costs.isKnown ? JSONText.dollars(costs.total) : "null"),
            (
                "pods",
                "{" + (totals.podsFound > 0 ? "\"found\": \(totals.podsFound), " : "")
                    + "\"created\": \(totals.podsCreated), \"running\": \(totals.podsRunning), "
                    + "\"succeeded\": \(totals.podsSucceeded), \"failed\": \(totals.podsFailed), "
                    + "\"pending\": \(totals.podsPending), \"deleted\": \(totals.podsDeleted)}"
            ),
            ("nodes", "{\"registered\": \(totals.nodesRegistered), \"ready\": \(totals.nodesReady)}"),
        ]
        if !run.isFinished, costs.isKnown {
            fields.append(("costUntil", JSONText.quoted(run.clock.text(of: run.settled, decimals: .none))))
        }
        if totals.oomKills + totals.podsEvictedByKubelets + totals.throttledCPU > 0 {
            fields.append(
                (
                    "pressure",
                    "{\"oomKilled\": \(totals.oomKills), \"evicted\": \(totals.podsEvictedByKubelets), "
                        + "\"throttledCPUSeconds\": \(Double(totals.throttledCPU) / 1e9)}"
                ))
        }
        fields += costFields
        if let servicesJSON { fields.append(("services", servicesJSON)) }
        fields += [("faults", faultsJSON), ("assertions", assertionsJSON)]
        return "{\n" + fields.map { "  \"\($0)\": \($1)" }.joined(separator: ",\n") + "\n}\n"
    }

    private var heading: [String] {
        let name = "\(run.scenario), seed \(run.seed): "
        let counts = "\(ReportUnit.grouped("\(run.events)")) events"
        switch run.status {
        case .complete:
            return [name + "complete after \(run.reached.sinceStart), \(counts), digest \(run.digest ?? "-")"]
        case .failed:
            let lines = brokenAssertions.map { "  \($0)" }
            return [name + "failed after \(run.reached.sinceStart), \(counts), digest \(run.digest ?? "-")"] + lines
        case .running:
            let share = Double(run.reached.nanoseconds) / Double(max(run.horizon.nanoseconds, 1))
            return [
                name + "incomplete",
                "  It reached \(run.clock.text(of: run.reached, decimals: .none)), "
                    + "\(SummaryText.percent(share)) of \(run.horizon), \(counts). All below is up to there.",
            ]
        }
    }

    private var closingLines: [String] {
        warnings == 0 ? [] : ["Warnings  \(warnings)"]
    }
}
