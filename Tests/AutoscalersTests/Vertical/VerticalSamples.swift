import Chronology
import ControlPlane
import FakeCluster
import KubernetesAPI

/// Objects for the tests of the VerticalPodAutoscaler.
enum VerticalSample {
    /// A container that asks for, and is limited to, so many thousandths of a core and MiB; nil for nothing.
    static func container(
        _ name: String = "main", cpu: Int64? = 1_000, memory: Int64? = 1_024, cpuLimit: Int64? = nil, memoryLimit: Int64? = nil
    ) -> Container {
        var container = Container(name: name, image: "web:1")
        container.requests = amounts(cpu, memory)
        container.limits = amounts(cpuLimit, memoryLimit)
        return container
    }

    /// Thousandths of a core and MiB.
    static func amounts(_ cpu: Int64?, _ memory: Int64? = nil) -> ResourceList {
        var list = ResourceList()
        if let cpu { list[.cpu] = Quantity(milli: cpu) }
        if let memory { list[.memory] = Quantity(memory << 20) }
        return list
    }

    static func recommendation(
        _ name: String = "main", _ target: ResourceList, lower: ResourceList = [:], upper: ResourceList = [:]
    ) -> VerticalPodAutoscaler.ContainerRecommendation {
        var found = VerticalPodAutoscaler.ContainerRecommendation(containerName: name)
        (found.target, found.lowerBound, found.upperBound) = (target, lower, upper)
        return found
    }

    /// An autoscaler of the deployment `web`.
    static func autoscaler(
        _ name: String = "web", _ mode: VerticalPodAutoscaler.UpdateMode = .recreate,
        _ recommendation: [VerticalPodAutoscaler.ContainerRecommendation]? = nil
    ) -> VerticalPodAutoscaler {
        var autoscaler = VerticalPodAutoscaler(metadata: ObjectMeta(name: name, namespace: "default"))
        (autoscaler.targetKind, autoscaler.targetName) = ("Deployment", "web")
        autoscaler.updateMode = mode
        autoscaler.status.recommendation = recommendation
        return autoscaler
    }

    /// A deployment `web` with a replica set of `replicas` pods that run, of which `pending` do not yet.
    static func cluster(
        replicas: Int64 = 2, pending: Int = 0, alive: Int64? = nil, of containers: [Container] = [container()]
    ) -> FakeView {
        let view = FakeView()
        var spec = ReplicaSet.Spec()
        spec.replicas = replicas
        let owner = view.add(
            .deployment(Deployment(metadata: ObjectMeta(name: "web", namespace: "default"), spec: Deployment.Spec())))
        var metadata = ObjectMeta(name: "web-1", namespace: "default")
        metadata.ownerReferences = [
            OwnerReference(apiVersion: "apps/v1", kind: "Deployment", name: "web", uid: owner.metadata.uid)
        ]
        let set = view.add(.replicaSet(ReplicaSet(metadata: metadata, spec: spec)))
        let box = PodSpecBox(PodSpec(containers: containers))
        for number in 0..<Int(alive ?? replicas) {
            var pod = Pod(metadata: ObjectMeta(name: "web-1-\(number)", namespace: "default"), specBox: box, nodeName: "n")
            pod.metadata.ownerReferences = [
                OwnerReference(apiVersion: "apps/v1", kind: "ReplicaSet", name: "web-1", uid: set.metadata.uid)
            ]
            pod.status.phase = number < pending ? .pending : .running
            pod.status.startTime = .start
            view.add(.pod(pod))
        }
        return view
    }
}

/// Metrics APIs that show the same of every container, up to now.
struct FixedMetrics: MetricsView {
    let view: FakeView
    var cpuMilli: Int64
    var memoryBytes: Int64

    func isSteady(since instant: Instant) -> Bool { false }

    func usage(of pod: UID, container: String?, resource: ResourceName) throws(MetricsError) -> PodSample? {
        PodSample(
            value: resource == .cpu ? cpuMilli : memoryBytes * 1_000, timestamp: view.now, window: .seconds(15))
    }

    func podMetric(
        _ name: String, selector: LabelSelector?, namespace: String, pod: UID
    ) throws(MetricsError) -> PodSample? { nil }

    func objectMetric(_ name: String, selector: LabelSelector?, of object: ObjectKey) throws(MetricsError) -> Int64 { 0 }

    func externalMetric(_ name: String, selector: LabelSelector?, namespace: String) throws(MetricsError) -> [Int64] { [] }
}
