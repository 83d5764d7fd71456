package import Chronology
package import KubernetesAPI

extension ClusterView {
    /// Midnight of 1970 in UTC, for a view that counts from there.
    package var startDate: StartDate { StartDate(unixSeconds: 0) }

    /// Answers by a scan of the namespace; a view with an index of its own should do better.
    package func orphanReplicaSets(inNamespace namespace: String) -> [ReplicaSet] {
        var orphans: [ReplicaSet] = []
        for case .replicaSet(let replicaSet) in objects(of: .replicaSet, namespace: namespace)
        where replicaSet.metadata.controllerReference == nil {
            orphans.append(replicaSet)
        }
        return orphans
    }

    package var shownVersion: Int64? { nil }

    /// Nobody serves them, unless the view says otherwise.
    package var metrics: any MetricsView { AbsentMetrics() }

    package func podSummary(controlledBy owner: UID) -> PodSummary? { nil }
}
