import Foundation
import RunDatabase
import Testing

@Suite("Recovery, told by chains of cause and effect, is what the intervals say")
struct RecoveryTests {
    /// What each fault did as far as the intervals of pods tell: pods hit, workloads hit, not whole again, seconds until
    /// they were. A pod counts as hit when it stopped being ready, other than by success, while the fault lasted.
    private static let byIntervals = """
        WITH
            span AS (
                SELECT f.id, f.from_ns, coalesce(f.to_ns, r.reached_ns) AS to_ns, r.reached_ns FROM fault f, run r
            ),
            steady AS (
                SELECT i.id, i.pod, p.controller, i.from_ns, i.to_ns
                FROM pod_interval i JOIN pod_state s ON s.id = i.state JOIN pod p ON p.id = i.pod
                WHERE s.name = 'ready'
            ),
            hit AS (
                SELECT f.id AS fault, r.pod, r.controller, max(r.to_ns) AS at_ns
                FROM span f JOIN steady r ON r.to_ns >= f.from_ns AND r.to_ns <= f.to_ns AND r.to_ns < f.reached_ns
                    AND r.from_ns <= f.from_ns
                WHERE NOT EXISTS (
                    SELECT 1 FROM pod_interval n JOIN pod_state s ON s.id = n.state
                    WHERE n.pod = r.pod AND n.from_ns = r.to_ns AND s.name = 'succeeded')
                GROUP BY f.id, r.pod
            ),
            harmed AS (
                SELECT h.fault, h.controller, max(h.at_ns) AS last_ns, f.from_ns,
                    (SELECT count(*) FROM steady r
                    WHERE r.controller = h.controller AND r.from_ns <= f.from_ns AND r.to_ns >= f.from_ns
                        AND r.to_ns > r.from_ns) AS before
                FROM hit h JOIN span f ON f.id = h.fault GROUP BY h.fault, h.controller
            ),
            change AS (
                SELECT controller, from_ns AS at_ns, 1 AS step FROM steady
                UNION ALL
                SELECT controller, to_ns, -1 FROM steady WHERE to_ns < (SELECT reached_ns FROM run)
            ),
            level AS (
                SELECT controller, at_ns, sum(sum(step)) OVER (PARTITION BY controller ORDER BY at_ns) AS pods
                FROM change GROUP BY controller, at_ns
            ),
            healed AS (
                SELECT h.fault, h.controller,
                    (SELECT min(l.at_ns) FROM level l
                    WHERE l.controller = h.controller AND l.at_ns >= h.last_ns AND l.pods >= h.before) AS at_ns
                FROM harmed h
            )
        SELECT s.id, (SELECT count(*) FROM hit h WHERE h.fault = s.id),
            (SELECT count(*) FROM harmed h WHERE h.fault = s.id),
            (SELECT count(*) FROM healed h WHERE h.fault = s.id AND h.at_ns IS NULL),
            (SELECT iif(count(*) = count(h.at_ns), (max(h.at_ns) - s.from_ns) / 1e9, NULL) FROM healed h
            WHERE h.fault = s.id)
        FROM span s JOIN fault f ON f.id = s.id WHERE \(comparable) ORDER BY s.id
        """

    /// Faults of machines that struck alone: the intervals cannot tell apart what happened at the same time.
    private static let comparable = """
        f.kind IN ('NodeCrash', 'ZoneOutage') AND NOT EXISTS (
            SELECT 1 FROM fault o
            WHERE o.id <> f.id AND o.kind = f.kind AND o.from_ns <= f.to_ns AND o.to_ns >= f.from_ns)
        """

    private static let byChains = """
        SELECT v.fault, v.pods_hit, v.workloads_hit, v.not_recovered, v.recovery_s
        FROM recovery_view v JOIN fault f ON f.id = v.fault WHERE \(comparable) ORDER BY v.fault
        """

    /// Runs a shipped scenario and returns its database with the folder that holds it.
    private func database(of scenario: String) throws -> (TemporaryFolder, RunReader) {
        let folder = try TemporaryFolder()
        let path = OrreryProcess.root + "/scenarios/" + scenario
        let outcome = try OrreryProcess.run(["run", path, "--quiet", "--output", "out.sqlite"], in: folder)
        try #require(outcome.status == 0, "\(outcome.errors)")
        return (folder, try RunReader(path: folder.path + "/out.sqlite"))
    }

    @Test(
        "the twins agree to the nanosecond",
        arguments: [
            "failures/node-crashes", "failures/zone-outage", "failures/control-plane", "batch/arrivals-with-checkpoints",
        ])
    func twins(_ scenario: String) throws {
        let (folder, reader) = try database(of: scenario)
        defer { withExtendedLifetime(folder) {} }
        let chains = try reader.query(Self.byChains).rows
        #expect(try chains == reader.query(Self.byIntervals).rows)
        // There is something to compare.
        #expect(chains.contains { $0[1] != .integer(0) })
        // Machines are all that cuts work short here, and what that cost is a part of what the pods cost.
        let sums = try reader.query(
            """
            SELECT coalesce((SELECT sum(lost_ns) FROM lost_work), 0) = coalesce(sum(lost_ns), 0),
                coalesce(sum(lost_nanousd), 0) < (SELECT sum(cpu_nanousd + memory_nanousd) FROM cost_allocation)
            FROM cause_event
            """)
        #expect(sums.rows == [[.integer(1), .integer(1)]])
    }

    @Test("explain tells what a scheduled change led to, and what held it up")
    func change() throws {
        let (folder, _) = try database(of: "failures/registry-outage")
        let outcome = try OrreryProcess.run(["explain", "out.sqlite", "change/1"], in: folder)
        #expect(outcome.status == 0, "\(outcome.errors)")
        for text in ["change/1: set the image of web in Deployment default/web", "pulls failed", "fault/registry-down"] {
            #expect(outcome.output.contains(text), "\(outcome.output)")
        }
        let wrong = try OrreryProcess.run(["explain", "out.sqlite", "change/2"], in: folder)
        #expect(wrong.status == 2 && wrong.errors.contains("expected change/NUMBER with 1 to 1"), "\(wrong.errors)")
    }

    @Test("explain tells the tree of a strike, of another, and each step; a wrong name ends with 2 and the nearest")
    func explain() throws {
        let (folder, _) = try database(of: "failures/node-crashes")
        func explain(_ arguments: String...) throws -> OrreryProcess.Outcome {
            try OrreryProcess.run(["explain", "out.sqlite"] + arguments, in: folder)
        }
        let first = try explain("fault/crash")
        #expect(first.status == 0, "\(first.errors)")
        for text in [
            "fault/crash#1: NodeCrash of general-7", "strike 1 of 6", "2 pods evicted, by taint-eviction-controller",
            "2 pods created in their place, by replicaset-controller", "Deployment default/web whole again",
            "the fault heals", "whole again  5m46s: the last of 1 workload, 2 pods hit",
        ] {
            #expect(first.output.contains(text), "\(text)\n\(first.output)")
        }
        let each = try explain("fault/crash#2", "--all")
        #expect(each.output.split(separator: "\n").count { $0.contains("created in place of web-") } == 3)
        let node = try explain("node/general-7")
        for text in ["node general-7: m6i.large", "node general-7 lost power", "fault/crash", "DeletionByTaintManager"] {
            #expect(node.output.contains(text), "\(node.output)")
        }
        for (object, text) in [
            ("fault/crahs", "did you mean \"fault/crash\"?"), ("fault/crash#7", "struck 6 times"),
            ("fault/crash#x", "a number from 1 to 6"), ("node/genera-7", "did you mean \"node/general-7\"?"),
        ] {
            let wrong = try explain(object)
            #expect(wrong.status == 2 && wrong.errors.contains(text), "\(wrong.errors)")
        }
    }
}
