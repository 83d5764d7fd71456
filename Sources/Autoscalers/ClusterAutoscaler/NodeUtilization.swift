import Chronology
import KubernetesAPI
import SchedulingFramework

// Kubernetes counterpart: simulator/utilization (cluster-autoscaler).

/// How much of a node its pods ask for.
enum NodeUtilization {
    /// Whether the requests are at most the share at which a node may be superfluous.
    static func isLow(_ node: NodeInfo, _ parameters: ClusterAutoscaler.Parameters, at now: Instant) -> Bool {
        var (used, whole) = (node.requested, node.allocatable)
        for pod in node.pods where Drainability.isLongTerminating(pod.pod, at: now) {
            used.add(pod.shape.requests, sign: -1)
        }
        if node.gpus != nil, let gpu = whole.scalars.first(where: { $0.name.text.hasSuffix("/gpu") }) {
            return isAtMost(parameters.scaleDownGpuUtilizationThreshold, used.scalar(gpu.name), gpu.amount)
        }
        for pod in node.pods where !Drainability.isLongTerminating(pod.pod, at: now) {
            if parameters.ignoresDaemonSetsUtilization, Drainability.isDaemon(pod.pod) {
                used.add(pod.shape.requests, sign: -1)
                whole.add(pod.shape.requests, sign: -1)
            } else if parameters.ignoresMirrorPodsUtilization, pod.pod.isMirror {
                used.add(pod.shape.requests, sign: -1)
                whole.add(pod.shape.requests, sign: -1)
            }
        }
        let threshold = parameters.scaleDownUtilizationThreshold
        return isAtMost(threshold, used.milliCPU, whole.milliCPU) && isAtMost(threshold, used.memory, whole.memory)
    }

    private static func isAtMost(_ threshold: Int64, _ used: Int64, _ whole: Int64) -> Bool {
        Int128(used) * 1000 <= Int128(threshold) * Int128(whole)
    }
}
