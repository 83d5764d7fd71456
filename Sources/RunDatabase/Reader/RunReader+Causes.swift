package import Chronology
package import Observations
import GRDB

extension RunReader {
    /// The first schema with the table `cause_event`.
    private static let causeSchema = 4

    /// Whether the run's database says what followed from what.
    package var hasCauses: Bool { run.schema >= Self.causeSchema }

    /// Returns what each fault did, in the order in which they struck.
    package func faultOutcomes() throws(RunDatabaseError) -> [FaultOutcome] {
        let hasCauses = hasCauses
        return try rows(
            """
            SELECT f.name, f.kind, f.target, f.from_ns, f.to_ns, v.*,
                row_number() OVER (PARTITION BY f.name ORDER BY f.from_ns, f.id) AS number
            FROM fault f JOIN recovery_view v ON v.fault = f.id
            ORDER BY f.from_ns, f.id
            """
        ) { row in
            var outcome = FaultOutcome(
                fault: try row.value("fault"), name: row["name"], number: row["number"], kind: row["kind"],
                target: row["target"], from: try row.instant("from_ns"), to: try row.instantIfAny("to_ns"),
                podsHit: row["pods_hit"],
                workloadsHit: row["workloads_hit"], notRecovered: row["not_recovered"], recovery: row["recovery_s"])
            guard hasCauses else { return outcome }
            outcome.detected = row["detected_s"]
            outcome.evicted = row["evicted_s"]
            outcome.rescheduled = row["rescheduled_s"]
            outcome.ready = row["ready_s"]
            outcome.podsEvicted = row["pods_evicted"]
            outcome.podsReplaced = row["pods_replaced"]
            outcome.stepsDelayed = row["steps_delayed"]
            outcome.delayedUntil = row["delayed_until_s"]
            outcome.requestsLost = row["requests_lost"]
            outcome.violated = row["violated_s"]
            outcome.workLost = row["work_lost_s"]
            outcome.workLostCost = row["work_lost_nanousd"]
            outcome.machinesLaunched = row["machines_launched"]
            outcome.machinesCost = row["machines_nanousd"]
            return outcome
        }
    }

    /// Returns the faults that never struck, in the order of the scenario; none of a database of before they were written.
    package func unstruckFaults() throws(RunDatabaseError) -> [UnstruckFaultRow] {
        guard run.schema >= 9 else { return [] }
        return try rows("SELECT * FROM unstruck_fault ORDER BY id") {
            UnstruckFaultRow(
                name: $0["name"], kind: $0["kind"], due: try $0.instantIfAny("due_ns"), reason: $0["reason"])
        }
    }

    /// Returns the workloads that a fault touched, in their order in the database.
    package func workloadRecoveries(ofFault fault: Int32) throws(RunDatabaseError) -> [WorkloadRecovery] {
        try rows("SELECT * FROM workload_recovery_view WHERE fault = ? ORDER BY controller", [fault]) {
            WorkloadRecovery(
                title: $0["title"], podsHit: $0["pods_hit"], podsEvicted: $0["pods_evicted"],
                podsReplaced: $0["pods_replaced"], firstHit: $0["first_hit_s"], evicted: $0["evicted_s"],
                rescheduled: $0["rescheduled_s"], ready: $0["ready_s"], recovery: $0["recovery_s"],
                workLost: $0["work_lost_s"], workLostCost: $0["work_lost_nanousd"])
        }
    }

    // MARK: - Chains

    /// What a step is made of.
    private static let step = """
        SELECT e.id, e.parent, e.root, e.depth, e.at_ns, e.at_ns - r.at_ns AS after_ns, k.value AS kind,
            a.value AS actor, n.name AS node, s.value || '/' || p.name AS pod, c.title AS controller,
            d.value AS detail, e.lost_ns, e.lost_nanousd, g.name AS delayed_by,
            coalesce('fault/' || f.name, o.value) AS origin
        FROM cause_event e JOIN cause_event r ON r.id = e.root JOIN text k ON k.id = e.kind
            JOIN text a ON a.id = e.actor JOIN text d ON d.id = e.detail LEFT JOIN node n ON n.id = e.node
            LEFT JOIN pod p ON p.id = e.pod LEFT JOIN text s ON s.id = p.namespace
            LEFT JOIN controller_view c ON c.id = e.controller JOIN text o ON o.id = r.detail
            LEFT JOIN fault f ON f.id = e.fault LEFT JOIN cause_event h ON h.id = e.delayed_by LEFT JOIN fault g ON g.id = h.fault
        """

    private func steps(
        _ condition: String, _ arguments: StatementArguments = StatementArguments()
    ) throws(RunDatabaseError) -> [CauseStep] {
        guard hasCauses else { return [] }
        return try rows("\(Self.step) WHERE \(condition) ORDER BY e.id", arguments) {
            CauseStep(
                event: try $0.value("id"), parent: try $0.value("parent") ?? -1, root: try $0.value("root"),
                depth: try $0.value("depth"), at: try $0.instant("at_ns"), after: try $0.duration("after_ns"),
                kind: $0["kind"], actor: $0["actor"], node: $0["node"], pod: $0["pod"], controller: $0["controller"],
                detail: $0["detail"], lost: try $0.duration("lost_ns"), cost: $0["lost_nanousd"],
                delayedBy: $0["delayed_by"], origin: $0["origin"])
        }
    }

    /// Returns the chain that a fault began, in order; empty for a database of before chains were written.
    package func chain(ofFault fault: Int32) throws(RunDatabaseError) -> [CauseStep] {
        try steps("e.root = (SELECT min(id) FROM cause_event WHERE fault = ?)", [fault])
    }

    /// Returns the chain that begins with an event, in order.
    package func chain(from root: Int32) throws(RunDatabaseError) -> [CauseStep] { try steps("e.root = ?", [root]) }

    /// Returns what began chains of a kind, in order.
    package func roots(of kind: String) throws(RunDatabaseError) -> [CauseStep] {
        try steps("e.parent IS NULL AND k.value = ?", [kind])
    }

    /// Returns the steps in other chains that a chain's beginning held up.
    package func delayed(by root: Int32) throws(RunDatabaseError) -> [CauseStep] {
        try steps("e.delayed_by = ?", [root])
    }

    /// Returns the steps that befell a node itself, in order.
    package func steps(ofNode node: Int32) throws(RunDatabaseError) -> [CauseStep] {
        try steps("e.node = ? AND e.pod IS NULL", [node])
    }

    /// Returns the states of a node over time, in order.
    package func intervals(ofNode node: Int32) throws(RunDatabaseError) -> [(state: String, from: Instant, to: Instant)]
    {
        try rows(
            """
            SELECT s.name, i.from_ns, i.to_ns FROM node_interval i JOIN node_state s ON s.id = i.state
            WHERE i.node = ? ORDER BY i.from_ns, i.id
            """, [node]
        ) { ($0["name"], try $0.instant("from_ns"), try $0.instant("to_ns")) }
    }

    /// Returns how many pods were on a node, and how many of them were taken away from it with the reason.
    package func podEnds(onNode node: Int32) throws(RunDatabaseError) -> [(reason: String, pods: Int64)] {
        try rows(
            """
            SELECT iif(e.alive, 'still there', f.value || iif(r.value = '', '', ' (' || r.value || ')')) AS reason,
                count(*) AS pods
            FROM pod_end e JOIN text f ON f.id = e.phase JOIN text r ON r.id = e.reason
            WHERE e.node = ? GROUP BY 1 ORDER BY 2 DESC, 1
            """, [node]
        ) { ($0["reason"], $0["pods"]) }
    }
}
