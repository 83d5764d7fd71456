package import Chronology
package import ControlPlane
package import KubernetesAPI

/// A box around a store, so that reconcilers can be handed a `ClusterView` without copying the store.
///
/// Whoever owns the world owns one box and writes through `store`, in place. To fork, make a new box from a copy of the
/// store; a copied reference to the box is the same world.
package final class StoreView: ClusterView {
    /// The store; written in place, read by every view method.
    package var store: ObjectStore

    /// What the metrics APIs show beside it.
    package var metrics: any MetricsView = AbsentMetrics()

    package init(_ store: ObjectStore) { self.store = store }

    /// Returns a box with a copy of the store, which goes its own way from here.
    package func fork() -> StoreView { StoreView(store) }

    /// Reads the store in place: a method called on a class's stored struct would be handed a copy of all its parts.
    @inline(__always)
    private func read<Answer>(_ body: (inout ObjectStore) -> Answer) -> Answer { body(&store) }

    package var now: Instant { store.now }
    package var startDate: StartDate { store.options.startDate }
    package var shownVersion: Int64? { store.resourceVersion }

    package func pod(namespace: String, name: String) -> Pod? { read { $0.pod(namespace: namespace, name: name) } }
    package func node(_ name: String) -> Node? { read { $0.node(name) } }
    package func replicaSet(namespace: String, name: String) -> ReplicaSet? {
        read { $0.replicaSet(namespace: namespace, name: name) }
    }
    package func deployment(namespace: String, name: String) -> Deployment? {
        read { $0.deployment(namespace: namespace, name: name) }
    }
    package func job(namespace: String, name: String) -> Job? { read { $0.job(namespace: namespace, name: name) } }
    package func object(_ key: ObjectKey) -> KubernetesObject? { read { $0.object(key) } }
    package func object(uid: UID) -> KubernetesObject? { read { $0.object(uid: uid) } }

    package func nodes() -> [Node] { read { $0.nodes() } }
    package func pods(inNamespace namespace: String) -> [Pod] { read { $0.pods(inNamespace: namespace) } }
    package func pods(inNamespace namespace: String, matching selector: LabelSelector) -> [Pod] {
        read { $0.pods(inNamespace: namespace, matching: selector) }
    }
    package func disruptionBudgets(
        inNamespace namespace: String, matching labels: StringMap
    ) -> [PodDisruptionBudget] {
        read { $0.disruptionBudgets(inNamespace: namespace, matching: labels) }
    }
    package func pods(controlledBy owner: UID) -> [Pod] { read { $0.pods(controlledBy: owner) } }
    package func podSummary(controlledBy owner: UID) -> PodSummary? { read { $0.podSummary(controlledBy: owner) } }
    package func orphanPods(inNamespace namespace: String) -> [Pod] { read { $0.orphanPods(inNamespace: namespace) } }
    package func pods(onNode node: String) -> [Pod] { read { $0.pods(onNode: node) } }
    package func terminatedPods() -> [Pod] { read { $0.terminatedPods() } }
    package func pods(inPhase phase: PodPhase) -> [Pod] { read { $0.pods(inPhase: phase) } }
    package func objects(of kind: ObjectKind, namespace: String?) -> [KubernetesObject] {
        read { $0.objects(of: kind, namespace: namespace) }
    }
    package func replicaSets(controlledBy owner: UID) -> [ReplicaSet] { read { $0.replicaSets(controlledBy: owner) } }
    package func orphanReplicaSets(inNamespace namespace: String) -> [ReplicaSet] {
        read { $0.orphanReplicaSets(inNamespace: namespace) }
    }
    package func dependents(of owner: UID) -> [KubernetesObject] { read { $0.dependents(of: owner) } }
}
