package import ControlPlane

/// A controller that a host can run.
package struct ControllerDescriptor: Sendable {
    /// The controller's name, as in the command line of kube-controller-manager.
    package let name: String
    /// How the host's work queue serves it.
    package let settings: ReconcilerSettings
    /// Makes a controller that remembers nothing, as after a restart.
    package let make: @Sendable () -> any Reconciler

    /// Describes the controller that `make` makes.
    package init(
        _ name: String, _ settings: ReconcilerSettings, make: @escaping @Sendable () -> any Reconciler
    ) {
        self.name = name
        self.settings = settings
        self.make = make
    }
}

/// All controllers, in the order in which a host starts them and serves them at equal times.
package enum ControllerRegistry {
    /// The descriptors, one line a controller.
    package static let all: [ControllerDescriptor] = [
        ControllerDescriptor(DeploymentReconciler.name, DeploymentReconciler.settings) { DeploymentReconciler() },
        ControllerDescriptor(ReplicaSetReconciler.name, ReplicaSetReconciler.settings) { ReplicaSetReconciler() },
        ControllerDescriptor(JobReconciler.name, JobReconciler.settings) { JobReconciler() },
        ControllerDescriptor(TTLAfterFinishedReconciler.name, TTLAfterFinishedReconciler.settings) {
            TTLAfterFinishedReconciler()
        },
        ControllerDescriptor(NodeLifecycleReconciler.name, NodeLifecycleReconciler.settings) {
            NodeLifecycleReconciler()
        },
        ControllerDescriptor(TaintEvictionReconciler.name, TaintEvictionReconciler.settings) {
            TaintEvictionReconciler()
        },
        ControllerDescriptor(PodGCReconciler.name, PodGCReconciler.settings) { PodGCReconciler() },
        ControllerDescriptor(DisruptionReconciler.name, DisruptionReconciler.settings) { DisruptionReconciler() },
        ControllerDescriptor(GarbageCollectorReconciler.name, GarbageCollectorReconciler.settings) {
            GarbageCollectorReconciler()
        },
    ]
}
