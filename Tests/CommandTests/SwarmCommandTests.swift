import Foundation
import Testing

@Suite("orrery swarm and orrery shrink")
struct SwarmCommandTests {
    /// A process hangs and no probe finds it: the cluster never settles. Beside it stands what has nothing to do with it.
    private static let stuck = """
        apiVersion: orrery.dev/v1
        kind: Scenario
        metadata: {name: stuck}
        spec:
          duration: 50m
          pools: [{name: a, machineType: m6i.large, count: 3, zones: [us-east-1a, us-east-1b]}]
          parameters: {watch: 100ms}
          workloads: [{match: {name: web}, hangsAfter: 30s}]
          changes: [{at: 90s, cordon: a-2}]
        """
    private static let web = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          replicas: 4
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              containers:
                - name: web
                  image: registry.example.com/web:1
                  readinessProbe: {httpGet: {path: /, port: 80}, periodSeconds: 5}
        """

    @Test("says the same of the same seeds at any parallelism")
    func parallel() throws {
        let folder = try TemporaryFolder()
        let one = try OrreryProcess.run(["swarm", "--seeds", "4..6", "--json"], in: folder)
        #expect(one.status == 0, "\(one.output)\(one.errors)")
        #expect(one.output.contains("\"failed\" : 0") && one.output.contains("\"seeds\" : 3"), "\(one.output)")
        let two = try OrreryProcess.run(["swarm", "--seeds", "4..6", "--json", "--parallel", "2"], in: folder)
        #expect(two.output == one.output)
    }

    @Test("takes no mistake for seeds", arguments: ["0", "7..3", "a", "1..", "-4", "1..2..3"])
    func mistakes(seeds: String) throws {
        let folder = try TemporaryFolder()
        let outcome = try OrreryProcess.run(["swarm", "--seeds=\(seeds)"], in: folder)
        #expect(outcome.status == 2 && outcome.errors.contains("1001..5000"), "\(outcome.errors)")
        #expect(try OrreryProcess.run(["swarm"], in: folder).status == 2)
        #expect(try OrreryProcess.run(["shrink"], in: folder).status == 2)
        #expect(try OrreryProcess.run(["swarm", "--seeds", "3", "--parallel", "none"], in: folder).status == 2)
    }

    @Test("writes a seed as a scenario that can be read")
    func writes() throws {
        let folder = try TemporaryFolder()
        let written = try OrreryProcess.run(["swarm", "--seeds", "2..2", "--write", "-o", "out"], in: folder)
        #expect(written.status == 0 && written.output == "out/seed-2\n", "\(written.output)\(written.errors)")
        let validated = try OrreryProcess.run(["validate", "out/seed-2"], in: folder)
        #expect(validated.status == 0, "\(validated.errors)")
    }

    @Test("finds that a cluster does not settle, and makes the scenario small that shows it")
    func shrinks() throws {
        let folder = try TemporaryFolder()
        try folder.write(Self.stuck, to: "stuck/scenario.yaml")
        try folder.write(Self.web, to: "stuck/manifests/web.yaml")
        let found = try OrreryProcess.run(["swarm", "--scenario", "stuck"], in: folder)
        #expect(found.status == 1 && found.output.contains("unsettled: waits for a pod"), "\(found.output)\(found.errors)")

        let shrunk = try OrreryProcess.run(["shrink", "stuck", "-q", "--output", "small", "--name", "hung"], in: folder)
        #expect(shrunk.status == 0, "\(shrunk.output)\(shrunk.errors)")
        let scenario = try String(contentsOfFile: folder.path + "/small/hung/scenario.yaml", encoding: .utf8)
        for gone in ["parameters", "zones", "us-east-1b"] { #expect(!scenario.contains(gone), "\(scenario)") }
        #expect(scenario.contains("hangsAfter") && scenario.contains("title:") && scenario.contains("assert:"))
        let manifest = try String(contentsOfFile: folder.path + "/small/hung/manifests/web.yaml", encoding: .utf8)
        #expect(!manifest.contains("replicas: 4") && manifest.contains("readinessProbe"))
        #expect(try OrreryProcess.run(["swarm", "--scenario", "small/hung"], in: folder).status == 1)

        try folder.write(Self.stuck.replacingOccurrences(of: "hangsAfter: 30s", with: "readyAfter: 3s"), to: "well/scenario.yaml")
        try folder.write(Self.web, to: "well/manifests/web.yaml")
        let well = try OrreryProcess.run(["swarm", "--scenario", "well"], in: folder)
        #expect(well.status == 0 && well.output.contains("settled"), "\(well.output)\(well.errors)")
        #expect(try OrreryProcess.run(["shrink", "well", "-q"], in: folder).status == 2)
    }
}
