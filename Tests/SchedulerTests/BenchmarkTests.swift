import Scheduler
import Testing

@Suite struct BenchmarkTests {
    @Test("the benchmark makes the same decisions with and without memory, and again")
    func sameDecisions() {
        var configuration = SchedulerConfiguration()
        func outcome() -> SchedulerBenchmark.Outcome {
            var run = SchedulerBenchmark(nodes: 40, templates: 10, livePods: 200, configuration: configuration)
                .prepared()
            run.decide(1_500)
            return run.outcome
        }
        let first = outcome()
        #expect(first == outcome())
        configuration.usesShapeMemo = false
        #expect(first == outcome())
        #expect(first.bound > 1_400)
    }
}
