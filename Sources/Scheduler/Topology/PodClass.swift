import KubernetesAPI
import SchedulingFramework

/// Pods that no rule about other pods can tell apart: one namespace, the same labels and, when they have rules of their
/// own, the same rules. The pods of a ReplicaSet are of one class.
struct PodClass {
    struct Key: Hashable {
        let namespace: String
        let labels: StringMap
        let isTerminating: Bool
        /// Of pods with terms of pod affinity only.
        let shape: ObjectIdentifier?

        init(_ pod: PodInfo) {
            namespace = pod.pod.metadata.namespace
            labels = pod.pod.metadata.labels
            isTerminating = pod.pod.isTerminating
            shape = pod.shape.hasPodAffinity ? ObjectIdentifier(pod.shape) : nil
        }
    }

    let key: Key
    /// Held as long as its identity stands in the key.
    let shape: PodShape?
    /// What the labels of its pods are looked up by.
    let marks: LabelMarks
    /// The counters that count its pods; one that counts them twice stands twice.
    var counters: [Int32] = []
    /// How many pods are of this class; at 0 the number of the class is free for another.
    var pods = 0
}
