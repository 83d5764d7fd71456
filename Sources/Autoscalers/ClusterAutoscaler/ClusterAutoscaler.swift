package import Chronology
package import ControlPlane
import KubernetesAPI
import SchedulingFramework

// Kubernetes counterpart: core/static_autoscaler.go (cluster-autoscaler).
// Deliberate differences: nodes that a simulation found to be needed are looked at again in each scan, not after five
// minutes; a tainted node waits for the next scan instead of five seconds; NotTriggerScaleUp is told once for each pod
// and cause.

/// Grows and shrinks groups of equal machines to what the pods need (the Cluster Autoscaler).
package struct ClusterAutoscaler: NodeAutoscaler {
    package static let name = "cluster-autoscaler"

    package private(set) var parameters: Parameters
    var kinds = PodKinds()
    var backoffs: [String: GroupBackoff] = [:]
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

    /// Creates an autoscaler that has seen nothing yet.
    package init(_ parameters: Parameters = Parameters()) { self.parameters = parameters }

    package var scanInterval: Duration? { parameters.scanInterval }

    package mutating func follow(_ other: any NodeAutoscaler) {
        if let other = other as? ClusterAutoscaler { parameters = other.parameters }
    }

    package mutating func step(_ view: any ClusterView, _ cloud: any CloudView) -> AutoscalerStep {
        var scan = ClusterScan(view, cloud, parameters)
        scan.step.callAfterChange = .zero
        if cleanUp(&scan) {
            scan.callAgain(at: scan.now + parameters.scanInterval)
            return scan.finished()
        }
        if !checkHealth(&scan) { return scan.finished() }
        let trial = scan.trial(kinds)
        defer { kinds = trial.kinds }
        let pending = pendingPods(in: trial, &scan)
        if !pending.isEmpty, scaleUp(pending, in: trial, &scan) {
            lastScaleUp = scan.now
            advanceDeletions(&scan)
            scan.callAgain(at: scan.now + parameters.scanInterval)
            return scan.finished()
        }
        if parameters.scaleDownEnabled {
            advanceDeletions(&scan)
            scaleDown(in: trial, &scan)
        }
        return scan.finished()
    }

    // MARK: - Pods that wait

    /// Returns the pods that no node, present or on its way, has room for; the others take their room in `trial`.
    private mutating func pendingPods(in trial: TrialCluster, _ scan: inout ClusterScan) -> [PendingGroup] {
        var pods: [Pod] = []
        for pod in PendingPods.unschedulable(scan.view) where pod.priority >= parameters.expendablePodsPriorityCutoff {
            if PendingPods.isNominated(pod) {
                if let node = pod.status.nominatedNodeName.flatMap({ trial.node($0) }) {
                    trial.add(trial.info(pod), to: node)
                }
                continue
            }
            let due = pod.metadata.creationTimestamp + parameters.newPodScaleUpDelay
            if due > scan.now { scan.callAgain(at: due) } else { pods.append(pod) }
        }
        if !complaints.isEmpty {
            let waiting = Set(pods.map(\.metadata.uid))
            complaints = complaints.filter { waiting.contains($0.key) }
        }
        var groups = PendingGroup.all(pods, in: trial)
        for index in groups.indices {
            let placed = trial.place(groups[index].pods, of: groups[index].kind)
            groups[index].pods.removeFirst(placed)
        }
        return groups.filter { !$0.pods.isEmpty }
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
