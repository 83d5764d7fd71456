import Foundation
import Testing

@Suite("Capacity from the command line")
struct CapacityCommandTests {
    private static let manifest = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          replicas: 2
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              containers:
                - {name: web, image: "registry.example.com/web:1", resources: {requests: {cpu: 500m, memory: 1Gi}}}

        """
    private static let pod = """
        apiVersion: v1
        kind: Pod
        metadata: {name: big}
        spec:
          containers:
            - {name: big, image: "registry.example.com/big:1", resources: {requests: {cpu: 900m, memory: 1Gi}}}

        """

    private func folder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.write(Self.manifest, to: "web.yaml")
        try folder.write(Self.pod, to: "big.yaml")
        try folder.write(Self.pod.replacingOccurrences(of: "900m", with: "90"), to: "huge.yaml")
        return folder
    }

    @Test("plan says the same however many sets are tried at a time, also where pods need machines of two kinds")
    func parallelPlan() throws {
        let folder = try folder()
        let arm = Self.manifest.replacingOccurrences(of: "name: web}", with: "name: arm}")
            .replacingOccurrences(of: "      containers:", with: "      nodeSelector: {kubernetes.io/arch: arm64}\n      containers:")
        let amd = Self.manifest
            .replacingOccurrences(of: "      containers:", with: "      nodeSelector: {kubernetes.io/arch: amd64}\n      containers:")
        try folder.write(arm + "---\n" + amd, to: "both.yaml")
        let arguments = ["capacity", "plan", "both.yaml", "--for", "1h", "--types", "m6i.large,c6i.xlarge,m6g.medium,m6g.large"]
        let alone = try OrreryProcess.run(arguments, in: folder)
        #expect(alone.status == 0 && alone.output.contains("proven"), "\(alone.output)\(alone.errors)")
        for type in ["m6i.large", "m6g."] { #expect(alone.output.contains(type)) }
        let together = try OrreryProcess.run(arguments + ["--parallel", "3"], in: folder)
        #expect(together.output == alone.output && together.errors == alone.errors)
        let lines = ["--worker", "--quiet"]
        let worker = try OrreryProcess.run(arguments + lines, in: folder)
        #expect(worker.status == 0 && worker.output.isEmpty, "\(worker.output)\(worker.errors)")
    }

    @Test("fit counts the room, by zone, and says what stops the next one; twice the same bytes")
    func fit() throws {
        let folder = try folder()
        let arguments = [
            "capacity", "fit", "web.yaml", "--machines", "2xm6i.large", "--zones", "us-east-1a,us-east-1b", "--json",
            "--workload", "deployment/web",
        ]
        let outcome = try OrreryProcess.run(arguments, in: folder)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(try OrreryProcess.run(arguments, in: folder).output == outcome.output)
        let answer = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        // 1930m are allocatable: three pods of 500m on each machine, two of which are there.
        #expect(answer["more"] as? Int == 4)
        let zones = try #require(answer["zones"] as? [[String: Any]])
        #expect(zones.map { $0["more"] as? Int } == [2, 2])
        #expect((answer["message"] as? String ?? "").hasPrefix("0/2 nodes are available: 2 Insufficient cpu."))
        let pod = try OrreryProcess.run(
            ["capacity", "fit", "web.yaml", "--machines", "2xm6i.large", "--pod", "big.yaml"], in: folder)
        #expect(pod.status == 0 && pod.output.contains("2 pods more of pod/big"), "\(pod.output)\(pod.errors)")
        try folder.write("", to: "none.yaml")
        let empty = try OrreryProcess.run(
            ["capacity", "fit", "none.yaml", "--machines", "2xm6i.large", "--pod", "big.yaml"], in: folder)
        #expect(empty.status == 0 && empty.output.contains("pods more of pod/big"), "\(empty.output)\(empty.errors)")
    }

    @Test("plan needs no machines, and its answer runs")
    func plan() throws {
        let folder = try folder()
        let outcome = try OrreryProcess.run(
            ["capacity", "plan", "web.yaml", "--families", "m6i,c6i", "--for", "1h", "--json"], in: folder)
        #expect(outcome.status == 0, "\(outcome.errors)")
        let answer = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        // Two pods of 500m and 1 GiB fit on the smallest of all.
        #expect(answer["isProven"] as? Bool == true)
        let machines = try #require(answer["machines"] as? [[String: Any]])
        #expect(machines.map { $0["machineType"] as? String } == ["c6i.large"])
        let next = try #require(answer["next"] as? String)
        #expect(next.hasSuffix("run web.yaml --for 1h --machines 1xc6i.large --zones us-east-1a"))
    }

    @Test(
        "a plan for machines that are more than a type, a count and zones names no command that makes other ones",
        arguments: ["purchase: spot", "labels: {tier: front}", "taints: [{key: a, effect: PreferNoSchedule}]"])
    func marked(more: String) throws {
        let folder = try folder()
        try folder.write(
            """
            apiVersion: orrery.dev/v1
            kind: Scenario
            metadata: {name: marked}
            spec:
              duration: 1h
              manifests: [web.yaml]
              pools: [{name: front, machineType: m6i.large, count: 2, zones: us-east-1a, \(more)}]
            """, to: "scenario.yaml")
        let outcome = try OrreryProcess.run(["capacity", "plan", "scenario.yaml", "--types", "m6i.large"], in: folder)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("Next\n  write these machines into the pools"), "\(outcome.output)")
        #expect(!outcome.output.contains("--machines"))
    }

    @Test("shrink says what goes and what that saves")
    func shrink() throws {
        let outcome = try OrreryProcess.run(
            ["capacity", "shrink", "web.yaml", "--machines", "3xm6i.large", "--for", "4h"], in: folder())
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.contains(": 2 of 3 machines could go at "), "\(outcome.output)")
        #expect(outcome.output.contains("saved  $0.192/h, $140.16 a month of 730 hours"), "\(outcome.output)")
    }

    @Test(
        "what fits nowhere ends with 1, what is wrong with 2, and both say why",
        arguments: [
            (["fit", "web.yaml", "--machines", "1xm6i.large", "--pod", "big.yaml", "--set", "pools.m6i-large.count=1"], 2, "error"),
            (["fit", "web.yaml", "--machines", "1xm6i.medium", "--workload", "deployment/web"], 2, "there is no machine type"),
            (["fit", "web.yaml", "--machines", "1xm6i.large", "--workload", "deployment/wob"], 2, "did you mean \"web\"?"),
            (["fit", "web.yaml", "--machines", "1xm6i.large", "--workload", "daemonset/web"], 2, "expected one of deployment/NAME"),
            (["fit", "web.yaml", "--machines", "1xm6i.large"], 2, "Name a workload"),
            (["fit", "web.yaml", "--machines", "1xm6i.large", "--workload", "deployment/web", "--at", "9d"], 2, "--at: error"),
            (["fit", "web.yaml", "--machines", "1xm6i.large", "--pod", "huge.yaml"], 1, ""),
            (["plan", "web.yaml", "--types", "t3.nano", "--for", "1h"], 1, ""),
            (["plan", "web.yaml", "--types", "m6i.lrge"], 2, "did you mean m6i.large"),
            (["plan", "web.yaml", "--families", "m6"], 2, "there is no family \"m6\""),
            (["plan", "web.yaml", "--survive", "zone"], 2, "two zones or more"),
            (["plan", "web.yaml", "--objective", "fun"], 2, "--objective is cost or machines"),
            (["plan", "web.yaml", "--patience", "soon"], 2, "--patience: error"),
            (["plan", "web.yaml", "--for", "1h", "--patience", "1h"], 2, "expected less than the run's 1h"),
            (["shrink", "web.yaml", "--machines", "1xm6i.large", "--for", "4h", "--patience", "5h"], 2, "--patience: error"),
            (["plan", "web.yaml", "--types", "nosuch"], 2, "there is no machine type \"nosuch\"\n"),
            (["plan", "web.yaml", "--pool", "web"], 2, "--pool: error"),
            (["shrink", "web.yaml", "--machines", "1xm6i.large", "--for", "1h"], 2, "before the end of the run"),
            (["shrink", "big.yaml", "web.yaml", "--machines", "1xm6i.large", "--for", "4h"], 0, ""),
            (["shrink", "web.yaml", "--machines", "1xt3.nano", "--for", "4h"], 1, ""),
            (["shrink", "missing.yaml", "--machines", "1xm6i.large"], 2, "missing.yaml"),
        ])
    func codes(arguments: [String], status: Int32, message: String) throws {
        let outcome = try OrreryProcess.run(["capacity"] + arguments, in: folder())
        #expect(outcome.status == status, "\(outcome.output)\(outcome.errors)")
        #expect(message.isEmpty || outcome.errors.contains(message), "\(outcome.errors)")
    }
}
