import Observations
import Scenarios
import Simulation
import Testing

@Suite("Metrics that assertions name")
struct ScenarioMetricTests {
    @Test("the loader lets through exactly what a run tells")
    func names() {
        #expect(ScenarioMetric.all.map(\.name).sorted() == World.metricNames.sorted())
    }

    @Test("a text that is another one is not so and so much beside it")
    func text() {
        let place = Assertion.Place(file: "s.yaml", line: 1, column: 1, path: "")
        let assertion = Assertion(
            name: "phase", subject: .sql("'Failed'"), comparison: .equal, bound: .text("Running"), text: "Running",
            place: place)
        let verdict = AssertionVerdict(assertion, seen: .text("Failed"))
        #expect(!verdict.held && verdict.excess == nil)
    }
}
