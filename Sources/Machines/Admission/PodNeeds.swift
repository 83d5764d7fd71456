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
    /// What kubelets look up of the containers again and again, init containers first.
    let containers: [ContainerOutline]
    /// What a status says while none of the containers is ready that could be.
    let unready: UnreadyWords

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
        containers = spec.initContainers.map(ContainerOutline.init) + spec.containers.map(ContainerOutline.init)
        let names = spec.initContainers.filter(\.isSidecar).map(\.name) + spec.containers.map(\.name)
        unready = UnreadyWords(names)
    }
}

/// What the conditions of a pod say while some containers are not ready.
struct UnreadyWords: Sendable {
    let ofContainers: Condition.Words
    let ofPod: Condition.Words

    init(_ names: [String]) {
        self.init(
            reason: "ContainersNotReady",
            message: "containers with unready status: [\(names.joined(separator: " "))]")
    }

    init(reason: String, message: String = "") {
        ofContainers = Condition.Words(.containersReady, reason: reason, message: message)
        ofPod = Condition.Words(.ready, reason: reason, message: message)
    }
}

/// The parts of a container's spec that are asked for at every step of a pod; the rest is dear to get at.
struct ContainerOutline: Sendable {
    let name: String
    let isSidecar: Bool
    let imagePullPolicy: Container.PullPolicy?
    let hasStartupProbe: Bool
    let hasReadinessProbe: Bool
    let hasPostStart: Bool
    let hasPreStop: Bool

    init(_ container: Container) {
        name = container.name
        isSidecar = container.isSidecar
        imagePullPolicy = container.imagePullPolicy
        hasStartupProbe = container.startupProbe != nil
        hasReadinessProbe = container.readinessProbe != nil
        hasPostStart = container.hasPostStart
        hasPreStop = container.preStop != nil
    }
}
