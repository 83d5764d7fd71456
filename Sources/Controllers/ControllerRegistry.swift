package import ControlPlane

/// A controller that a host can run.
package struct ControllerDescriptor: Sendable {
    /// The controller's name, as in the command line of kube-controller-manager.
    package let name: String
    /// How the host's work queue serves it.
    package let settings: ReconcilerSettings
    /// The changes that it wants to hear of.
    package let interest: ChangeInterest
    /// Makes a controller that remembers nothing, as after a restart.
    package let make: @Sendable () -> any Reconciler

    /// Describes the controller that `make` makes.
    package init(
        _ type: any Reconciler.Type, make: @escaping @Sendable () -> any Reconciler
    ) {
        name = type.name
        settings = type.settings
        interest = type.interest
        self.make = make
    }
}

/// All controllers, in the order in which a host starts them and serves them at equal times.
package enum ControllerRegistry {
    /// The descriptors, one line a controller.
    package static let all: [ControllerDescriptor] = [
        ControllerDescriptor(DeploymentReconciler.self) { DeploymentReconciler() },
        ControllerDescriptor(ReplicaSetReconciler.self) { ReplicaSetReconciler() },
        ControllerDescriptor(StatefulSetReconciler.self) { StatefulSetReconciler() },
        ControllerDescriptor(ReplicationControllerReconciler.self) { ReplicationControllerReconciler() },
        ControllerDescriptor(DaemonSetReconciler.self) { DaemonSetReconciler() },
        ControllerDescriptor(JobReconciler.self) { JobReconciler() },
        ControllerDescriptor(TTLAfterFinishedReconciler.self) {
            TTLAfterFinishedReconciler()
        },
        ControllerDescriptor(CronJobReconciler.self) { CronJobReconciler() },
        ControllerDescriptor(NodeLifecycleReconciler.self) {
            NodeLifecycleReconciler()
        },
        ControllerDescriptor(TaintEvictionReconciler.self) {
            TaintEvictionReconciler()
        },
        ControllerDescriptor(PodGCReconciler.self) { PodGCReconciler() },
        ControllerDescriptor(DisruptionReconciler.self) { DisruptionReconciler() },
        ControllerDescriptor(EndpointsReconciler.self) { EndpointsReconciler() },
        ControllerDescriptor(EndpointSliceReconciler.self) { EndpointSliceReconciler() },
        ControllerDescriptor(ResourceQuotaReconciler.self) {
            ResourceQuotaReconciler()
        },
        ControllerDescriptor(VolumeBinderReconciler.self) { VolumeBinderReconciler() },
        ControllerDescriptor(EphemeralVolumeReconciler.self) { EphemeralVolumeReconciler() },
        ControllerDescriptor(ClaimProtectionReconciler.self) { ClaimProtectionReconciler() },
        ControllerDescriptor(VolumeProtectionReconciler.self) { VolumeProtectionReconciler() },
        ControllerDescriptor(GarbageCollectorReconciler.self) {
            GarbageCollectorReconciler()
        },
        ControllerDescriptor(NamespaceReconciler.self) { NamespaceReconciler() },
        ControllerDescriptor(HorizontalPodAutoscalerReconciler.self) { HorizontalPodAutoscalerReconciler() },
    ]
}
