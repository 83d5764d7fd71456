import Observations
import Simulation
import Testing

@Suite("Metrics")
struct MetricNameTests {
    @Test("a run tells exactly the metrics that assertions may name")
    func names() {
        let notes = Notebook()
        var world = World(Fixture.setup(machines: 1), observer: notes)
        world.run()
        #expect(notes.metrics.map(\.name) == World.metricNames)
    }
}
