package import Chronology
package import ControlPlane
import KubernetesAPI
import SchedulingFramework

// Kubernetes counterpart: core/static_autoscaler.go (cluster-autoscaler).
// Deliberate differences: nodes that a simulation found to be needed are looked at again in each scan, not after five
// minutes; a tainted node waits for the next scan instead of five seconds; NotTriggerScaleUp is told once for each pod
// and cause; loops begin at multiples of the scan interval only (`--frequent-loops-enabled=false`).

/// Grows and shrinks groups of equal machines to what the pods need (the Cluster Autoscaler).
package struct ClusterAutoscaler: NodeAutoscaler {
    package static let name = "cluster-autoscaler"

    package private(set) var parameters: Parameters
    var kinds = PodKinds()
    var backoffs: [String: GroupBackoff] = [:]
    /// What groups were asked to grow by, as long as something of it is to come.
    var growths: [String: GrowthRequest] = [:]
    var lastScaleUp: Instant?
    var lastScaleDownDelete: Instant?
    var lastScaleDownFailure: Instant?
    /// Since when a node is superfluous.
    var unneededSince: [String: Instant] = [:]
    /// The nodes that are on their way out.
    var deletions: [String: NodeDeletion] = [:]
    /// What was said last of pods for which no group grows.
    var complaints: [UID: String] = [:]
    var wasUnhealthy = false
    /// For how long others are waited for when the oldest pod is new, and when the oldest one with a graphics processor is.
    private static let podBuffer = Duration.seconds(2)
    private static let gpuPodBuffer = Duration.seconds(30)
    private static let gpus: Set<String> = [
        "nvidia.com/gpu", "habana.ai/gaudi", "gpu.intel.com/xe", "amd.com/gpu", "microsoft.com/directx",
    ]

    /// Creates an autoscaler that has seen nothing yet.
    package init(_ parameters: Parameters = Parameters()) { self.parameters = parameters }

    package var scanInterval: Duration? { parameters.scanInterval }

    package mutating func follow(_ other: any NodeAutoscaler) {
        if let other = other as? ClusterAutoscaler { parameters = other.parameters }
    }

    package mutating func step(_ view: any ClusterView, _ cloud: any CloudView) -> AutoscalerStep {
        var scan = ClusterScan(view, cloud, parameters)
        scan.step.callAfterChange = .zero
        cleanUp(&scan)
        if !scan.step.requests.isEmpty { scan.callAgain(at: scan.now + parameters.scanInterval) }
        advanceDeletions(&scan)
        if !checkHealth(&scan) { return scan.finished() }
        let growing = Set(growths.keys.filter { !isPausing($0, at: scan.now) })
        let trial = scan.trial(kinds, growing: growing)
        defer { kinds = trial.kinds }
        let pending = pendingPods(in: trial, &scan)
        // Where all pods are very new more of them may come, of which a scale-up had better know.
        let youth = youthEnd(of: pending).flatMap { $0 > scan.now ? $0 : nil }
        if let youth {
            scan.callAgain(at: youth)
        } else if !pending.isEmpty, scaleUp(pending, in: trial, &scan) {
            lastScaleUp = scan.now
            scan.callAgain(at: scan.now + parameters.scanInterval)
        }
        if parameters.scaleDownEnabled { scaleDown(in: trial, mayRemove: youth == nil, &scan) }
        return scan.finished()
    }

    package mutating func observe(_ action: Action, error: ActionError?) {
        guard error != nil, case .patchNodeTaints(let name, let added, _) = action,
            added.contains(where: DeletionTaint.isHard), let deletion = deletions.removeValue(forKey: name)
        else { return }
        lastScaleDownFailure = deletion.startedAt
    }

    // MARK: - Pods that wait

    /// Returns the pods that no node, present or on its way, has room for; the others take their room in `trial`.
    private mutating func pendingPods(in trial: TrialCluster, _ scan: inout ClusterScan) -> [PendingGroup] {
        var pods: [Pod] = []
        for pod in PendingPods.unschedulable(scan.view) where pod.priority >= parameters.expendablePodsPriorityCutoff {
            if !PendingPods.isNominated(pod) {
                pods.append(pod)
            } else if let node = pod.status.nominatedNodeName.flatMap({ trial.node($0) }) {
                trial.add(trial.info(pod), to: node)
            }
        }
        if !complaints.isEmpty {
            let waiting = Set(pods.map(\.metadata.uid))
            complaints = complaints.filter { waiting.contains($0.key) }
        }
        var groups = PendingGroup.all(pods, in: trial)
        for index in groups.indices {
            let placed = trial.place(groups[index].pods, of: groups[index].kind)
            groups[index].pods.removeFirst(placed)
            groups[index].pods.removeAll { info in
                // A pod of a daemon set wants one node, which no other can stand in for.
                if Drainability.isDaemon(info.pod) { return true }
                let due = info.pod.metadata.creationTimestamp + delay(of: info.pod)
                if due > scan.now { scan.callAgain(at: due) }
                return due > scan.now
            }
        }
        return groups.filter { !$0.pods.isEmpty }
    }

    /// How old a pod must be for a scale-up to be worth it.
    private func delay(of pod: Pod) -> Duration {
        guard let text = pod.metadata.annotations["cluster-autoscaler.kubernetes.io/pod-scale-up-delay"] else {
            return parameters.newPodScaleUpDelay
        }
        return max(parameters.newPodScaleUpDelay, (try? Duration(parsing: text)) ?? .zero)
    }

    /// Until when all of the pods are so new that more of them are waited for: longer for those with dear machines.
    private func youthEnd(of pending: [PendingGroup]) -> Instant? {
        var oldest: Instant?
        var oldestWithGpu: Instant?
        for group in pending {
            guard let first = group.pods.lazy.map(\.pod.metadata.creationTimestamp).min() else { continue }
            oldest = min(oldest ?? first, first)
            let shape = group.kind.shape
            guard shape.gpu != nil || shape.requests.scalars.contains(where: { Self.gpus.contains($0.name.text) })
            else { continue }
            oldestWithGpu = min(oldestWithGpu ?? first, first)
        }
        let ends = [oldest.map { $0 + Self.podBuffer }, oldestWithGpu.map { $0 + Self.gpuPodBuffer }]
        return ends.compactMap { $0 }.max()
    }
}

/// Pods of one kind that wait, in creation order.
struct PendingGroup {
    let kind: PodKind
    var pods: [PodInfo]

    /// Sorts `pods` by kind, those of a high priority first, else by their first pod.
    static func all(_ pods: [Pod], in trial: TrialCluster) -> [PendingGroup] {
        var groups: [PendingGroup] = []
        var places: [Int: Int] = [:]
        for pod in pods {
            let info = trial.info(pod)
            let kind = trial.kind(of: info)
            if let place = places[kind.number] {
                groups[place].pods.append(info)
            } else {
                places[kind.number] = groups.count
                groups.append(PendingGroup(kind: kind, pods: [info]))
            }
        }
        return groups.enumerated().sorted { left, right in
            let (first, second) = (left.element.kind.sample.priority, right.element.kind.sample.priority)
            return first != second ? first > second : left.offset < right.offset
        }.map(\.element)
    }
}
