import Foundation
import RunDatabase
import Scenarios
import Synchronization
import Testing

@testable import Experiments

@Suite("Workers that die")
struct ReplicationRunnerTests {
    /// A worker in shell: number 2 ends it the first time, number 3 each time, and the others are done.
    private static let script = """
        while read -r line; do
            id=${line%%"$(printf '\\t')"*}
            echo "a remark of $id"
            echo "$id" >> "$0/calls"
            if [ "$id" = 3 ]; then kill -9 $$; fi
            if [ "$id" = 2 ] && [ "$(grep -c '^2$' "$0/calls")" = 1 ]; then echo "Fatal error: two"; exit 4; fi
            if [ "$id" = end ]; then exit 0; fi
            printf 'orrery-replication\\t{"days":[],"digest":"d%s","isRefused":false,"message":"","metrics":[]}\\n' "$id"
        done
        """

    private static func rows(_ count: Int) -> [ReplicationRow] {
        (1...count).map { ReplicationRow(id: $0, variant: 1, number: $0, seed: UInt64($0), request: RunRequest().text) }
    }

    private func batch(_ folder: ScratchFolder, parallelism: Int) throws -> ReplicationBatch {
        let runner = ReplicationRunner(
            program: SwarmWorker(program: URL(fileURLWithPath: "/bin/sh")), parallelism: parallelism,
            arguments: ["-c", Self.script, folder.path])
        let file = try ExperimentFile(path: folder.path + "/e.sqlite")
        try file.begin(
            ExperimentRow(name: "e", question: "", kind: .compare, version: "1", plan: "p"), variants: [], inputs: [])
        return ReplicationBatch(file: file, runner: runner)
    }

    @Test("a crash is tried again, a second one is told, and nothing is lost", arguments: [1, 3])
    func crashes(parallelism: Int) throws {
        let folder = try ScratchFolder()
        let batch = try batch(folder, parallelism: parallelism)
        let last = Mutex(ReplicationBatch.Progress())
        #expect(
            try batch.run(Self.rows(5)) { progress in
                last.withLock { $0 = progress }
                return true
            })
        let progress = last.withLock { $0 }
        #expect(progress.done == 5 && progress.count == 5 && progress.lost == 1)
        let rows = try ExperimentReader(path: folder.path + "/e.sqlite").replications()
        #expect(rows.map { $0.outcome?.status } == [.complete, .complete, .crashed, .complete, .complete])
        #expect(rows.map { $0.outcome?.digest } == ["d1", "d2", nil, "d4", "d5"])
        #expect(rows[2].outcome?.message == "the process ended (signal 9): a remark of 3")
        let calls = try String(contentsOfFile: folder.path + "/calls", encoding: .utf8).split(separator: "\n")
        let counts = [1, 2, 3, 4, 5].map { id in calls.count { $0 == "\(id)" } }
        #expect(counts == [1, 2, 2, 1, 1])
    }

    @Test("what was stopped goes on with the rest")
    func stops() throws {
        let folder = try ScratchFolder()
        let rows = Self.rows(5).filter { $0.id != 3 }
        #expect(try !batch(folder, parallelism: 1).run(rows) { $0.done < 2 })
        #expect(try batch(folder, parallelism: 1).run(rows) { _ in true })
        let calls = try String(contentsOfFile: folder.path + "/calls", encoding: .utf8).split(separator: "\n")
        let counts = [1, 2, 4, 5].map { id in calls.count { $0 == "\(id)" } }
        #expect(counts == [1, 2, 1, 1])
    }

    @Test("a program that cannot be started is an error")
    func noProgram() throws {
        let runner = ReplicationRunner(
            program: SwarmWorker(program: URL(fileURLWithPath: "/nowhere/orrery")), parallelism: 2, arguments: [])
        let job = ReplicationJob(id: 1, request: RunRequest(), wantsDays: false)
        #expect(throws: (any Error).self) { try runner.run([job]) { _, _ in true } }
    }
}
