import Scheduler
import Testing

@Suite struct BenchmarkTests {
    @Test("the benchmark makes the same decisions with and without memory, and again", arguments: BenchmarkMix.allCases)
    func sameDecisions(mix: BenchmarkMix) {
        var configuration = SchedulerConfiguration()
        func outcome() -> SchedulerBenchmark.Outcome {
            var run = SchedulerBenchmark(
                nodes: 40, templates: 10, livePods: 200, mix: mix, configuration: configuration
            ).prepared()
            run.decide(900)
            return run.outcome
        }
        let first = outcome()
        #expect(first == outcome())
        configuration.usesShapeMemo = false
        #expect(first == outcome())
        #expect(first.bound > 700)
    }

    @Test("a run and its slow copy go the same way", arguments: BenchmarkMix.allCases)
    func slowCopy(mix: BenchmarkMix) {
        var run = SchedulerBenchmark(nodes: 40, templates: 10, livePods: 200, mix: mix).prepared()
        run.decide(300)
        var slow = run.slow()
        var fork = run.fork()
        run.decide(300)
        slow.decide(300)
        fork.decide(300)
        #expect(run.outcome == slow.outcome)
        #expect(run.outcome == fork.outcome)
    }
}
