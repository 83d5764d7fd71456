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

    package init(_ store: ObjectStore) { self.store = store }

    /// Returns a box with a copy of the store, which goes its own way from here.
    package func fork() -> StoreView { StoreView(store) }

    package var now: Instant { store.now }

    package func pod(namespace: String, name: String) -> Pod? { store.pod(namespace: namespace, name: name) }
    package func node(_ name: String) -> Node? { store.node(name) }
    package func replicaSet(namespace: String, name: String) -> ReplicaSet? {
        store.replicaSet(namespace: namespace, name: name)
    }
    package func deployment(namespace: String, name: String) -> Deployment? {
        store.deployment(namespace: namespace, name: name)
    }
    package func job(namespace: String, name: String) -> Job? { store.job(namespace: namespace, name: name) }
    package func object(_ key: ObjectKey) -> KubernetesObject? { store.object(key) }
    package func object(uid: UID) -> KubernetesObject? { store.object(uid: uid) }

    package func nodes() -> [Node] { store.nodes() }
    package func pods(inNamespace namespace: String) -> [Pod] { store.pods(inNamespace: namespace) }
    package func pods(controlledBy owner: UID) -> [Pod] { store.pods(controlledBy: owner) }
    package func podSummary(controlledBy owner: UID) -> PodSummary? { store.podSummary(controlledBy: owner) }
    package func orphanPods(inNamespace namespace: String) -> [Pod] { store.orphanPods(inNamespace: namespace) }
    package func pods(onNode node: String) -> [Pod] { store.pods(onNode: node) }
    package func terminatedPods() -> [Pod] { store.terminatedPods() }
    package func pods(inPhase phase: PodPhase) -> [Pod] { store.pods(inPhase: phase) }
    package func objects(of kind: ObjectKind, namespace: String?) -> [KubernetesObject] {
        store.objects(of: kind, namespace: namespace)
    }
    package func replicaSets(controlledBy owner: UID) -> [ReplicaSet] { store.replicaSets(controlledBy: owner) }
    package func orphanReplicaSets(inNamespace namespace: String) -> [ReplicaSet] {
        store.orphanReplicaSets(inNamespace: namespace)
    }
    package func dependents(of owner: UID) -> [KubernetesObject] { store.dependents(of: owner) }
}
