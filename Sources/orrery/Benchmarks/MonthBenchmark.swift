import ArgumentParser
import Chronology
import Scenarios
import Simulation

/// The cluster of `orrery bench month`: equal machines, Deployments of several sizes, steady replacement.
struct MonthBenchmark {
    let nodes: Int
    let pods: Int
    let deployments: Int
    let replacedPercent: Int
    let duration: String
    let seed: UInt64

    /// Returns the setup, or ends with what is wrong with the figures.
    func setup() throws -> WorldSetup {
        var request = RunRequest()
        request.manifests = ["bench.yaml"]
        request.machines = ["\(nodes)xm6i.xlarge"]
        request.zones = ["us-east-1a", "us-east-1b", "us-east-1c"]
        request.duration = duration
        request.seed = "\(seed)"
        let loaded = ScenarioLoader.reload(inputs: [("request", request.text), ("bench.yaml", manifests)])
        guard !loaded.hasErrors, var setup = loaded.setup else {
            DiagnosticPrinter.show(loaded.diagnostics, isQuiet: true)
            throw Exit.badInput.code
        }
        setup.name = "bench-month"
        if replacedPercent > 0 {
            let hour = Duration.seconds(3600)
            setup.changes.append(
                ScheduledChange(
                    at: .start + hour, every: hour, act: .replacePods(partsPerMillion: Int64(replacedPercent) * 10_000))
            )
        }
        return setup
    }

    /// The Deployments, together `pods` replicas.
    private var manifests: String {
        (0..<deployments).map { index in
            let replicas = pods / deployments + (index < pods % deployments ? 1 : 0)
            return """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: app-\(index), namespace: team-\(index % 5)}
                spec:
                  replicas: \(replicas)
                  selector: {matchLabels: {app: app-\(index)}}
                  template:
                    metadata: {labels: {app: app-\(index)}}
                    spec:
                      containers:
                      - name: main
                        image: registry.example/app-\(index):1
                        resources:
                          requests: {cpu: \(80 + 10 * (index % 9))m, memory: \(128 + 32 * (index % 7))Mi}
                """
        }.joined(separator: "\n---\n")
    }
}
