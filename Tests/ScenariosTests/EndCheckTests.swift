import Testing

@testable import Scenarios

/// What cannot count in a run, since it lies outside of it.
@Suite("What lies outside of a run is warned of") struct EndCheckTests {
    private static let job = """
        apiVersion: batch/v1
        kind: Job
        metadata: {name: any}
        spec: {template: {spec: {restartPolicy: Never, containers: [{name: main, image: "m:1"}]}}}
        """

    private func warnings(_ rest: String, csv: String = "time,value\n0,1\n") -> [String] {
        ScenarioFixtures.warnings(
            ScenarioFixtures.load(
                spec: "  duration: 1d\n\(rest)\n", files: [("job.yaml", Self.job), ("u.csv", csv)]))
    }

    private func usage(_ csv: String, _ more: String = "") -> [String] {
        warnings("  workloads: [{match: {}, usage: {memory: 1Mi, cpu: {csv: u.csv\(more)}}}]", csv: csv)
    }

    @Test(
        "changes and arrivals after the end",
        arguments: [
            ("changes: [{at: 30h, cordon: a-1}]", "spec.changes[0].at: the change is made first after 30h, and"),
            ("changes: [{every: 2d, cordon: a-1}]", "spec.changes[0].every: the change is made first after 2d, and"),
            (
                "arrivals: [{name: j, template: job.yaml, every: 1h, from: 3d}]",
                "spec.arrivals[0].from: nothing arrives before 73h, and the run ends after 24h"
            ),
        ])
    func late(_ section: String, _ warning: String) {
        let found = warnings("  \(section)")
        #expect(found.count == 1 && found[0].contains(warning), "\(found)")
    }

    @Test("a series outside of the run, and what Unix times look like")
    func series() {
        let unix = usage("time,value\n1767571200,0.1\n1767574800,0.4\n")
        #expect(unix.count == 1 && unix[0].contains("these look like Unix times; the first value"), "\(unix)")
        let before = usage("2025-01-05T00:00:00Z,0.1\n2025-01-05T12:00:00Z,0.4\n")
        #expect(before.count == 1 && before[0].contains("12:00:00Z; the last value is used"), "\(before)")
        #expect(usage("2027-01-05T00:00:00Z,0.1\n").count == 1)
        #expect(usage("time,value\n-1d,0.1\n2h,0.4\n") == [])
    }

    @Test("fields of a series may stand in quotes")
    func quotes() { #expect(usage("\"time\",\"value\"\n\"0h\",\"0.1\"\n") == []) }

    @Test("and what lies within is not warned of")
    func silent() {
        #expect(warnings("  changes: [{at: 24h, cordon: a-1}]") == [])
        #expect(warnings("  arrivals: [{name: j, template: job.yaml, every: 1h}]") == [])
    }

    @Test("a zone of a pool that is a region, or nearly a zone; other names are the scenario's own")
    func zones() {
        func warnings(_ zone: String) -> [String] {
            ScenarioFixtures.warnings(
                ScenarioFixtures.load(spec: "  pools: [{name: a, machineType: m6i.large, count: 1, zones: [\(zone)]}]"))
        }
        #expect(warnings("us-east-1").first?.contains("us-east-1 is a region of aws, and no zone") == true)
        #expect(warnings("zone-1") == [])
        #expect(warnings("us-east-1b") == [])
    }
}
