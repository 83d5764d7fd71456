// Kubernetes counterpart: vertical-pod-autoscaler/pkg/recommender (input, model; v1.5).

import Chronology
import ControlPlane
import KubernetesAPI

/// What the recommender remembers of the containers of one workload.
struct TargetHistory: Sendable {
    /// A container of all pods.
    struct Container: Sendable {
        let name: String
        var history = ContainerHistory()
        /// When a pod last had it.
        var seen: Instant
    }

    private struct PodSight: Sendable {
        /// Numbers of pods in the order in which they were met.
        let number: Int32
        /// The end of the latest stretch that was measured.
        var measured = Instant(nanoseconds: .min)
        /// By container: how often it had been started again; without those that never were.
        var restarts: [String: Int32] = [:]
    }

    /// How long a container is remembered that no pod has any more (eight windows of memory peaks).
    static let memory = Duration.days(8)

    /// The workload.
    let target: UID
    /// In name order.
    private(set) var containers: [Container] = []
    // Never iterated in a way that its order could be seen.
    private var sights: [UID: PodSight] = [:]
    private var nextNumber: Int32 = 0

    /// Creates a history of nothing.
    init(of target: UID) { self.target = target }

    /// Takes the latest samples of pods, and what befell their containers.
    mutating func observe(_ pods: [Pod], in view: any ClusterView) {
        for pod in pods { observe(pod, in: view) }
        if sights.count > pods.count { forget(allBut: Set(pods.map { $0.metadata.uid })) }
        containers.removeAll { $0.seen + Self.memory < view.now }
    }

    private mutating func observe(_ pod: Pod, in view: any ClusterView) {
        let uid = pod.metadata.uid
        var sight = sights[uid] ?? PodSight(number: nextNumber)
        if sight.number == nextNumber { nextNumber += 1 }
        defer { sights[uid] = sight }
        let (last, now) = (sight.measured, view.now)
        for container in pod.spec.containers {
            let place = place(of: container.name, at: now)
            containers[place].seen = now
            // While nobody can read metrics there are none.
            if pod.status.phase == .running,
                let cpu = try? view.metrics.usage(of: uid, container: container.name, resource: .cpu),
                cpu.timestamp > last
            {
                containers[place].history.addCPU(milli: cpu.value, requestMilli: nil, at: cpu.timestamp)
                sight.measured = max(sight.measured, cpu.timestamp)
            }
            if pod.status.phase == .running,
                let memory = try? view.metrics.usage(of: uid, container: container.name, resource: .memory)
            {
                containers[place].history.addMemory(
                    bytes: memory.value / 1_000, pod: sight.number, at: memory.timestamp)
            }
            guard let status = pod.status.containerStatuses.first(where: { $0.name == container.name }),
                status.restartCount > sight.restarts[container.name] ?? 0
            else { continue }
            sight.restarts[container.name] = status.restartCount
            guard status.wasKilledForMemory, case .terminated(_, _, _, let end)? = status.lastTermination else {
                continue
            }
            containers[place].history.addOutOfMemory(
                requestBytes: container.requests[.memory]?.value ?? 0, pod: sight.number, at: end)
        }
    }

    private mutating func place(of name: String, at now: Instant) -> Int {
        let place = containers.firstIndex { $0.name >= name } ?? containers.count
        if place == containers.count || containers[place].name != name {
            containers.insert(Container(name: name, seen: now), at: place)
        }
        return place
    }

    private mutating func forget(allBut present: Set<UID>) {
        for (uid, sight) in sights where !present.contains(uid) {
            for place in containers.indices { containers[place].history.forget(pod: sight.number) }
        }
        sights = sights.filter { present.contains($0.key) }
    }
}
