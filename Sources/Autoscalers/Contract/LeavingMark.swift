package import KubernetesAPI

/// How a node says that an autoscaler has decided to take it away.
package enum LeavingMark {
    /// Whether the Cluster Autoscaler's or Karpenter's mark is among the taints of a node.
    package static func stands(among taints: [Taint]) -> Bool {
        taints.hasLike(KarpenterMarks.disrupted) || taints.contains(where: DeletionTaint.isHard)
    }
}
