import Chronology
import Foundation
import GRDB
import RunDatabase
import Observations
import Testing

@Suite struct RunWriterTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func write(_ name: String, pods: Int) throws -> String {
        let path = folder.file(name)
        let writer = try RunWriter(path: path)
        SyntheticRun.send(pods: pods, to: writer)
        SyntheticRun.finish(writer)
        try writer.close()
        return path
    }

    @Test("the same rows give the same bytes", arguments: [0, 1, 12_000])
    func identical(pods: Int) throws {
        let first = try Data(contentsOf: URL(fileURLWithPath: write("a.sqlite", pods: pods)))
        let second = try Data(contentsOf: URL(fileURLWithPath: write("b.sqlite", pods: pods)))
        #expect(first == second)
        let other = try Data(contentsOf: URL(fileURLWithPath: write("c.sqlite", pods: pods + 1)))
        #expect(first != other)
    }

    @Test("the same rows give the same bytes while someone reads")
    func identicalWhileRead() throws {
        let quiet = try Data(contentsOf: URL(fileURLWithPath: write("a.sqlite", pods: 9_000)))
        let path = folder.file("b.sqlite")
        let writer = try RunWriter(path: path)
        SyntheticRun.send(pods: 9_000, to: writer)
        do {
            let reader = try RunReader(path: path)
            #expect(try reader.totals().podsCreated > 0)
        }
        SyntheticRun.finish(writer)
        try writer.close()
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == quiet)
    }

    @Test(
        "equal events are one row until none came for an hour, and steps have a row each",
        arguments: [
            ("FailedScheduling", [0, 60, 3_660, 7_260], [4]), ("FailedScheduling", [0, 3_601, 3_700], [1, 2]),
            ("SuccessfulRescale", [0, 60], [1, 1]), ("RecommendationChanged", [0, 1], [1, 1]),
        ] as [(String, [Int64], [Int64])])
    func events(reason: String, seconds: [Int64], counts: [Int64]) throws {
        let writer = try RunWriter(path: folder.file("a.sqlite"))
        writer.begin(SyntheticRun.header())
        for second in seconds {
            writer.event(
                EventRow(
                    at: SyntheticRun.time(second), isWarning: false, object: "Pod default/a", reason: reason, message: "m",
                    source: "s"))
        }
        SyntheticRun.finish(writer)
        try writer.close()
        #expect(try RunReader(path: folder.file("a.sqlite")).events(of: "Pod default/a").map(\.count) == counts)
    }

    @Test(
        "equal events of however many objects are one row each, and beyond 65,536 objects none is lost",
        arguments: [(1_000, 1_000...1_000), (3_000, 3_000...3_000), (70_000, 70_000...210_000)])
    func eventsOfMany(objects: Int64, rows: ClosedRange<Int64>) throws {
        let path = folder.file("many.sqlite")
        let writer = try RunWriter(path: path)
        writer.begin(SyntheticRun.header())
        for round in 0..<3 as Range<Int64> {
            for object in 0..<objects {
                let at = SyntheticRun.time(round * 400 + object * 400 / objects)
                writer.event(
                    EventRow(
                        at: at, isWarning: true, object: "Pod default/p\(object)", reason: "FailedScheduling",
                        message: "no room", source: "s"))
                // Once only, between those that come again.
                writer.event(
                    EventRow(
                        at: at, isWarning: false, object: "Pod default/other", reason: "Started",
                        message: "\(round) \(object)", source: "s"))
            }
        }
        SyntheticRun.finish(writer)
        try writer.close()
        let found = try RunReader(path: path).query(
            "SELECT sum(e.count), sum(e.first_ns <= e.last_ns), count(*) FROM event_view v JOIN event e USING (id) "
                + "GROUP BY v.reason = 'Started' ORDER BY v.reason = 'Started'"
        ).rows
        guard case .integer(let counted) = found[0][0], case .integer(let sound) = found[0][1],
            case .integer(let present) = found[0][2]
        else {
            Issue.record("\(found)")
            return
        }
        #expect(counted == objects * 3)
        #expect(sound == present)
        #expect(rows.contains(present), "\(present) rows")
        #expect(found[1][2] == .integer(objects * 3))
    }

    @Test("one closed file is left")
    func oneFile() throws {
        let path = try write("a.sqlite", pods: 2_000)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.sqlite"])
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(bytes[18] == 1 && bytes[19] == 1, "the file has left WAL mode")
    }

    @Test("every reference leads somewhere and the file is sound")
    func sound() throws {
        let reader = try RunReader(path: write("a.sqlite", pods: 2_000))
        #expect(try reader.query("PRAGMA foreign_key_check").rows.isEmpty)
        #expect(try reader.query("PRAGMA integrity_check").rows == [[.text("ok")]])
        let indexes = try reader.query("SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL").rows
        #expect(indexes.count == 5)
    }

    @Test("what an attempt said about each node is kept with its scores, and NULL stands for no node")
    func verdicts() throws {
        let path = folder.file("verdicts.sqlite")
        let writer = try RunWriter(path: path)
        SyntheticRun.send(pods: 1, to: writer)
        let at = SyntheticRun.time(1)
        writer.nodeVerdict(
            NodeVerdictRow(
                pod: 1, number: 2, at: at, node: 1, total: 70, isBest: true, isChosen: true,
                scores: [.init(plugin: "Fit", score: 50), .init(plugin: "Image", score: 20)]))
        writer.nodeVerdict(NodeVerdictRow(pod: 1, number: 2, at: at, node: -1, plugin: "Affinity", reason: "conflict"))
        SyntheticRun.finish(writer)
        try writer.close()
        let reader = try RunReader(path: path)
        let rows = try reader.query(
            """
            SELECT v.number, v.node, p.value, r.value, v.total, v.best, v.chosen, group_concat(t.value || s.score)
            FROM node_verdict v JOIN text p ON p.id = v.plugin JOIN text r ON r.id = v.reason
                LEFT JOIN node_score s ON s.verdict = v.id LEFT JOIN text t ON t.id = s.plugin
            GROUP BY v.id ORDER BY v.id
            """
        ).rows
        #expect(
            rows == [
                [
                    .integer(2), .integer(1), .text(""), .text(""), .integer(70), .integer(1), .integer(1),
                    .text("Fit50,Image20"),
                ],
                [
                    .integer(2), .null, .text("Affinity"), .text("conflict"), .integer(0), .integer(0), .integer(0), .null,
                ],
            ])
    }

    @Test("a run whose process died opens, is sound and says how far it got")
    func killed() throws {
        let path = folder.file("live.sqlite")
        let writer = try RunWriter(path: path)
        SyntheticRun.send(pods: 6_500, to: writer)
        // What the disk holds when the process dies without a word; the index of the WAL is rebuilt.
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: path + suffix, toPath: folder.file("dead.sqlite") + suffix)
        }
        let reader = try RunReader(path: folder.file("dead.sqlite"))
        #expect(reader.run.status == .running)
        #expect(!reader.run.isFinished)
        #expect(reader.run.digest == nil)
        #expect(reader.run.events == 3_999 * 4)
        #expect(reader.run.reached >= SyntheticRun.time(4_000))
        #expect(reader.run.reached < SyntheticRun.time(6_500))
        #expect(try reader.query("PRAGMA integrity_check").rows == [[.text("ok")]])
        #expect(try reader.query("PRAGMA foreign_key_check").rows.isEmpty)
        #expect(try reader.totals().podsCreated >= 4_000)
        #expect(try reader.checkpoints().count == 4)
        try writer.close()
        #expect(try RunReader(path: path).run.status == .running)
        #expect(try RunReader(path: path).totals().podsCreated == 6_500)
    }

    @Test("a run that writes little is no further behind in its file than sixteen checkpoints, and less at its beginning")
    func quiet() throws {
        let path = folder.file("quiet.sqlite")
        let writer = try RunWriter(path: path)
        writer.begin(SyntheticRun.header())
        for number in 1...40 {
            writer.checkpoint(
                CheckpointRow(
                    events: Int64(number), at: SyntheticRun.time(Int64(number)), digest: "d", trail: [UInt16(number)]))
            let saved = number < 16 ? [8, 4, 2, 1].first { $0 <= number } : number / 16 * 16
            #expect(try RunReader(path: path).checkpoints().count == saved)
        }
        try writer.close()
        #expect(try RunReader(path: path).checkpoints().count == 40)
    }

    @Test("a run that has only begun opens, and a reader does not stop it from ending")
    func begun() throws {
        let path = folder.file("live.sqlite")
        let writer = try RunWriter(path: path)
        writer.begin(SyntheticRun.header())
        let reader = try RunReader(path: path)
        #expect(reader.run.scenario == "synthetic")
        #expect(reader.run.reached == .start)
        SyntheticRun.finish(writer)
        try writer.close()
        #expect(try reader.query("SELECT status FROM run").rows == [[.text("failed")]])
        #expect(try RunReader(path: path).run.status == .failed)
    }

    @Test("a file in the way is kept unless overwriting is asked for")
    func existing() throws {
        let path = try write("a.sqlite", pods: 1)
        #expect(throws: RunDatabaseError.exists(path: path)) { try RunWriter(path: path) }
        let writer = try RunWriter(path: path, overwrite: true)
        SyntheticRun.send(pods: 3, to: writer)
        SyntheticRun.finish(writer)
        try writer.close()
        #expect(try RunReader(path: path).totals().podsCreated == 3)
    }

    @Test("a folder that does not exist is a typed error")
    func noFolder() throws {
        #expect(throws: RunDatabaseError.self) { try RunWriter(path: folder.file("no/such/a.sqlite")) }
    }

    @Test("events after a failure are dropped, however many come")
    func eventsAfterFailure() throws {
        let writer = try RunWriter(path: folder.file("a.sqlite"))
        writer.begin(SyntheticRun.header())
        for _ in 0..<2 { writer.node(SyntheticRun.node(0)) }
        for number in 0..<3_000 {
            writer.event(
                EventRow(
                    at: SyntheticRun.time(1), isWarning: false, object: "Pod default/web", reason: "Reason",
                    message: "\(number)", source: "kubelet"))
        }
        #expect(throws: RunDatabaseError.self) { try writer.close() }
    }

    @Test("a failure is kept, drops later rows and is thrown at the end")
    func failure() throws {
        let writer = try RunWriter(path: folder.file("a.sqlite"))
        writer.begin(SyntheticRun.header())
        writer.node(SyntheticRun.node(0))
        // The same number twice breaks the table's key, as a full disk would break the insert.
        writer.node(SyntheticRun.node(0))
        #expect(writer.failure != nil)
        writer.node(SyntheticRun.node(1))
        SyntheticRun.finish(writer)
        #expect(throws: RunDatabaseError.self) { try writer.close() }
        #expect(try RunReader(path: folder.file("a.sqlite")).run.status == .running)
    }
}
