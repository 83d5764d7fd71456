import Chronology
import ControlPlane
import KubernetesAPI

@testable import Autoscalers

enum Fixtures {
    static func node(_ name: String, cpu: Int64 = 4, labels: StringMap = [:], pods: Int64 = 110) -> Node {
        var labels = labels
        labels["kubernetes.io/hostname"] = name
        if labels["topology.kubernetes.io/zone"] == nil { labels["topology.kubernetes.io/zone"] = "z1" }
        var node = Node(metadata: ObjectMeta(name: name, labels: labels))
        node.status.capacity = [.cpu: Quantity(cpu), .memory: Quantity(cpu << 32), .pods: Quantity(pods)]
        node.status.allocatable = node.status.capacity
        node.status.conditions = [Condition("Ready", .true, at: .start)]
        return node
    }

    static func pod(
        _ name: String, milli: Int64 = 1000, node: String? = nil, owner: String? = "web", namespace: String = "d",
        labels: StringMap = ["app": "web"], body: (inout PodSpec) -> Void = { _ in }
    ) -> Pod {
        var container = Container(name: "c", image: "i")
        container.requests = [.cpu: Quantity(milli: milli), .memory: Quantity(milli << 20)]
        var spec = PodSpec(containers: [container])
        body(&spec)
        var pod = Pod(
            metadata: ObjectMeta(name: name, namespace: namespace, labels: labels), spec: spec, nodeName: node)
        pod.metadata.uid = UID(text: namespace + "/" + name)
        if let owner {
            pod.metadata.ownerReferences = [
                OwnerReference(apiVersion: "apps/v1", kind: "ReplicaSet", name: owner, uid: UID(text: owner))
            ]
        }
        if node == nil {
            pod.status.conditions = [Condition("PodScheduled", .false, reason: "Unschedulable", at: .start)]
        } else {
            pod.status.phase = .running
        }
        return pod
    }
}
