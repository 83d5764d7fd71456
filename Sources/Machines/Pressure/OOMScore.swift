package import KubernetesAPI

// Counterpart: pkg/kubelet/qos/policy.go (v1.36) and oom_badness of Linux.
// Deliberate differences: a container is one process; a sidecar is scored like the others.

/// Whom the kernel kills when a machine has no memory left.
package enum OOMScore {
    /// What makes a container of a guaranteed or node-critical pod the last to go.
    package static let guaranteed: Int64 = -997
    /// What makes a container of a best-effort pod the first to go.
    package static let bestEffort: Int64 = 1_000

    /// Returns a container's `oom_score_adj`, from its request and the machine's memory in bytes.
    ///
    /// `podRemainder` is the container's part of a pod-level request that no container asks for itself.
    package static func adjustment(
        qosClass: PodStatus.QOSClass, isNodeCritical: Bool = false, request: Int64, podRemainder: Int64 = 0,
        capacity: Int64
    ) -> Int64 {
        if isNodeCritical { return guaranteed }
        switch qosClass {
        case .guaranteed: return guaranteed
        case .bestEffort: return bestEffort
        case .burstable:
            let share = Int128(1_000) * (Int128(request) + Int128(podRemainder)) / Int128(max(1, capacity))
            return min(999, max(1_000 + guaranteed, 1_000 - Int64(clamping: share)))
        }
    }

    /// Returns the badness of a container: its memory, moved by a thousandth of the machine for each point of adjustment.
    package static func badness(memory: Int64, adjustment: Int64, capacity: Int64) -> Int128 {
        Int128(memory) * 1_000 + Int128(adjustment) * Int128(capacity)
    }
}
