import Chronology
import Faults
import Foundation
import KubernetesAPI
import Observations
import Scenarios
import Simulation
import Testing

/// Keeps the faults of a run.
private final class FaultNotes: SelectiveObserver {
    var rows: [FaultRow] = []
    func fault(_ row: FaultRow) { rows.append(row) }
}

/// Runs a setup to its end and returns the faults in the order in which they struck.
func faults(of loaded: LoadedScenario, checks: Bool = true) throws -> [FaultRow] {
    #expect(ScenarioFixtures.errors(loaded) == [])
    let notes = FaultNotes()
    var world = World(try #require(loaded.setup), observer: notes)
    world.checksInvariants = checks
    world.run()
    #expect(world.isFinished)
    return notes.rows.sorted { $0.fault < $1.fault }
}

@Suite("Failure logs are replayed as faults")
struct FaultTraceScenarioTests {
    private static let log = """
        # Outages of two machines
        node,start,end,duration,cause
        a-2,2026-01-05T06:00:00Z,2026-01-05T06:30:00Z,,disk
        a-1,"2026-01-05 01:00",,90m,power
        a-1,2026-01-05 02:00:00,,7200,disk
        a-2,2026-01-06,,,power

        """

    private func run(_ fault: String, _ log: String = log) throws -> [String] {
        let spec = "  duration: 2d\n  faults: [{name: f, kind: NodeCrash, \(fault)}]"
        let loaded = ScenarioFixtures.load(spec: spec, files: [("log.csv", log)])
        return try faults(of: loaded).map { row in
            "\(row.target) \(row.from.sinceStart) \(row.to == .never ? "open" : "\(row.to - row.from)")"
        }
    }

    @Test("machines fail when and as long as they did, even while they are down already")
    func byName() throws {
        #expect(
            try run("trace: log.csv, duration: 10m")
                == ["a-1 1h 1h30m", "a-1 2h 2h", "a-2 6h 30m", "a-2 24h 10m"])
        #expect(try run("trace: log.csv").last == "a-2 24h open")
    }

    @Test("a part of a log, moved to the start, dealt to machines in turn")
    func choices() throws {
        #expect(try run("trace: {csv: log.csv, where: {cause: disk}}") == ["a-1 2h 2h", "a-2 6h 30m"])
        #expect(
            try run("trace: {csv: log.csv, where: {Cause: [disk, power], node: a-1}, from: \"2026-01-05T00:30:00Z\"}")
                == ["a-1 30m 1h30m", "a-1 1h30m 2h"])
        let strange = "node,start,duration\nx,1h,1m\ny,2h,1m\nz,3h,1m\nx,4h,0\n"
        #expect(
            try run("trace: {csv: log.csv, assign: round-robin}", strange)
                == ["a-1 1h 1m", "a-2 2h 1m", "a-1 3h 1m", "a-1 4h 0s"])
        #expect(
            try run("trace: {csv: log.csv, assign: round-robin}, target: {nodes: a-2}", strange)
                == ["a-2 1h 1m", "a-2 2h 1m", "a-2 3h 1m", "a-2 4h 0s"])
        #expect(
            try run("trace: {csv: log.csv, assign: round-robin, from: 30m}", "start,duration\n1h,1m\n2h,2m\n3h,3m\n")
                == ["a-1 30m 1m", "a-2 1h30m 2m", "a-1 2h30m 3m"])
    }

    @Test(
        "what is wrong with a trace is told with its place",
        arguments: [
            ("trace: log.csv, at: 1h", "a,1h,1m", "scenario.yaml:6:59: error: spec.faults[0].at: a trace says when a fault strikes"),
            ("trace: none.csv", "a,1h,1m", "none.csv: error: the run has not kept this file"),
            ("trace: {assign: by-name}", "a,1h,1m", "scenario.yaml:6:46: error: spec.faults[0].trace.csv: a value is required"),
            ("trace: {csv: log.csv, asign: by-name}", "a,1h,1m", "scenario.yaml:6:61: error: spec.faults[0].trace.asign: unknown field"),
            ("trace: {csv: log.csv, assign: by-names}", "a,1h,1m", "scenario.yaml:6:69: error: spec.faults[0].trace.assign: found the text \"by-names\""),
            ("trace: {csv: log.csv, where: {nod: a-1}}", "a-1,1h,1m", "scenario.yaml:6:69: error: spec.faults[0].trace.where.nod: the log has no such column"),
            ("trace: {csv: log.csv, where: {node: a-1}}", "a-2,1h,1m", "scenario.yaml:6:75: error: spec.faults[0].trace.where.node: no line of the log has \"a-1\" there"),
            ("trace: {csv: log.csv, from: 2026-01-01}", "a-2,1h,1m", "scenario.yaml:6:67: error: spec.faults[0].trace.from: the log has lengths of time"),
            ("trace: log.csv", "a-1,soon,1m", "log.csv:2:5: error: start: \"soon\" is no time"),
            ("trace: log.csv", "a-1, \"1h\" ,soon", "log.csv:2:12: error: duration: \"soon\" is no length of time"),
            ("trace: log.csv", "a-1,1h", "log.csv:2:1: error: the header names 3 columns, and this line has 2"),
            ("trace: log.csv", "a-1,1h,1m\na-1,2026-01-05,1m", "log.csv:3:5: error: start: \"2026-01-05\" is a date, and line 2 has lengths of time"),
            ("trace: log.csv", ",1h,1m", "log.csv:2:1: error: node: the machine has no name"),
            ("trace: log.csv", "a-1,,1m", "log.csv:2:5: error: start: it is not said when the outage began"),
            ("trace: log.csv", "a,1h,1m\nb,1h,1m", "scenario.yaml:6:46: error: spec.faults[0].trace: no machine of the trace is in the cluster, such as \"a\""),
        ])
    func mistakes(fault: String, lines: String, message: String) {
        let spec = "  duration: 2d\n  faults: [{name: f, kind: NodeCrash, \(fault)}]"
        let loaded = ScenarioFixtures.load(spec: spec, files: [("log.csv", "node,start,duration\n\(lines)\n")])
        #expect(loaded.setup == nil)
        #expect(
            ScenarioFixtures.errors(loaded).first?.hasPrefix(message) == true, "\(ScenarioFixtures.errors(loaded))")
    }

    @Test(
        "a trace strikes machines, and its header must be that of a log",
        arguments: [
            ("kind: WatchLoss, trace: log.csv", "node,start\na-1,1h", "a trace strikes machines"),
            ("kind: NodeCrash, trace: log.csv", "lifetime\n1h", "log.csv has no times"),
            ("kind: NodeCrash, trace: log.csv", "start\n1h", "log.csv does not name machines"),
            ("kind: NodeCrash, trace: log.csv", "begin,end\n1h,2h", "log.csv:1:1: error: the columns are not those of a failure log"),
            ("kind: NodeCrash, trace: log.csv", "start,start\n1h,2h", "log.csv:1:7: error: the column \"start\" stands twice"),
            ("kind: NodeCrash, trace: log.csv", "", "log.csv:1:1: error: the file is empty"),
            ("kind: NodeCrash, trace: log.csv", "node,start\n", "log.csv:1:1: error: there is no entry"),
            ("kind: NodeCrash, trace: log.csv", "node,start,end\na-1,2h,1h", "log.csv:2:8: error: end: 1h is before the start 2h"),
        ])
    func headers(fault: String, log: String, message: String) {
        let loaded = ScenarioFixtures.load(spec: "  faults: [{\(fault)}]", files: [("log.csv", log)])
        #expect(loaded.setup == nil)
        #expect(ScenarioFixtures.errors(loaded).contains { $0.contains(message) }, "\(ScenarioFixtures.errors(loaded))")
    }

    @Test("what a trace has too early, or of machines that there are none of, is warned of")
    func warnings() throws {
        let log = "node,start,duration\na-1,2026-01-04,1m\na-1,2026-01-05,1m\nb-1,2026-01-06,1m\n"
        let loaded = ScenarioFixtures.load(
            spec: "  faults: [{kind: NodeCrash, trace: log.csv}]", files: [("log.csv", log)])
        let warnings = ScenarioFixtures.warnings(loaded).filter { $0.contains("trace") }
        #expect(warnings.count == 2)
        #expect(warnings[0].contains("1 of 3 outages of log.csv begin before the start"))
        #expect(warnings[1].contains("1 of 2 machines of the trace are not in the cluster, such as \"b-1\""))
        #expect(try faults(of: loaded).count == 1)
    }

    // MARK: - Los Alamos

    @Test("the data of Los Alamos are read as they come")
    func losAlamos() throws {
        let log = """
            System,machine type,nodenumz,node prod,node decom,Prob Started,Prob Fixed,Facilities,Hardware,Human Error,Network,Undetermined,Software
            2,cluster,0,5-Jun,current,6/21/2005 10:54,6/21/2005 11:00,,Graphics Accel Hdwr,,,,
            2,cluster,1,Jan-97,5-Nov,4/19/2001 3:27,4/19/2001 3:48,,,,,,"MPI, PVM"
            """
        let file = LoadedFile(name: "lanl.csv", contents: Array(log.utf8))
        let diagnostics = Diagnostics()
        let read = try #require(FailureLog.read(file, diagnostics))
        guard case .outages(let outages) = read.content else { throw CocoaError(.coderInvalidValue) }
        #expect(outages.map(\.node) == ["2-0", "2-1"])
        #expect(outages.map(\.length) == [.minutes(6), .minutes(21)])
        #expect(outages.map { $0.start?.description } == ["2005-06-21T10:54:00Z", "2001-04-19T03:27:00Z"])
        #expect(outages.map { $0.since?.description } == ["2005-06-01T00:00:00Z", "1997-01-01T00:00:00Z"])
        #expect(outages.map { $0.until?.description } == [nil, "2005-11-01T00:00:00Z"])
        #expect(outages.map { $0.values[read.column("cause") ?? 0] } == ["hardware", "software"])
    }

    static var data: String? {
        guard let root = ScenarioFixtures.root else { return nil }
        let path = root + "/../shared/data/traces/failures-lanl/failures.csv"
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }

    /// Means and medians in minutes as the data's README has them; how many there are was counted by another program.
    private static let published: [(cause: String, count: Int, mean: Double, median: Double)] = [
        ("human", 149, 163, 44), ("facilities", 362, 572, 276), ("network", 421, 250, 70),
        ("hardware", 14_341, 344, 68), ("software", 5_361, 348, 43), ("all", 23_739, 352, 59),
    ]

    private func check(_ lengths: [Duration], _ cause: String) throws {
        let row = try #require(Self.published.first { $0.cause == cause })
        let minutes = lengths.map { Double($0.wholeSeconds) / 60 }.sorted()
        try #require(minutes.count == row.count)
        #expect(abs(minutes.reduce(0, +) / Double(row.count) - row.mean) <= 0.5)
        #expect((minutes[(row.count - 1) / 2] + minutes[row.count / 2]) / 2 == row.median)
    }

    private func load(_ causes: [String], machines: Int) throws -> LoadedScenario {
        let log = try String(contentsOfFile: try #require(Self.data), encoding: .utf8)
        let entries = causes.map { cause in
            let filter = cause == "all" ? "" : ", where: {cause: \(cause)}"
            return "{name: \(cause), kind: NodeCrash, trace: {csv: failures.csv, assign: round-robin\(filter)}}"
        }
        let text = """
            apiVersion: orrery.dev/v1
            kind: Scenario
            metadata: {name: lanl}
            spec:
              start: "1995-05-01"
              duration: 3800d
              pools: [{name: m, machineType: m6i.large, count: \(machines)}]
              faults: [\(entries.joined(separator: ", "))]
            """
        return ScenarioFixtures.load(text: text, files: [("failures.csv", log)], manifest: "")
    }

    @Test(
        "a run of ten years gives back the repair times that were published",
        .enabled(if: data != nil, "skipped: ../shared/data/traces/failures-lanl is missing"))
    func replay() throws {
        let causes = Self.published.prefix(3).map(\.cause)
        let rows = try faults(of: load(causes, machines: 50), checks: false)
        for cause in causes { try check(rows.filter { $0.name == cause }.map { $0.to - $0.from }, cause) }
        // Every machine has its part.
        #expect(Set(rows.map(\.target)).count == 50)
    }

    /// Tens of thousands of outages take a debug build half a minute to live through: only their times are asked for.
    @Test(
        "and so do the schedules of all outages",
        .enabled(if: data != nil, "skipped: ../shared/data/traces/failures-lanl is missing"))
    func schedules() throws {
        let setup = try #require(try load(Self.published.map(\.cause), machines: 50).setup)
        let machines = (1...50).map { FaultCandidate(name: "m-\($0)", pool: "m") }
        for spec in setup.faults {
            var schedule = FaultSchedule(spec, seed: setup.seed)
            schedule.assign(to: machines)
            var lengths: [Duration] = []
            for machine in machines {
                var number = 0
                while schedule.strike(number, of: machine, after: .start) != nil {
                    lengths.append(try #require(schedule.duration(of: number, target: machine.name)))
                    number += 1
                }
            }
            try check(lengths, spec.name)
        }
    }
}
