package import KubernetesAPI

/// How a node says that its going away has been told as a decision.
package enum LeavingMark {
    /// Whether the Cluster Autoscaler's mark is among the taints of a node: it decides when it marks one.
    ///
    /// Karpenter marks a node when a command starts, and decides when it ends the machine.
    package static func stands(among taints: [Taint]) -> Bool { taints.contains(where: DeletionTaint.isHard) }
}
