// Kubernetes counterpart: plugins/imagelocality (v1.36). Deliberate differences: image volumes are not modelled.

import KubernetesAPI

/// Ranks nodes by how much of the pod's images they have already, less so for images that few nodes have.
package struct ImageLocality: SchedulerPlugin {
    package static let name: PluginName = "ImageLocality"
    static let threshold: Int64 = 23 * 1024 * 1024
    static let containerMax: Int64 = 1000 * 1024 * 1024

    package init() {}
}

// MARK: - Score

extension ImageLocality: ScorePlugin {
    package var scoreScope: PluginScope { .nodeImages }

    package func score(_ pod: PodInfo, on node: NodeInfo, in snapshot: Snapshot, state: CycleState) -> Int64 {
        if node.images.isEmpty { return 0 }
        var sum: Int64 = 0
        for image in pod.shape.images {
            guard let state = node.images[NameKey(image)] else { continue }
            // Floating point, as upstream has it.
            sum += Int64(Double(state.size) * (Double(state.nodeCount) / Double(snapshot.nodes.count)))
        }
        return Self.score(sum, containers: pod.shape.images.count)
    }
}

// MARK: - The rule

extension ImageLocality {
    /// Returns the score, 0 to 100, of `bytes` of images present for a pod of so many containers.
    static func score(_ bytes: Int64, containers: Int) -> Int64 {
        let most = containerMax * Int64(max(1, containers))
        let bounded = min(max(bytes, threshold), most)
        return 100 * (bounded - threshold) / (most - threshold)
    }
}
