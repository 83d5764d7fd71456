package import KubernetesAPI

extension ClusterView {
    /// Answers by a scan of the namespace; a view with an index of its own should do better.
    package func orphanReplicaSets(inNamespace namespace: String) -> [ReplicaSet] {
        var orphans: [ReplicaSet] = []
        for case .replicaSet(let replicaSet) in objects(of: .replicaSet, namespace: namespace)
        where replicaSet.metadata.controllerReference == nil {
            orphans.append(replicaSet)
        }
        return orphans
    }

    package func podSummary(controlledBy owner: UID) -> PodSummary? { nil }
}
