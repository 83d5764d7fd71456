import Foundation
import Observations
import RunDatabase
import Scenarios
import Simulation
import Testing
import Workloads

@Suite("Metrics of a part of a run are worked out of its database")
struct MetricQueryTests {
    @Test("what a scenario may name has a query, and nothing else has")
    func names() {
        let windowed = ScenarioMetric.ofRuns.filter(\.isWindowed).map(\.name)
        #expect(MetricQuery.all.map(\.name) == windowed)
        #expect(MetricQuery.ofService.map(\.name) == ScenarioMetric.serviceSuffixes.sorted())
        for metric in ScenarioMetric.of(services: ["a/b.c"]) {
            #expect(MetricQuery.of(metric.name)?.service == "a/b.c", "\(metric.name)")
        }
    }

    @Test(
        "over all of a run they say what the run itself says",
        arguments: ["failures/zone-outage", "services/call-graph", "failures/leaking-service", "batch/nightly"])
    func twins(_ scenario: String) throws {
        var request = RunRequest()
        request.scenario = OrreryProcess.root + "/scenarios/" + scenario
        request.settings = ["duration=26h", "assert=[]"]
        let setup = try #require(ScenarioLoader.load(request).setup)
        let folder = try TemporaryFolder()
        let writer = try RunWriter(path: folder.path + "/out.sqlite")
        let names = (ScenarioMetric.all + ScenarioMetric.of(services: setup.services.map(\.title)))
            .filter { $0.isWindowed && $0.isTold }
        let place = Assertion.Place(file: "", line: 1, column: 1, path: "")
        writer.assertions = names.map { metric in
            var assertion = Assertion(
                name: metric.name, subject: .metric(metric.name), comparison: .atLeast, bound: .whole(0), text: "0",
                place: place)
            assertion.needsDatabase = true
            return assertion
        }
        var world = World(setup, observer: writer)
        world.run()
        try writer.close()
        #expect(writer.verdicts.count == names.count)
        for verdict in writer.verdicts {
            let told = world.metrics.first { $0.name == verdict.assertion.name }?.value
            guard case .whole(let seen)? = verdict.seen, let told else {
                Issue.record("\(verdict.assertion.name): \(verdict.actual)")
                continue
            }
            #expect(seen == told, "\(verdict.assertion.name)")
        }
    }
}
