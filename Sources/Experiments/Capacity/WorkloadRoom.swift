package import ControlPlane
import KubernetesAPI
package import Scheduler

/// How many more pods of a workload find a node, and what stops the next one.
///
/// The scheduler of the run places one after the other as it would in the cluster, with all its filters and scores.
package struct WorkloadRoom {
    /// What there is in a zone, and what came to it.
    package struct Zone: Hashable, Sendable {
        /// Empty for machines without a zone.
        package let name: String
        package var nodes = 0
        package var placed = 0
    }

    package let workload: String
    package private(set) var count = 0
    /// In name order.
    package private(set) var zones: [Zone] = []
    /// What the scheduler says of the one that finds no node; nil when `limit` was reached, or nobody schedules it.
    package private(set) var stop: SchedulingAttempt?
    /// Whether counting ended at the limit.
    package private(set) var isLimited = false
    /// Whether no profile of the scheduler is responsible for such pods.
    package private(set) var isUnasked = false
    /// Pods of the cluster that wait for a node already.
    package let waiting: Int
    /// Quotas of the namespace, which were not asked.
    package let quotas: [String]
    private static let zoneLabel = "topology.kubernetes.io/zone"

    /// Counts up to `limit` pods.
    package init(
        for sample: WorkloadSample, in view: any ClusterView, configuration: SchedulerConfiguration, limit: Int
    ) {
        workload = sample.name
        waiting = view.pods(inPhase: .pending).count { $0.nodeName == nil && $0.isActive }
        quotas = view.objects(of: .resourceQuota, namespace: sample.pod.metadata.namespace).map(\.metadata.name)
        var places: [String: Int] = [:]
        let nodes = view.nodes()
        let names = Set(nodes.map { $0.metadata.labels[Self.zoneLabel] ?? "" }).sorted()
        zones = names.map { Zone(name: $0) }
        for node in nodes {
            guard let place = names.firstIndex(of: node.metadata.labels[Self.zoneLabel] ?? "") else { continue }
            places[node.metadata.name] = place
            zones[place].nodes += 1
        }
        var trial = PlacementTrial(view, configuration: configuration)
        while count < limit {
            let pod = Self.nextPod(of: sample, number: count, in: &trial)
            switch trial.place(like: pod) {
            case .placed(let node, _):
                count += 1
                if let place = places[node] { zones[place].placed += 1 }
            case .refused(let attempt):
                stop = attempt
                return
            case .unasked:
                isUnasked = true
                return
            }
        }
        isLimited = true
    }

    /// The next pod, for which claims are made when its owner makes them.
    private static func nextPod(of sample: WorkloadSample, number: Int, in trial: inout PlacementTrial) -> Pod {
        if sample.claims.isEmpty { return sample.pod }
        var pod = sample.pod
        var spec = pod.spec
        for template in sample.claims {
            var claim = template
            claim.metadata.name = "trial-\(template.metadata.name)-\(sample.pod.metadata.name)-\(number)"
            claim.metadata.namespace = pod.metadata.namespace
            trial.add(.persistentVolumeClaim(claim))
            spec.volumes.removeAll { $0.name == template.metadata.name }
            spec.volumes.append(
                Volume(name: template.metadata.name, source: .persistentVolumeClaim(name: claim.metadata.name)))
        }
        pod.spec = spec
        return pod
    }
}
