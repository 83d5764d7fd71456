import Scheduler

/// Both ways of searching for a node, measured on the same cluster under steady churn.
struct SchedulerComparison {
    let nodes: Int
    let pods: Int
    /// Pods that are also scheduled by a scan of all nodes.
    let slowPods: Int
    let templates: Int
    let mix: BenchmarkMix

    /// What came of it.
    struct Result {
        var bound = 0
        var podsPerSecond = 0.0
        /// 0 when nothing was scheduled that way.
        var slowPodsPerSecond = 0.0
        /// nil when there was nothing to compare.
        var agrees: Bool?
        /// Bytes, by the growth of the most memory held.
        var memoryPerNode: Int64 = 0
        var memoryPerPod: Int64 = 0
    }

    /// Pods per node that run at the same time.
    private static let density = 10

    func run() -> Result {
        var result = Result()
        let empty = Stopwatch.peakMemory
        var run = SchedulerBenchmark(
            nodes: nodes, templates: templates, livePods: nodes * Self.density, mix: mix
        ).prepared()
        let furnished = Stopwatch.peakMemory
        result.memoryPerNode = (furnished - empty) / Int64(nodes)
        run.decide(nodes * Self.density)
        result.memoryPerPod = (Stopwatch.peakMemory - furnished) / Int64(nodes * Self.density)
        var slow = run.slow()
        var fork = run.fork()
        result.podsPerSecond = Self.rate(pods) { run.decide(pods) }
        result.bound = run.outcome.bound
        guard slowPods > 0 else { return result }
        result.slowPodsPerSecond = Self.rate(slowPods) { slow.decide(slowPods) }
        fork.decide(slowPods)
        result.agrees = fork.outcome == slow.outcome
        return result
    }

    private static func rate(_ pods: Int, _ body: () -> Void) -> Double {
        let began = Stopwatch.nanoseconds
        body()
        return Double(pods) / max(Double(Stopwatch.nanoseconds - began) / 1e9, 1e-9)
    }
}
