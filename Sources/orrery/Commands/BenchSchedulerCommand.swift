import ArgumentParser

/// `orrery bench scheduler`.
struct BenchSchedulerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scheduler",
        abstract: "Places pods on empty nodes with the scheduler alone, as fast as it can.",
        discussion: """
            EXAMPLE
              orrery bench scheduler --nodes 5000 --pods 20000 --templates 20
            """)

    @Option(help: "Nodes.") var nodes = 5000
    @Option(help: "Pods.") var pods = 20_000
    @Option(help: "Different pod templates.") var templates = 20
    @Flag(help: "Scans every node for every pod, without remembering shapes.") var fullScan = false

    func validate() throws {
        guard nodes > 0, pods > 0, templates > 0 else {
            throw ValidationError("Nodes, pods and templates are at least 1.")
        }
    }

    func run() throws {
        let benchmark = SchedulerBenchmark(nodes: nodes, pods: pods, templates: templates, usesShapeMemo: !fullScan)
        let result = try benchmark.run()
        Console.out(
            """
            \(nodes) nodes, \(pods) pods of \(templates) templates
            placed       \(Figures.grouped(Int64(result.placed))), refused \(Figures.grouped(Int64(result.refused)))
            scheduling   \(Figures.fixed(result.seconds, 3)) s, \
            \(Figures.rate(Double(result.placed + result.refused) / max(result.seconds, 1e-9))) attempts/s
            peak memory  \(Figures.bytes(Stopwatch.peakMemory))

            """)
    }
}
