import ArgumentParser
import Chronology
import ControlPlane
import KubernetesAPI
import Scenarios
import Scheduler

/// Pods and nodes for the scheduler alone.
struct SchedulerBenchmark {
    let nodes: Int
    let pods: Int
    let templates: Int
    let usesShapeMemo: Bool

    /// What came of it.
    struct Result {
        var placed = 0
        var refused = 0
        /// From the first attempt to the last, in the host's time.
        var seconds = 0.0
    }

    /// Fills the queue, then makes attempts until it is empty.
    func run() throws -> Result {
        var configuration = SchedulerConfiguration()
        configuration.usesShapeMemo = usesShapeMemo
        var scheduler = PodScheduler(configuration: configuration, now: .start)
        let objects = ManifestLoader(startDate: StartDate(unixSeconds: 0)).load(texts: [("bench.yaml", manifests)])
        guard !objects.hasErrors else {
            DiagnosticPrinter.show(objects.diagnostics, isQuiet: true)
            throw Exit.badInput.code
        }
        var shapes: [Pod] = []
        for object in objects.objects {
            if case .node(let node) = object.object { addNodes(like: node, to: &scheduler) }
            if case .pod(let pod) = object.object { shapes.append(pod) }
        }
        var all: [UID: Pod] = [:]
        for number in 0..<pods {
            var pod = shapes[number % shapes.count]
            pod.metadata.name = "pod-\(number)"
            pod.metadata.uid = UID(high: 2, low: UInt64(number))
            all[pod.metadata.uid] = pod
            scheduler.observe(.added(.pod(pod)), now: .start)
        }
        return attempts(&scheduler, all)
    }

    private func addNodes(like template: Node, to scheduler: inout PodScheduler) {
        for number in 0..<nodes {
            var node = template
            node.metadata.name = "node-\(number)"
            node.metadata.uid = UID(high: 1, low: UInt64(number))
            scheduler.observe(.added(.node(node)), now: .start)
        }
    }

    private func attempts(_ scheduler: inout PodScheduler, _ pods: [UID: Pod]) -> Result {
        var result = Result()
        let began = Stopwatch.nanoseconds
        // A refused pod goes to the unschedulable ones, where it stays: time does not go on.
        while result.placed + result.refused < pods.count, let attempt = scheduler.attempt(now: .start) {
            guard case .assumed(let node) = attempt.outcome, let pod = pods[attempt.uid] else {
                result.refused += 1
                continue
            }
            result.placed += 1
            var bound = pod
            bound.nodeName = node
            scheduler.observe(.modified(old: .pod(pod), new: .pod(bound)), now: .start)
            scheduler.bindFinished(pod: attempt.uid, node: node, succeeded: true, now: .start)
        }
        result.seconds = Double(Stopwatch.nanoseconds - began) / 1e9
        return result
    }

    private var manifests: String {
        let node = """
            apiVersion: v1
            kind: Node
            metadata: {name: node, labels: {topology.kubernetes.io/zone: a}}
            status:
              capacity: {cpu: "16", memory: 64Gi, pods: "110"}
              allocatable: {cpu: "16", memory: 64Gi, pods: "110"}
              conditions: [{type: Ready, status: "True"}]
            """
        let shapes = (0..<templates).map { index in
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: shape-\(index), namespace: default, labels: {app: app-\(index)}}
            spec:
              containers:
              - name: main
                image: registry.example/app-\(index):1
                resources: {requests: {cpu: \(100 + 10 * index)m, memory: \(128 + 16 * index)Mi}}
            """
        }
        return ([node] + shapes).joined(separator: "\n---\n")
    }
}
