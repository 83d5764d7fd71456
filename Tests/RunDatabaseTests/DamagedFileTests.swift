import Chronology
import GRDB
import Observations
@testable import RunDatabase
import Testing

@Suite("A file in which somebody else wrote is said to be damaged, and ends no process")
struct DamagedFileTests {
    private let folder: TemporaryFolder
    private var path: String { folder.file("run.sqlite") }

    init() throws { folder = try TemporaryFolder() }

    /// Reads whatever commands read of one object, or of the run.
    private static func read(_ path: String) throws(RunDatabaseError) {
        let reader = try RunReader(path: path)
        _ = try reader.checkpoints()
        _ = try reader.faults()
        _ = try reader.faultOutcomes()
        for node in try reader.nodes() {
            _ = try reader.intervals(ofNode: node.node)
            _ = try reader.steps(ofNode: node.node)
        }
        for pod in try reader.pods(named: "web-7") {
            _ = try reader.attempts(ofPod: pod.pod)
            _ = try reader.intervals(ofPod: pod.pod)
            _ = try reader.events(of: "Pod \(pod.namespace)/\(pod.name)")
        }
    }

    private static func write(to path: String) throws {
        let writer = try RunWriter(path: path)
        SyntheticRun.send(pods: 8, to: writer)
        writer.checkpoint(CheckpointRow(events: 8, at: SyntheticRun.time(8), digest: "d", trail: [1]))
        writer.causeEvent(
            CauseEventRow(
                event: 1, parent: -1, root: 1, depth: 0, at: .start, kind: .fault, actor: "a", fault: 0, node: 0, pod: -1,
                controller: -1, detail: ""))
        SyntheticRun.finish(writer)
        try writer.close()
    }

    /// Puts `value` into a column of each row of a table.
    private static func put(
        _ value: any DatabaseValueConvertible, into column: String, of table: String, _ path: String
    ) throws {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        try DatabaseQueue(path: path, configuration: configuration).write { database in
            try database.execute(sql: "UPDATE \(table) SET \(column) = ?", arguments: [value])
        }
    }

    @Test(
        "what is out of range",
        arguments: [
            ("run", "horizon_ns"), ("run", "reached_ns"), ("run", "events"), ("checkpoint", "events"), ("checkpoint", "at_ns"),
            ("pod", "priority"), ("pod", "created_ns"), ("pod_end", "restarts"), ("pod_end", "ended_ns"),
            ("pod_interval", "from_ns"), ("pod_interval", "to_ns"), ("node_interval", "from_ns"), ("node_interval", "to_ns"),
            ("node", "launched_ns"), ("scheduling_attempt", "number"), ("scheduling_attempt", "count"),
            ("scheduling_attempt", "evaluated"), ("scheduling_attempt", "feasible"), ("scheduling_attempt", "ties"),
            ("scheduling_attempt", "first_ns"), ("scheduling_attempt", "last_ns"), ("scheduling_attempt", "waited_ns"),
            ("event", "first_ns"), ("event", "last_ns"), ("fault", "from_ns"), ("fault", "to_ns"), ("cause_event", "parent"),
            ("cause_event", "depth"), ("cause_event", "lost_ns"),
        ])
    func outOfRange(table: String, column: String) throws {
        try Self.write(to: path)
        for value in [Int64.min, .max] {
            try Self.put(value, into: column, of: table, path)
            #expect(throws: RunDatabaseError.self, "\(table).\(column) = \(value)") { try Self.read(path) }
        }
    }

    @Test(
        "what is of no kind that there is",
        arguments: [
            ("run", "start_date", "yesterday"), ("run", "reached_ns", -1), ("run", "horizon_ns", -1),
            ("pod_interval", "state", -1),
        ] as [(String, String, any DatabaseValueConvertible & Sendable)])
    func wrong(table: String, column: String, value: any DatabaseValueConvertible & Sendable) throws {
        try Self.write(to: path)
        try Self.put(value, into: column, of: table, path)
        let error = #expect(throws: RunDatabaseError.self) { try Self.read(path) }
        #expect(error?.description.contains("the file is damaged: there is a value in \(column)") == true)
    }

    @Test("a run as it was written is not damaged")
    func whole() throws {
        try Self.write(to: path)
        try Self.read(path)
    }
}
