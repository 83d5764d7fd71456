import Foundation
import Testing

@Suite("orrery run simulates what people have")
struct RunTests {
    /// The object that --json prints.
    struct Summary: Decodable {
        struct Pods: Decodable {
            var created, running, succeeded, failed, pending: Int
        }
        struct Nodes: Decodable {
            var registered, ready: Int
        }
        var scenario: String
        var seed: UInt64
        var digest: String
        var virtualDuration: String
        var events: Int
        var costUSD: Double
        var pods: Pods
        var nodes: Nodes
    }

    static func summary(_ outcome: OrreryProcess.Outcome) throws -> Summary {
        try JSONDecoder().decode(Summary.self, from: Data(outcome.output.utf8))
    }

    @Test("manifests run on machines, and the summary names the database and what to do next")
    func manifests() throws {
        let folder = try TemporaryFolder()
        try folder.write(SampleInput.web, to: "web.yaml")
        let outcome = try OrreryProcess.run(["run", "web.yaml"] + SampleInput.options, in: folder)
        try #require(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("3 running"))
        for verb in ["report", "explain", "replay"] { #expect(outcome.output.contains("orrery \(verb) reports/out/")) }
        #expect(!outcome.errors.contains("\r"), "a progress line without a terminal")
    }

    @Test("machines without pods run when something is to happen to them")
    func machinesAlone() throws {
        let folder = try TemporaryFolder()
        try folder.write(
            """
            apiVersion: orrery.dev/v1
            kind: Scenario
            spec:
              duration: 1h
              pools: [{name: g, machineType: m6i.large, count: 1}]
              changes: [{at: 10m, cordon: g-1}]

            """, to: "scenario.yaml")
        let outcome = try OrreryProcess.run(["run", "scenario.yaml"], in: folder)
        #expect(outcome.status == 0 && outcome.output.contains("1 registered"), "\(outcome.errors)")
    }

    @Test("validate names each zone of exported machines once, in the order of the machines")
    func zonesOfExport() throws {
        let folder = try TemporaryFolder()
        let nodes = ["b", "a", "b", "a", "b"].enumerated().map { number, zone in
            """
            apiVersion: v1
            kind: Node
            metadata:
              name: n\(number)
              labels: {node.kubernetes.io/instance-type: m6i.large, topology.kubernetes.io/zone: us-east-1\(zone)}
            status:
              allocatable: {cpu: "2", memory: 7Gi, pods: "29"}
              capacity: {cpu: "2", memory: 8Gi, pods: "29"}
            """
        }
        try folder.write(nodes.joined(separator: "\n---\n"), to: "nodes.yaml")
        let outcome = try OrreryProcess.run(["validate", "nodes.yaml"], in: folder)
        try #require(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("5 × m6i.large in us-east-1b, us-east-1a\n"), "\(outcome.output)")
    }

    @Test("what the API server refuses at the start is told in the summary")
    func refused() throws {
        let folder = try TemporaryFolder()
        let pod =
            "---\nkind: Pod\napiVersion: v1\nmetadata: {name: NAME}\n"
            + "spec: {containers: [{name: c, image: x, resources: {requests: {cpu: 2}, limits: {cpu: 2}}}]}\n"
        try folder.write(
            "kind: LimitRange\napiVersion: v1\nmetadata: {name: l}\nspec: {limits: [{type: Container, max: {cpu: 1}}]}\n"
                + pod.replacing("NAME", with: "big") + pod.replacing("NAME", with: "large"), to: "big.yaml")
        let outcome = try OrreryProcess.run(["run", "big.yaml"] + SampleInput.options, in: folder)
        #expect(
            outcome.output.contains("  refused: Pod default/big and 1 more: maximum cpu usage per Container is 1"),
            "\(outcome.output)\(outcome.errors)")
    }

    @Test("--json prints one object with the promised fields, and nothing else")
    func json() throws {
        let folder = try TemporaryFolder()
        try folder.write(SampleInput.web, to: "web.yaml")
        let outcome = try OrreryProcess.run(
            ["run", "web.yaml", "--json", "--output", "deep/er/out.sqlite"] + SampleInput.options, in: folder)
        try #require(outcome.status == 0, "\(outcome.errors)")
        let summary = try Self.summary(outcome)
        #expect(summary.virtualDuration == "2h")
        #expect(summary.pods.created == 3 && summary.pods.running == 3 && summary.pods.pending == 0)
        #expect(summary.nodes.registered == 2 && summary.nodes.ready == 2)
        #expect(summary.costUSD > 0 && summary.events > 0 && summary.digest.count == 32)
        #expect(folder.exists("deep/er/out.sqlite"))
    }

    /// What --json says of money, faults and assertions.
    private struct Outcome: Decodable {
        struct Fault: Decodable {
            var name, kind: String
            var strikes, podsHit, workloadsNotRecovered: Int
            var recoveryMaxSeconds: Double?
            var due, neverStruckBecause: String?
        }
        struct Assertion: Decodable {
            var name, expected, value: String
            var passed: Bool
        }
        var status: String
        var costUSD: Decimal
        var costPartsUSD, costByNamespaceUSD, costByWorkloadUSD: [String: Decimal]
        var faults: [Fault]
        var assertions: [Assertion]
    }

    @Test("--json has the parts of the cost to the last digit, every fault and every assertion")
    func outcome() throws {
        let folder = try TemporaryFolder()
        try folder.write(SampleInput.web, to: "web.yaml")
        let bounds = "{metric: pods.created, atLeast: 3}, {name: free, metric: cost.total, atMost: \"$0\"}"
        let faults = """

              faults:
                - {name: crash, kind: NodeCrash, at: 30m, duration: 5m, target: {nodes: [general-1]}}
                - {name: late, kind: NodeCrash, at: 9h}
            """
        try folder.write(SampleInput.scenario(assertion: bounds) + faults, to: "scenario.yaml")
        let run = try OrreryProcess.run(["run", "scenario.yaml", "--json", "-q", "-o", "out.sqlite"], in: folder)
        #expect(run.status == 1)
        let told = try JSONDecoder().decode(Outcome.self, from: Data(run.output.utf8))
        #expect(told.status == "failed")
        #expect(told.costPartsUSD.values.reduce(0, +) == told.costUSD && told.costUSD > 0)
        #expect(told.costByNamespaceUSD == ["shop": try #require(told.costPartsUSD["pods"])])
        #expect(told.costByWorkloadUSD.keys.sorted() == ["Deployment shop/web"])
        #expect(told.faults.map(\.name) == ["crash", "late"] && told.faults.map(\.strikes) == [1, 0])
        #expect(told.faults[0].podsHit > 0 && told.faults[0].workloadsNotRecovered == 0)
        #expect(told.faults[0].recoveryMaxSeconds.map { $0 > 0 } ?? false)
        #expect(told.faults[1].due == "2026-01-05T09:00:00Z" && told.faults[1].podsHit == 0)
        #expect(told.faults[1].neverStruckBecause == "the run ends before")
        #expect(told.assertions.map(\.name) == ["pods.created", "free"])
        #expect(told.assertions.map(\.passed) == [true, false])
        #expect(told.assertions[0].expected == ">= 3" && told.assertions[0].value == "3")
        let again = try OrreryProcess.run(["report", "out.sqlite", "--format", "json"], in: folder)
        #expect(again.output == run.output)
        // The other ways to look at the run name the fault that never struck as well.
        let words = "due at 2026-01-05 09:00:00, and the run ends before"
        for arguments in [["report", "out.sqlite"], ["report", "out.sqlite", "--format", "html"]] {
            let text = try OrreryProcess.run(arguments, in: folder).output
            #expect(text.contains("late (NodeCrash): \(words)"))
        }
        let explained = try OrreryProcess.run(["explain", "out.sqlite", "fault/late"], in: folder)
        #expect(explained.output == "fault/late: NodeCrash\n  never struck: \(words)\n" && explained.status == 0)
        let near = try OrreryProcess.run(["explain", "out.sqlite", "fault/lat"], in: folder)
        #expect(near.status == 2 && near.errors.contains("did you mean \"fault/late\"?"))
    }

    @Test("standard input is a manifest, in YAML and in JSON")
    func standardInput() throws {
        let folder = try TemporaryFolder()
        let json = """
            {"apiVersion": "v1", "kind": "List", "items": [{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, \
            "spec": {"containers": [{"name": "a", "image": "b:1"}]}}]}
            """
        for (text, pods) in [(SampleInput.web, 3), (json, 1)] {
            let outcome = try OrreryProcess.run(
                ["run", "-", "--json", "--output", "out.sqlite"] + SampleInput.options, in: folder, input: text)
            try #require(outcome.status == 0, "\(outcome.errors)")
            #expect(try Self.summary(outcome).pods.created == pods)
            let replay = try OrreryProcess.run(["replay", "out.sqlite"], in: folder)
            #expect(replay.status == 0, "\(replay.output)\(replay.errors)")
        }
    }

    @Test("the same seed gives the same bytes in two processes, another seed another digest")
    func deterministic() throws {
        let folder = try TemporaryFolder()
        try folder.write(SampleInput.web, to: "web.yaml")
        var digests: [String] = []
        for (seed, name) in [("7", "a"), ("7", "b"), ("8", "c")] {
            let outcome = try OrreryProcess.run(
                ["run", "web.yaml", "--json", "--seed", seed, "--output", "\(name).sqlite"] + SampleInput.options,
                in: folder)
            try #require(outcome.status == 0, "\(outcome.errors)")
            digests.append(try Self.summary(outcome).digest)
        }
        #expect(digests[0] == digests[1])
        #expect(digests[0] != digests[2])
        #expect(try folder.data("a.sqlite") == folder.data("b.sqlite"))
    }

    @Test("--check changes nothing")
    func checked() throws {
        let folder = try TemporaryFolder()
        try folder.write(SampleInput.web, to: "web.yaml")
        let plain = try OrreryProcess.run(["run", "web.yaml", "--json"] + SampleInput.options, in: folder)
        let checked = try OrreryProcess.run(["run", "web.yaml", "--json", "--check"] + SampleInput.options, in: folder)
        #expect(checked.status == 0, "\(checked.errors)")
        #expect(plain.output == checked.output)
    }

    @Test(
        "an assertion that does not hold ends with 1 and says what was expected",
        arguments: [("{metric: pods.pending, atMost: 0}", 0), ("{metric: pods.pending, atLeast: 1}", 1)]
            as [(String, Int32)])
    func assertions(_ assertion: String, status: Int32) throws {
        let folder = try TemporaryFolder()
        try folder.write(SampleInput.web, to: "web.yaml")
        try folder.write(SampleInput.scenario(assertion: assertion), to: "scenario.yaml")
        let outcome = try OrreryProcess.run(["run", "scenario.yaml"], in: folder)
        #expect(outcome.status == status, "\(outcome.errors)")
        #expect(outcome.errors.contains("assertion failed: pods.pending") == (status == 1), "\(outcome.errors)")
        #expect(folder.exists("reports/out/sample.sqlite"))
    }

    @Test("a file that no run wrote is not overwritten")
    func inTheWay() throws {
        let folder = try TemporaryFolder()
        try folder.write(SampleInput.web, to: "web.yaml")
        let outcome = try OrreryProcess.run(
            ["run", "web.yaml", "--output", "web.yaml"] + SampleInput.options, in: folder)
        #expect(outcome.status == 2)
        #expect(try folder.data("web.yaml") == Data(SampleInput.web.utf8))
    }

    @Test("--quiet prints nothing when all is well")
    func quiet() throws {
        let folder = try TemporaryFolder()
        try folder.write(SampleInput.web, to: "web.yaml")
        let outcome = try OrreryProcess.run(["run", "web.yaml", "--quiet"] + SampleInput.options, in: folder)
        #expect(outcome.status == 0)
        #expect(outcome.output.isEmpty && outcome.errors.isEmpty, "\(outcome.output)\(outcome.errors)")
    }
}
