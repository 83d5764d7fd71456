import Foundation
import Testing

@Suite("report, explain and replay work from the database alone")
struct DatabaseCommandTests {
    /// A folder with out.sqlite of a run with three pods that fit and one that does not; the inputs are gone.
    static func finishedRun() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.write(SampleInput.web, to: "app/web.yaml")
        try folder.write(SampleInput.giant, to: "app/giant.yaml")
        let outcome = try OrreryProcess.run(
            ["run", "app", "--quiet", "--seed", "7", "--output", "out.sqlite"] + SampleInput.options, in: folder)
        try #require(outcome.status == 0, "\(outcome.errors)")
        try FileManager.default.removeItem(atPath: folder.path + "/app")
        return folder
    }

    @Test("replay confirms the digest")
    func replay() throws {
        let outcome = try OrreryProcess.run(["replay", "out.sqlite"], in: Self.finishedRun())
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("confirmed"))
    }

    @Test("replay names the first event that differs when the inputs were changed")
    func tampered() throws {
        let folder = try Self.finishedRun()
        var bytes = try folder.data("out.sqlite")
        // SQLite keeps no checksums: the seed that the request asked for is another one now.
        let range = try #require(bytes.range(of: Data("seed: 7\n".utf8)))
        bytes.replaceSubrange(range, with: Data("seed: 8\n".utf8))
        try folder.write(bytes, to: "out.sqlite")
        let outcome = try OrreryProcess.run(["replay", "out.sqlite"], in: folder)
        #expect(outcome.status == 1, "\(outcome.output)\(outcome.errors)")
        #expect(outcome.output.contains("first event that differs: event 1,"), "\(outcome.output)")
    }

    @Test("report prints the summary, and what is missing for the pod that waits")
    func report() throws {
        let outcome = try OrreryProcess.run(["report", "out.sqlite"], in: Self.finishedRun())
        #expect(outcome.status == 0, "\(outcome.errors)")
        for text in ["3 running", "1 pending", "cost-by-namespace", "NodeResourcesFit", "Insufficient cpu"] {
            #expect(outcome.output.contains(text), "\(outcome.output)")
        }
    }

    @Test("a report is written in every format", arguments: ["table", "csv", "json"])
    func formats(_ format: String) throws {
        let outcome = try OrreryProcess.run(
            ["report", "out.sqlite", "cost-by-namespace", "--format", format], in: Self.finishedRun())
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("shop"))
    }

    @Test("a user's own report is found in ./reports and with --reports")
    func ownReport() throws {
        let folder = try Self.finishedRun()
        let sql = "-- title: Mine\n-- question: How many pods?\nSELECT count(*) AS pods FROM pod\n"
        try folder.write(sql, to: "reports/mine.sql")
        try folder.write(sql, to: "more/other.sql")
        for arguments in [["mine"], ["other", "--reports", "more"]] {
            let outcome = try OrreryProcess.run(
                ["report", "out.sqlite"] + arguments + ["--format", "csv"], in: folder)
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.output.split(whereSeparator: \.isNewline).last == "4", "\(outcome.output)")
        }
    }

    @Test("an unknown report ends with 2 and the nearest name")
    func unknownReport() throws {
        let outcome = try OrreryProcess.run(["report", "out.sqlite", "cost-by-namespaec"], in: Self.finishedRun())
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("did you mean \"cost-by-namespace\""), "\(outcome.errors)")
    }

    @Test("explain says why a pod is nowhere, with each node's refusal")
    func waiting() throws {
        let outcome = try OrreryProcess.run(["explain", "out.sqlite", "pod/giant"], in: Self.finishedRun())
        #expect(outcome.status == 0, "\(outcome.errors)")
        for text in ["It is on no node", "Insufficient cpu", "NodeResourcesFit", "Refused nodes"] {
            #expect(outcome.output.contains(text), "\(outcome.output)")
        }
    }

    @Test("explain shows an earlier attempt, and ends with 2 when there is none of this number")
    func earlier() throws {
        let folder = try Self.finishedRun()
        let outcome = try OrreryProcess.run(
            ["explain", "out.sqlite", "pod/giant", "--attempt", "1", "--all"], in: folder)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("Attempt 1 at "), "\(outcome.output)")
        #expect(!outcome.output.contains("more (--all shows all)"), "\(outcome.output)")
        let counted = try OrreryProcess.run(
            ["explain", "out.sqlite", "pod/giant", "--attempt", "1", "--nodes", "1"], in: folder)
        #expect(counted.output.contains(" × ") && counted.output.contains("--all shows all"), "\(counted.output)")
        let missing = try OrreryProcess.run(["explain", "out.sqlite", "pod/giant", "--attempt", "999"], in: folder)
        #expect(missing.status == 2)
        #expect(missing.errors.contains("the pod has no attempt 999; there are 1 to "), "\(missing.errors)")
    }

    @Test("explain says of a pod that was taken over where it was")
    func takenOver() throws {
        let folder = try TemporaryFolder()
        try folder.write(
            """
            kind: Node
            apiVersion: v1
            metadata: {name: n1, labels: {node.kubernetes.io/instance-type: m6i.large}}
            status: {capacity: {cpu: "2", memory: 8Gi, pods: "29"}}
            ---
            kind: Pod
            apiVersion: v1
            metadata: {name: a, namespace: shop, uid: 11111111-1111-1111-1111-111111111111}
            spec: {nodeName: n1, containers: [{name: main, image: "a:1"}]}
            status: {phase: Running, containerStatuses: [{name: main, ready: true, state: {running: {}}}]}
            """, to: "cluster.yaml")
        let run = try OrreryProcess.run(["run", "cluster.yaml", "--for", "1h", "-o", "out.sqlite", "-q"], in: folder)
        #expect(run.status == 0, "\(run.errors)")
        let outcome = try OrreryProcess.run(["explain", "out.sqlite", "pod/shop/a"], in: folder)
        #expect(outcome.output.contains("It was on n1 when the run began."), "\(outcome.output)\(outcome.errors)")
    }

    @Test("explain says why a pod is where it is, with scores and the chosen node")
    func placed() throws {
        let folder = try Self.finishedRun()
        let missing = try OrreryProcess.run(["explain", "out.sqlite", "pod/web"], in: folder)
        #expect(missing.status == 2)
        let name = try #require(missing.errors.split(separator: " ").first { $0.hasPrefix("pod/shop/web-") })
        let outcome = try OrreryProcess.run(
            ["explain", "out.sqlite", name.trimmingCharacters(in: .punctuationCharacters)], in: folder)
        #expect(outcome.status == 0, "\(outcome.errors)")
        for text in ["Placed on", "Scores", "NodeResourcesFit", "* "] {
            #expect(outcome.output.contains(text), "\(outcome.output)")
        }
    }
}
