package import Observations
import Chronology
import Foundation
import GRDB

// MARK: - The run as a whole

extension RunReader {
    /// Returns every input file of the run in order: the scenario first.
    package func inputs() throws(RunDatabaseError) -> [RunText] {
        try rows("SELECT name, text FROM input ORDER BY id") { RunText(name: $0["name"], text: $0["text"]) }
    }

    /// Returns every parameter with the value used, in name order.
    package func parameters() throws(RunDatabaseError) -> [RunText] {
        try rows("SELECT name, value FROM parameter ORDER BY id") { RunText(name: $0["name"], text: $0["value"]) }
    }

    /// Returns the warnings that the inputs gave.
    package func warnings() throws(RunDatabaseError) -> [String] {
        try rows("SELECT message FROM warning ORDER BY id") { $0["message"] }
    }

    /// Returns the digests after each block of events, from the first block on.
    package func checkpoints() throws(RunDatabaseError) -> [CheckpointRow] {
        try rows("SELECT events, at_ns, digest, trail FROM checkpoint ORDER BY events") { row in
            let bytes = Array(row["trail"] as Data)
            let trail = stride(from: 0, to: bytes.count - 1, by: 2).map { place in
                UInt16(bytes[place]) | UInt16(bytes[place + 1]) << 8
            }
            return CheckpointRow(
                events: try row.count("events"), at: try row.instant("at_ns"), digest: row["digest"], trail: trail)
        }
    }

    /// Returns the named numbers about the run, as they were recorded.
    package func metrics() throws(RunDatabaseError) -> [MetricRow] {
        try rows("SELECT name, value, unit FROM metric ORDER BY id") {
            MetricRow(name: $0["name"], value: $0["value"], unit: $0["unit"])
        }
    }

    /// Returns what the scenario demanded, and whether it held.
    package func assertions() throws(RunDatabaseError) -> [AssertionRow] {
        try rows("SELECT name, expected, actual, held FROM assertion ORDER BY id") {
            AssertionRow(name: $0["name"], expected: $0["expected"], actual: $0["actual"], held: $0["held"])
        }
    }

    /// Returns what the scenario demanded in vain, in words.
    package func brokenAssertions() throws(RunDatabaseError) -> [String] {
        try assertions().filter { !$0.held }.map { "\($0.name): expected \($0.expected), got \($0.actual)" }
    }

    /// Returns what broke, in the order of the faults' numbers.
    package func faults() throws(RunDatabaseError) -> [FaultRow] {
        try rows("SELECT * FROM fault ORDER BY id") { row in
            FaultRow(
                fault: try row.value("id"), name: row["name"], kind: row["kind"], target: row["target"],
                from: try row.instant("from_ns"), to: try row.instantIfAny("to_ns") ?? .never)
        }
    }

    /// Returns the machines in the order in which they joined.
    package func nodes() throws(RunDatabaseError) -> [NodeRow] {
        try rows("SELECT * FROM node ORDER BY id") { row in
            NodeRow(
                node: try row.value("id"), name: row["name"], machineType: row["machine_type"], zone: row["zone"],
                pool: row["pool"], purchase: row["purchase"], pricePerHour: row["price_per_hour_nanousd"],
                capacityCPU: row["capacity_cpu_milli"], capacityMemory: row["capacity_memory_bytes"],
                capacityGPU: row["capacity_gpu"], allocatableCPU: row["allocatable_cpu_milli"],
                allocatableMemory: row["allocatable_memory_bytes"], allocatablePods: try row.value("allocatable_pods"),
                allocatableGPU: row["allocatable_gpu"], launchedAt: try row.instant("launched_ns"))
        }
    }
}

// MARK: - One object

extension RunReader {
    /// Returns the pods that a user means by `name`: a name, `namespace/name` or a uid; oldest first.
    package func pods(named name: String) throws(RunDatabaseError) -> [PodRecord] {
        let parts = name.split(separator: "/", maxSplits: 1).map(String.init)
        let sql = """
            SELECT p.*, \(RunSchema.uuid("p.uid")) AS uid_text, s.value AS namespace_name, c.title AS controller_title, n.name AS node_name,
                e.node AS end_node, f.value AS phase, r.value AS reason, e.restarts, e.alive, e.ended_ns
            FROM pod p JOIN text s ON s.id = p.namespace
                LEFT JOIN controller_view c ON c.id = p.controller
                LEFT JOIN pod_end e ON e.pod = p.id
                LEFT JOIN node n ON n.id = e.node
                LEFT JOIN text f ON f.id = e.phase
                LEFT JOIN text r ON r.id = e.reason
            WHERE \(parts.count == 2 ? "p.name = ? AND s.value = ?" : "p.name = ? OR p.uid = ?")
            ORDER BY p.id
            """
        let arguments: StatementArguments =
            parts.count == 2 ? [parts[1], parts[0]] : [name, Self.uidBytes(name)]
        return try rows(sql, arguments) { row in
            var end: PodEndRow?
            if let phase: String = row["phase"] {
                end = PodEndRow(
                    pod: try row.value("id"), node: try row.value("end_node") ?? -1, phase: phase,
                    reason: row["reason"] ?? "", restarts: try row.value("restarts"), isAlive: row["alive"],
                    endedAt: try row.instant("ended_ns"))
            }
            return PodRecord(
                pod: try row.value("id"), uid: row["uid_text"], namespace: row["namespace_name"], name: row["name"],
                controller: row["controller_title"], requestCPU: row["request_cpu_milli"],
                requestMemory: row["request_memory_bytes"], requestGPU: row["request_gpu"],
                priority: try row.value("priority"), createdAt: try row.instant("created_ns"), end: end,
                nodeName: row["node_name"])
        }
    }

    /// Returns the 16 bytes that a uid stands for, or nil for any other text.
    private static func uidBytes(_ text: String) -> Data? {
        guard let uuid = UUID(uuidString: text) else { return nil }
        return withUnsafeBytes(of: uuid.uuid) { Data($0) }
    }

    /// Returns what was tried to place a pod, with why nodes were refused, in order.
    package func attempts(ofPod pod: Int32) throws(RunDatabaseError) -> [AttemptRow] {
        let sql = """
            SELECT a.*, o.value AS outcome_name, m.value AS message_text
            FROM scheduling_attempt a JOIN text o ON o.id = a.outcome JOIN text m ON m.id = a.message
            WHERE a.pod = ? ORDER BY a.id
            """
        var rejections: [Int64: [RejectionRow]] = [:]
        let refused = try rows(
            """
            SELECT r.attempt, r.plugin, r.reason, r.nodes FROM rejection_view r
            WHERE r.attempt IN (SELECT id FROM scheduling_attempt WHERE pod = ?) ORDER BY r.id
            """, [pod]
        ) { row in
            (
                row["attempt"] as Int64,
                RejectionRow(plugin: row["plugin"], reason: row["reason"], nodes: try row.value("nodes"))
            )
        }
        for (attempt, row) in refused { rejections[attempt, default: []].append(row) }
        return try rows(sql, [pod]) { row in
            AttemptRow(
                pod: pod, number: try row.value("number"), first: try row.instant("first_ns"),
                last: try row.instant("last_ns"), count: try row.value("count"), outcome: row["outcome_name"],
                node: try row.value("node") ?? -1, evaluated: try row.value("evaluated"),
                feasible: try row.value("feasible"), ties: try row.value("ties"), score: row["score"],
                waited: try row.duration("waited_ns"), message: row["message_text"],
                rejections: rejections[row["id"]] ?? [])
        }
    }

    /// Returns the states of a pod over time, in order.
    package func intervals(ofPod pod: Int32) throws(RunDatabaseError) -> [PodIntervalRow] {
        try rows("SELECT state, node, from_ns, to_ns FROM pod_interval WHERE pod = ? ORDER BY from_ns, id", [pod]) {
            PodIntervalRow(
                pod: pod, state: PodState(rawValue: try $0.value("state")) ?? .pending,
                node: try $0.value("node") ?? -1,
                from: try $0.instant("from_ns"), to: try $0.instant("to_ns"))
        }
    }

    /// Returns the Kubernetes Events of an object such as "Pod default/web-1", in order.
    package func events(of object: String) throws(RunDatabaseError) -> [EventRecord] {
        let sql = """
            SELECT e.first_ns, e.last_ns, e.count, e.warning, r.value AS reason, e.message, s.value AS source
            FROM event e JOIN text r ON r.id = e.reason JOIN text s ON s.id = e.source
            WHERE e.object IN (SELECT id FROM text WHERE value = ?) ORDER BY e.first_ns, e.id
            """
        return try rows(sql, [object]) {
            EventRecord(
                first: try $0.instant("first_ns"), last: try $0.instant("last_ns"), count: $0["count"],
                isWarning: $0["warning"], object: object, reason: $0["reason"], message: $0["message"],
                source: $0["source"])
        }
    }
}
