import ArgumentParser
import Scheduler

/// `orrery bench scheduler`.
struct BenchSchedulerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scheduler",
        abstract: "Places pods with the scheduler alone, as fast as it can, and compares with a scan of all nodes.",
        discussion: """
            The cluster is filled with ten pods per node first; then each new pod makes the oldest one go. Memory is
            what the process grew by, with the pods that the benchmark itself holds.

            EXAMPLE
              orrery bench scheduler --nodes 5000 --pods 50000 --templates 20 --mix mixed
            """)

    @Option(help: "Nodes.") var nodes = 5000
    @Option(help: "Pods that are measured.") var pods = 50_000
    @Option(help: "Different pod templates.") var templates = 20
    @Option(help: "What pods ask for: resources, spread, affinity or mixed.") var mix = BenchmarkMix.resources
    @Option(help: "Pods that are scheduled by a scan of all nodes too; 0 for none.") var slowPods = 50

    /// More pods would not fit into the memory of a large machine.
    private static let most = 10_000_000

    func validate() throws {
        guard nodes > 0, pods > 0, templates > 0, slowPods >= 0 else {
            throw ValidationError("Nodes, pods and templates are at least 1, slow pods at least 0.")
        }
        guard max(pods, slowPods) <= Self.most, max(nodes, templates) <= Self.most / 10 else {
            throw ValidationError("Nodes and templates are at most \(Self.most / 10), pods at most \(Self.most).")
        }
    }

    func run() throws {
        let comparison = SchedulerComparison(
            nodes: nodes, pods: pods, slowPods: slowPods, templates: templates, mix: mix)
        let result = comparison.run()
        let agreement = result.agrees.map { $0 ? "the same" : "DIFFERENT" } ?? "not compared"
        Console.out(
            """
            \(nodes) nodes, \(pods) pods of \(templates) templates, \(mix.rawValue)
            scheduling   \(Figures.rate(result.podsPerSecond)) pods/s
            full scan    \(Figures.rate(result.slowPodsPerSecond)) pods/s, over \(slowPods) pods
            decisions    \(agreement)
            bound        \(Figures.grouped(Int64(result.bound))), with those that filled the cluster
            memory       \(Figures.grouped(result.memoryPerPod)) B per pod, \(Figures.grouped(result.memoryPerNode)) B per node
            peak memory  \(Figures.bytes(Stopwatch.peakMemory))

            """)
        if result.agrees == false { throw Exit.failed.code }
    }
}

extension BenchmarkMix: ExpressibleByArgument {}
