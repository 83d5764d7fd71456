import Chronology
import ControlPlane
import KubernetesAPI

enum Fixtures {
    static func template(_ image: String = "app:v1", app: String = "web") -> PodTemplateSpec {
        PodTemplateSpec(
            labels: ["app": app], spec: PodSpec(containers: [Container(name: "c", image: image)]))
    }

    static func deployment(
        _ replicas: Int64, surge: IntOrPercent = .percent(25), unavailable: IntOrPercent = .percent(25)
    ) -> Deployment {
        var spec = Deployment.Spec()
        spec.replicas = replicas
        spec.selector = LabelSelector(matchLabels: ["app": "web"])
        spec.template = template()
        spec.strategy = .rollingUpdate(maxUnavailable: unavailable, maxSurge: surge)
        return Deployment(metadata: ObjectMeta(name: "web", namespace: "d"), spec: spec)
    }

    static func replicaSet(_ replicas: Int64, name: String = "rs") -> ReplicaSet {
        var spec = ReplicaSet.Spec()
        spec.replicas = replicas
        spec.selector = LabelSelector(matchLabels: ["app": "web"])
        spec.template = template()
        return ReplicaSet(metadata: ObjectMeta(name: name, namespace: "d"), spec: spec)
    }

    static func statefulSet(_ replicas: Int64, body: (inout StatefulSet.Spec) -> Void = { _ in }) -> StatefulSet {
        var spec = StatefulSet.Spec()
        spec.replicas = replicas
        spec.selector = LabelSelector(matchLabels: ["app": "db"])
        spec.template = template(app: "db")
        spec.serviceName = "db"
        body(&spec)
        return StatefulSet(metadata: ObjectMeta(name: "db", namespace: "d"), spec: spec)
    }

    /// A daemon set `agent` of a rolling update.
    static func daemonSet(
        unavailable: IntOrPercent = .number(1), surge: IntOrPercent = .number(0),
        body: (inout DaemonSet.Spec) -> Void = { _ in }
    ) -> DaemonSet {
        var spec = DaemonSet.Spec()
        spec.selector = LabelSelector(matchLabels: ["app": "agent"])
        spec.template = template(app: "agent")
        spec.updateStrategy = .rollingUpdate(maxUnavailable: unavailable, maxSurge: surge)
        body(&spec)
        return DaemonSet(metadata: ObjectMeta(name: "agent", namespace: "d"), spec: spec)
    }

    static func replicationController(_ replicas: Int64) -> ReplicationController {
        ReplicationController(metadata: ObjectMeta(name: "rc", namespace: "d"), spec: replicaSet(replicas).spec)
    }

    static func job(_ completions: Int64?, parallelism: Int64 = 1, body: (inout Job.Spec) -> Void = { _ in }) -> Job {
        var spec = Job.Spec()
        spec.completions = completions
        spec.parallelism = parallelism
        spec.template = template(app: "j")
        spec.template.spec.restartPolicy = .never
        body(&spec)
        return Job(metadata: ObjectMeta(name: "j", namespace: "d"), spec: spec)
    }

    static func node(_ name: String, zone: String = "z") -> Node {
        var node = Node(metadata: ObjectMeta(name: name, labels: ["topology.kubernetes.io/zone": zone]))
        node.status.conditions = [
            Condition("MemoryPressure", .false, at: .start), Condition("DiskPressure", .false, at: .start),
            Condition("PIDPressure", .false, at: .start), Condition("Ready", .true, at: .start),
        ]
        return node
    }

    static func pod(_ name: String, node: String? = nil, phase: PodPhase = .running, ready: Bool = true) -> Pod {
        var pod = Pod(
            metadata: ObjectMeta(name: name, namespace: "d", labels: ["app": "web"]), spec: PodSpec(), nodeName: node)
        pod.metadata.uid = UID(text: name)
        pod.status.phase = phase
        pod.status.conditions = [Condition("Ready", ready ? .true : .false, at: .start)]
        return pod
    }

    static func key(_ kind: ObjectKind, _ name: String) -> ObjectKey { ObjectKey(kind, namespace: "d", name: name) }
}
