import Foundation
import RunDatabase
import Testing

@Suite("A run that is stopped leaves a database that opens and says how far it got")
struct InterruptedRunTests {
    /// Starts a long run, sends `signal` once a reader sees a checkpoint, and returns how the run ended.
    static func stopped(by signal: Int32, in folder: TemporaryFolder) throws -> OrreryProcess.Outcome {
        let pods = (0..<40).map { number in
            SampleInput.web.replacingOccurrences(of: "web", with: "web-\(number)")
                .replacingOccurrences(of: "replicas: 3", with: "replicas: 20")
        }
        try folder.write(pods.joined(separator: "\n---\n"), to: "web.yaml")
        try folder.write(
            """
            apiVersion: orrery.dev/v1
            kind: Scenario
            metadata: {name: long}
            spec:
              duration: 365d
              manifests: [web.yaml]
              pools: [{name: general, machineType: m6i.2xlarge, count: 40, zones: [us-east-1a]}]
              changes: [{at: 1h, every: 1h, replacePods: 20%}]
            """, to: "scenario.yaml")
        return try OrreryProcess.run(["run", "scenario.yaml", "--output", "out.sqlite"], in: folder, limit: 300) {
            process in
            let deadline = Date().addingTimeInterval(200)
            while Date() < deadline, process.isRunning {
                let checkpoints = try? RunReader(path: folder.path + "/out.sqlite").checkpoints()
                if checkpoints?.isEmpty == false { break }
                usleep(200_000)
            }
            kill(process.processIdentifier, signal)
        }
    }

    @Test("kill -9 leaves a whole database; report and replay say that it is incomplete")
    func killed() throws {
        let folder = try TemporaryFolder()
        let outcome = try Self.stopped(by: SIGKILL, in: folder)
        #expect(outcome.status != 0)
        let report = try OrreryProcess.run(["report", "out.sqlite"], in: folder)
        #expect(report.status == 0, "\(report.errors)")
        #expect(report.errors.contains("incomplete"), "\(report.errors)")
        let replay = try OrreryProcess.run(["replay", "out.sqlite"], in: folder, limit: 300)
        #expect(replay.status == 0, "\(replay.output)\(replay.errors)")
        #expect(replay.output.contains("incomplete"), "\(replay.output)")
    }

    @Test("Control-C closes the database and prints the summary so far")
    func interrupted() throws {
        let folder = try TemporaryFolder()
        let outcome = try Self.stopped(by: SIGINT, in: folder)
        #expect(outcome.status == 130, "\(outcome.errors)")
        #expect(outcome.errors.contains("incomplete"), "\(outcome.errors)")
        #expect(!folder.exists("out.sqlite-wal"))
        #expect(try OrreryProcess.run(["report", "out.sqlite"], in: folder).status == 0)
        let reader = try RunReader(path: folder.path + "/out.sqlite")
        #expect(reader.run.isStopped && reader.run.settled == reader.run.reached)
        let open = "SELECT count(*) FROM node WHERE id NOT IN (SELECT node FROM node_interval, run WHERE to_ns = reached_ns)"
        #expect(try reader.query(open).rows == [[.integer(0)]])
        let replay = try OrreryProcess.run(["replay", "out.sqlite"], in: folder, limit: 300)
        #expect(replay.status == 0, "\(replay.output)\(replay.errors)")
    }
}
