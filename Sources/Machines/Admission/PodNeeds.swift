package import KubernetesAPI
import SchedulingFramework

/// What a pod needs of its node, worked out once for all pods of one spec.
package final class PodNeeds: Sendable {
    let requests: ResourceAmounts
    let ports: [HostPort]
    let nodeSelector: StringMap
    let requiredNodes: NodeSelector?
    let tolerations: [Toleration]
    let operatingSystem: String?
    let priority: Int32
    /// Whether the kubelet makes room for it (`IsCriticalPodBasedOnPriority`).
    let isCritical: Bool

    /// The lowest priority of the classes that the system keeps for itself (`SystemCriticalPriority`).
    static let systemCriticalPriority: Int32 = 2_000_000_000

    /// Works out what pods of `spec` need.
    package init(_ spec: PodSpec) {
        requests = ResourceAmounts(PodRequests.total(of: spec))
        ports = HostPort.all(of: spec)
        nodeSelector = spec.nodeSelector
        requiredNodes = spec.affinity?.nodeAffinity?.required
        tolerations = spec.tolerations
        operatingSystem = spec.operatingSystem
        priority = spec.priority ?? 0
        isCritical = priority >= Self.systemCriticalPriority
    }
}
