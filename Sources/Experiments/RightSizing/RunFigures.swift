import Chronology
import ControlPlane
import KubernetesAPI
import Observations
import Simulation

/// What a run came to, as far as requests matter to it.
package struct RunFigures: Hashable, Sendable {
    /// Nano-dollars.
    package var bill: Int64 = 0
    /// Nano-dollars of `bill` for what nobody held.
    package var idle: Int64 = 0
    /// Nanoseconds for which machines were there, all of them together.
    package var machineTime: Int64 = 0
    /// Pods that were not running in the end.
    package var podsPending: Int64 = 0
    /// Pods that were wanted in the end and that the API server did not let be created.
    package var podsRefused: Int64 = 0
    /// The longest that a pod waited until it was ready, in nanoseconds.
    package var longestWait: Int64 = 0
    package var podsEvicted: Int64 = 0
    package var outOfMemoryKills: Int64 = 0
    package var restarts: Int64 = 0
    /// Processor time that was wanted and not given, in core-milliseconds.
    package var throttled: Int64 = 0
    /// Nanoseconds for which services missed their objectives, all of them together.
    package var objectiveMissed: Int64 = 0

    /// Creates figures of nothing.
    package init() {}

    mutating func take(_ metrics: [MetricRow]) {
        func value(_ name: String) -> Int64 { metrics.first { $0.name == name }?.value ?? 0 }
        bill = value("cost.total")
        idle = value("cost.idle")
        podsPending = value("pods.pending")
        longestWait = value("pending.max")
        podsEvicted = value("pods.evicted")
        outOfMemoryKills = value("pods.oomKilled")
        restarts = value("restarts")
        objectiveMissed = metrics.reduce(0) { $1.name.hasSuffix(".slo.violated") ? $0 + $1.value : $0 }
    }
}

/// Adds up what no metric of a run has, and keeps who was killed for want of memory.
final class FigureTally: SelectiveObserver {
    var figures = RunFigures()
    /// Kills since somebody took them: the pod, its workload's number, the container and when.
    var kills: [(pod: Int32, controller: Int32, container: String, at: Instant)] = []
    private(set) var controllers: [Int32: ControllerRow] = [:]
    private var controllerOfPod: [Int32: Int32] = [:]
    /// What was refused its pods, or is a pod that was refused, and nothing has come of since; only asked about.
    private var refused: Set<String> = []
    private var refusedAlone: Set<String> = []

    func controller(_ row: ControllerRow) { controllers[row.controller] = row }

    func pod(_ row: PodRow) { controllerOfPod[row.pod] = row.controller }

    func podEnd(_ row: PodEndRow) {
        if !row.isAlive { controllerOfPod[row.pod] = nil }
    }

    func nodeInterval(_ row: NodeIntervalRow) {
        if row.state != .gone { figures.machineTime += (row.to - row.from).nanoseconds }
    }

    func event(_ row: EventRow) {
        if row.reason == "FailedCreate" {
            refused.insert(row.object)
        } else if !refused.isEmpty {
            refused.remove(row.object)
        }
        if row.reason == "Refused", row.object.hasPrefix("Pod ") { refusedAlone.insert(row.object) }
    }

    /// Returns how many pods are not there because the API server refuses them.
    func refusedPods(in view: any ClusterView) -> Int64 {
        var missing = Int64(refusedAlone.count)
        guard !refused.isEmpty else { return missing }
        for kind in [ObjectKind.replicaSet, .statefulSet, .daemonSet, .job, .cronJob, .replicationController] {
            for object in view.objects(of: kind, namespace: nil) where refused.contains("\(object.key)") {
                guard let wanted = Self.wantedPods(of: object) else { continue }
                let there = view.pods(controlledBy: object.metadata.uid).count { $0.isActive }
                missing += max(0, wanted - Int64(there))
            }
        }
        return missing
    }

    /// How many pods an object wants at once; nil for one that makes none.
    private static func wantedPods(of object: KubernetesObject) -> Int64? {
        switch object {
        case .replicaSet(let owner): owner.spec.replicas
        case .statefulSet(let owner): owner.spec.replicas
        case .replicationController(let owner): owner.spec.replicas
        case .daemonSet(let owner): Int64(owner.status.desiredNumberScheduled)
        case .job(let owner):
            min(owner.spec.parallelism, owner.spec.completions.map { $0 - owner.status.succeeded } ?? .max)
        // A run that was not made would have made at least one.
        case .cronJob: 1
        case _: nil
        }
    }

    func throttle(_ row: ThrottleIntervalRow) {
        let missing = Int128(max(0, row.wanted - row.granted)) * Int128((row.to - row.from).nanoseconds)
        figures.throttled += Int64(clamping: missing / 1_000_000_000)
    }

    func pressureKill(_ row: PressureKillRow) {
        guard row.reason == "OOMKilled", let controller = controllerOfPod[row.pod] else { return }
        kills.append((row.pod, controller, row.container, row.at))
    }
}
