package import KubernetesAPI

/// The cluster as one scheduling cycle sees it: nodes in a stable order, and the other objects that plugins read.
///
/// It must not change during a cycle; the scheduler's cache keeps one and hands it out.
package final class Snapshot {
    /// In the order in which they are looked at.
    package var nodes: [NodeInfo] = []
    /// In name order.
    package var disruptionBudgets: [PodDisruptionBudget] = []
    /// Namespaces, volumes, claims, classes, services and the like, by key.
    package var objects: [ObjectKey: KubernetesObject] = [:]
    /// Images present anywhere, by name.
    package var images: [String: ImageState] = [:]

    package init(nodes: [NodeInfo] = []) { self.nodes = nodes }

    /// The object at `key`, or nil.
    package func object(_ key: ObjectKey) -> KubernetesObject? { objects[key] }

    /// The labels of the namespace `name`; nil when there is no such namespace.
    package func namespaceLabels(_ name: String) -> StringMap? {
        guard case .namespace(let namespace)? = objects[ObjectKey(.namespace, name: name)] else { return nil }
        return namespace.metadata.labels
    }
}
