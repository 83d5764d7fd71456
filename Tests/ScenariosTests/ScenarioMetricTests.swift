import Scenarios
import Simulation
import Testing

@Suite("Metrics that assertions name")
struct ScenarioMetricTests {
    @Test("the loader lets through exactly what a run tells")
    func names() {
        #expect(ScenarioMetric.all.map(\.name).sorted() == World.metricNames.sorted())
    }
}
