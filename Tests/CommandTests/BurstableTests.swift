import Foundation
import Testing

@Suite("Machines with CPU credits")
struct BurstableTests {
    @Test(
        "a pool of burstable machines is warned of once, with its place, and no other pool is",
        arguments: [
            ("{name: a, machineType: t3.medium, count: 1}, {name: b, machineType: t4g.medium, count: 1}", 1),
            ("{name: a, machineType: m6i.large, count: 1}, {name: b, machineType: t3.medium, count: 0}", 0),
        ])
    func warning(pools: String, count: Int) throws {
        let folder = try TemporaryFolder()
        try folder.write(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers: [{name: web, image: "registry.example.com/web:1"}]
            """, to: "web.yaml")
        try folder.write(
            """
            apiVersion: orrery.dev/v1
            kind: Scenario
            metadata: {name: credits}
            spec:
              duration: 1h
              manifests: [web.yaml]
              pools: [\(pools)]
            """, to: "scenario.yaml")
        let outcome = try OrreryProcess.run(["validate", "scenario.yaml"], in: folder)
        let text = outcome.output + outcome.errors
        #expect(outcome.status == 0, "\(text)")
        #expect(text.components(separatedBy: "surplus CPU credits").count - 1 == count, "\(text)")
        let place = "scenario.yaml:7:34: warning: the machines of the pool a are burstable (t3.medium)"
        #expect(text.contains(place) == (count > 0), "\(text)")
    }
}
