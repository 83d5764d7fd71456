package import Chronology

// Kubernetes counterpart: scheduling.k8s.io/v1alpha2.PodGroup (v1.36, alpha), and scheduling.x-k8s.io/v1alpha1.PodGroup of
// the scheduler-plugins project. Deliberate differences: topology constraints and minResources are not modelled.

/// Which pods of a PodGroup must have their places before any of them runs.
@usableFromInline
package struct PodGroupPolicy: Hashable, Sendable {
    /// How many at least (`schedulingPolicy.gang.minCount`, `minMember`); 1 for a group that is no gang.
    package var minCount: Int64 = 1
    /// How long the first of them waits for the others; nil is the scheduler's default.
    package var timeout: Duration?

    /// Creates the policy of a group whose pods wait for nobody.
    package init() {}
}

extension Pod {
    /// The label of the scheduler-plugins project that names a pod's group.
    package static let podGroupLabel = "scheduling.x-k8s.io/pod-group"

    /// The group that the pod belongs to, in its namespace: `spec.schedulingGroup`, or what the label says.
    package var podGroupName: String? {
        let spec = specBox.value
        return spec.schedulingGroup ?? metadata.labels[Self.podGroupLabel]
    }
}
