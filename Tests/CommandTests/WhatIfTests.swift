import Foundation
import Testing

@Suite("run --from branches off a past run, and diff says where two runs part")
struct WhatIfTests {
    static let scenario = """
        apiVersion: orrery.dev/v1
        kind: Scenario
        metadata: {name: sample}
        spec:
          duration: 2h
          seed: 7
          manifests: [web.yaml]
          pools: [{name: general, machineType: m6i.large, count: 2, zones: [us-east-1a]}]
          changes: [{every: 1m, replacePods: 40%}]
        """

    /// A folder with a.sqlite, a run of more than one checkpoint; its inputs are gone.
    static func finishedRun() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.write(SampleInput.web, to: "web.yaml")
        try folder.write(scenario, to: "scenario.yaml")
        let outcome = try OrreryProcess.run(
            ["run", "scenario.yaml", "--quiet", "--output", "a.sqlite"], in: folder)
        try #require(outcome.status == 0, "\(outcome.errors)")
        for name in ["web.yaml", "scenario.yaml"] { try FileManager.default.removeItem(atPath: folder.path + "/" + name) }
        return folder
    }

    private static func branch(_ arguments: [String], in folder: TemporaryFolder) throws -> OrreryProcess.Outcome {
        try OrreryProcess.run(["run", "--from", "a.sqlite"] + arguments, in: folder)
    }

    @Test("a branch without a change has its parent's digest, and diff finds the events the same")
    func unchanged() throws {
        let folder = try Self.finishedRun()
        let outcome = try Self.branch(["--at", "95m", "--json"], in: folder)
        try #require(outcome.status == 0, "\(outcome.errors)")
        let branch = try RunTests.summary(outcome)
        #expect(branch.events > 4_096, "too few events for a checkpoint on the way")
        let diff = try OrreryProcess.run(
            ["diff", "a.sqlite", "reports/out/sample-from-95m.sqlite", "--json"], in: folder)
        #expect(diff.status == 0, "\(diff.output)\(diff.errors)")
        let report = try #require(try JSONSerialization.jsonObject(with: Data(diff.output.utf8)) as? [String: Any])
        #expect(report["same"] as? Bool == true && report["firstDifference"] is NSNull)
        let inputs = (report["inputs"] as? [[String: Any]] ?? []).compactMap { $0["name"] as? String }
        #expect(inputs == ["parameter fork.1.at", "parameter fork.1.parent"])
    }

    @Test("a branch with a change replays from its own file, and diff names the event on both sides")
    func changed() throws {
        let folder = try Self.finishedRun()
        let outcome = try Self.branch(
            ["--at", "95m", "--set", "pools.general.count=3", "--output", "b.sqlite"], in: folder)
        try #require(outcome.status == 0, "\(outcome.errors)")
        try FileManager.default.copyItem(
            atPath: folder.path + "/a.sqlite", toPath: folder.path + "/kept.sqlite")
        try FileManager.default.removeItem(atPath: folder.path + "/a.sqlite")
        let replay = try OrreryProcess.run(["replay", "b.sqlite"], in: folder)
        #expect(replay.status == 0 && replay.output.contains("confirmed"), "\(replay.output)\(replay.errors)")

        let diff = try OrreryProcess.run(["diff", "kept.sqlite", "b.sqlite"], in: folder)
        #expect(diff.status == 1, "\(diff.errors)")
        for text in [
            "parameter fork.1.set.1", "pools.general.count=3", "a machine has booted: general-3", "They part at event ",
            "cost.total", "nodes.registered", "+50.0 %",
        ] {
            #expect(diff.output.contains(text), "\(text)\n\(diff.output)")
        }
        // Nothing of the first 95 minutes is different.
        let json = try OrreryProcess.run(["diff", "b.sqlite", "kept.sqlite", "--json"], in: folder)
        let report = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
        let first = try #require(report["firstDifference"] as? [String: Any])
        for side in ["a", "b"] {
            let event = try #require(first[side] as? [String: Any])
            #expect((event["seconds"] as? Double ?? 0) >= 95 * 60)
        }
    }

    /// The part of what diff says that is about the first event that differs.
    private static func parting(_ a: String, _ b: String, in folder: TemporaryFolder) throws -> String {
        let diff = try OrreryProcess.run(["diff", a, b], in: folder)
        #expect(diff.status == 1, "\(diff.errors)")
        let start = diff.output.range(of: "part at event ")?.lowerBound ?? diff.output.endIndex
        let end = diff.output.range(of: "\nOutcome")?.lowerBound ?? diff.output.endIndex
        return String(diff.output[start..<end])
    }

    @Test("what a branch has taken out is not named as what happens there, and another place in a list is no difference")
    func faults() throws {
        let folder = try TemporaryFolder()
        try folder.write(SampleInput.web, to: "web.yaml")
        func run(_ name: String, _ faults: [String]) throws {
            let text =
                Self.scenario.replacing("changes: [{every: 1m, replacePods: 40%}]", with: "faults:")
                + "\n" + faults.map { "    - {kind: NodeCrash, duration: 5m, \($0)}\n" }.joined()
            try folder.write(text, to: "scenario.yaml")
            try OrreryProcess.run(["run", "scenario.yaml", "--quiet", "--output", name], in: folder)
        }
        let crash = "name: crash, at: 65m, target: {nodes: [general-1]}"
        try run("a.sqlite", [crash])
        for (name, setting) in [("named.sqlite", "faults[0].name=crush"), ("later.sqlite", "faults[0].at=90m")] {
            let branch = try Self.branch(["--at", "30m", "--set", setting, "-q", "--output", name], in: folder)
            try #require(branch.status == 0, "\(branch.errors)")
        }
        let named = try Self.parting("a.sqlite", "named.sqlite", in: folder)
        for fault in ["crash", "crush"] { #expect(named.contains("(1h5m)  a fault strikes: \(fault)"), "\(named)") }
        let later = try Self.parting("later.sqlite", "a.sqlite", in: folder)
        #expect(later.contains("B  2026-01-05T01:05:00Z (1h5m)  a fault strikes: crash"), "\(later)")
        #expect(!later.contains("A  2026-01-05T01:05:00Z (1h5m)  a fault strikes"), "\(later)")
        // The same fault behind another one: its number in the list is another.
        try run("more.sqlite", ["name: more, at: 80m, target: {nodes: [general-2]}", crash])
        let more = try Self.parting("a.sqlite", "more.sqlite", in: folder)
        #expect(more.contains("are the same but for the number that event "), "\(more)")
        #expect(more.contains("B  2026-01-05T01:20:00Z (1h20m)  a fault strikes: more"), "\(more)")
        try run("never.sqlite", ["name: never, at: 9h", crash])
        let never = try OrreryProcess.run(["diff", "a.sqlite", "never.sqlite"], in: folder)
        #expect(never.output.contains("Nothing that can be seen differs but the number that event "), "\(never.output)")
    }

    @Test("files of a setting are kept in the branch")
    func files() throws {
        let folder = try Self.finishedRun()
        try folder.write(SampleInput.giant, to: "more/giant.yaml")
        let outcome = try Self.branch(
            ["--at", "95m", "--set", "changes[1]={at: 100m, apply: more/giant.yaml}", "--output", "b.sqlite", "--json"],
            in: folder)
        try #require(outcome.status == 0, "\(outcome.errors)")
        #expect(try RunTests.summary(outcome).pods.pending == 1)
        try FileManager.default.removeItem(atPath: folder.path + "/more")
        let replay = try OrreryProcess.run(["replay", "b.sqlite"], in: folder)
        #expect(replay.status == 0, "\(replay.output)\(replay.errors)")
    }

    @Test("a history that is not repeated is an error that names the checkpoint, and leaves no file")
    func tampered() throws {
        let folder = try Self.finishedRun()
        var bytes = try folder.data("a.sqlite")
        let range = try #require(bytes.range(of: Data("seed: 7\\n".utf8)) ?? bytes.range(of: Data("  seed: 7".utf8)))
        bytes.replaceSubrange(range, with: Data("  seed: 8".utf8))
        try folder.write(bytes, to: "a.sqlite")
        let outcome = try Self.branch(["--at", "95m", "--output", "b.sqlite"], in: folder)
        #expect(outcome.status == 1, "\(outcome.output)")
        #expect(outcome.errors.contains("is not repeated: checkpoint 1 (events 1 to 4,096"), "\(outcome.errors)")
        #expect(!folder.exists("b.sqlite"))
    }

    @Test(
        "what cannot be is refused with 2",
        arguments: [
            (["--at", "95m", "--set", "seed=9"], "spec.seed: it cannot be another from 1h35m on"),
            (["--at", "3h"], "an instant between its start and its end"),
            (["--at", "95m", "--seed", "9"], "--seed and --from: a branch has the past of its run"),
            (["--at", "95m", "--output", "a.sqlite"], "a.sqlite is what this command reads"),
            ([], "both or neither"),
        ])
    func refused(_ arguments: [String], _ message: String) throws {
        let folder = try Self.finishedRun()
        let before = try folder.data("a.sqlite")
        let outcome = try Self.branch(arguments, in: folder)
        #expect(outcome.status == 2 && outcome.errors.contains(message), "\(outcome.errors)")
        #expect(try folder.data("a.sqlite") == before)
    }

    @Test("a run of manifests alone can be left as well")
    func manifests() throws {
        let folder = try TemporaryFolder()
        try folder.write(SampleInput.web, to: "web.yaml")
        let run = try OrreryProcess.run(["run", "web.yaml", "-q", "-o", "a.sqlite"] + SampleInput.options, in: folder)
        try #require(run.status == 0, "\(run.errors)")
        let scaled = "changes[0]={at: 95m, scale: {kind: Deployment, namespace: shop, name: web, replicas: 5}}"
        let outcome = try Self.branch(["--at", "1h", "--set", scaled, "--json"], in: folder)
        try #require(outcome.status == 0, "\(outcome.errors)")
        #expect(try RunTests.summary(outcome).pods.running == 5)
    }

    @Test("diff of a file with itself ends with 0, of a file that is none with 2")
    func same() throws {
        let folder = try Self.finishedRun()
        let outcome = try OrreryProcess.run(["diff", "a.sqlite", "a.sqlite"], in: folder)
        #expect(outcome.status == 0 && outcome.output.contains("The runs are the same"), "\(outcome.output)")
        #expect(try OrreryProcess.run(["diff", "a.sqlite", "none.sqlite"], in: folder).status == 2)
    }
}
