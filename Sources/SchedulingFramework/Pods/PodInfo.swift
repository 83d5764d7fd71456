package import KubernetesAPI

// Kubernetes counterpart: framework.PodInfo.

/// A pod as the scheduler sees it: the object, and its shape shared with its siblings.
package final class PodInfo: Sendable {
    package let pod: Pod
    package let shape: PodShape
    package let priority: Int32
    package let uid: UID

    package init(_ pod: Pod, shape: PodShape) {
        self.pod = pod
        self.shape = shape
        self.priority = pod.priority
        self.uid = pod.metadata.uid
    }

    /// Creates a pod with a shape of its own.
    package convenience init(_ pod: Pod) {
        self.init(pod, shape: PodShape(pod.specBox, gpu: GpuRequest(annotations: pod.metadata.annotations)))
    }

    package var key: ObjectKey { pod.key }
    package var spec: PodSpec { shape.spec }
}
