package import Chronology
package import KubernetesAPI

/// What a component of the control plane can read: typed gets and lists by index, and the time.
///
/// In the simulator the in-memory store answers; elsewhere a cache fed by an API server would.
/// Lists are in a stable order: by creation time, then by arrival; nodes by name. What is read may be older than the last write.
package protocol ClusterView {
    /// The time at which the view is read.
    var now: Instant { get }
    /// The real time of `Instant.start`, which schedules in hours and minutes need.
    var startDate: StartDate { get }
    /// The version up to which the view shows every change that its reader watches, or nil when it does not know.
    var shownVersion: Int64? { get }

    /// The metrics APIs.
    var metrics: any MetricsView { get }

    func pod(namespace: String, name: String) -> Pod?
    func node(_ name: String) -> Node?
    func replicaSet(namespace: String, name: String) -> ReplicaSet?
    func deployment(namespace: String, name: String) -> Deployment?
    func job(namespace: String, name: String) -> Job?
    /// The object of any kind at `key`, or nil.
    func object(_ key: ObjectKey) -> KubernetesObject?

    /// All nodes, in name order.
    func nodes() -> [Node]
    /// All pods of a namespace.
    func pods(inNamespace namespace: String) -> [Pod]
    /// Pods of a namespace that a selector means.
    func pods(inNamespace namespace: String, matching selector: LabelSelector) -> [Pod]
    /// Disruption budgets of a namespace that mean a pod with these labels.
    func disruptionBudgets(inNamespace namespace: String, matching labels: StringMap) -> [PodDisruptionBudget]
    /// Pods whose controller reference has this uid.
    func pods(controlledBy owner: UID) -> [Pod]
    /// What there is to say of these pods in sum, or nil when the view keeps no sums.
    func podSummary(controlledBy owner: UID) -> PodSummary?
    /// Pods of a namespace that no controller owns: those that one may adopt.
    func orphanPods(inNamespace namespace: String) -> [Pod]
    /// Pods bound to a node.
    func pods(onNode node: String) -> [Pod]
    /// Pods in a terminal phase, oldest first.
    func terminatedPods() -> [Pod]
    /// Pods in a phase, in creation order.
    func pods(inPhase phase: PodPhase) -> [Pod]
    /// All objects of a kind, optionally of one namespace.
    func objects(of kind: ObjectKind, namespace: String?) -> [KubernetesObject]
    /// Replica sets whose controller reference has this uid.
    func replicaSets(controlledBy owner: UID) -> [ReplicaSet]
    /// Replica sets of a namespace that no controller owns: those that a deployment may adopt.
    func orphanReplicaSets(inNamespace namespace: String) -> [ReplicaSet]
    /// Everything that names this uid among its owner references.
    func dependents(of owner: UID) -> [KubernetesObject]
    /// The object with this uid, or nil when it is gone or never was.
    func object(uid: UID) -> KubernetesObject?
}

extension ClusterView {
    // For views without an index of labels.

    package func pods(inNamespace namespace: String, matching selector: LabelSelector) -> [Pod] {
        pods(inNamespace: namespace).filter { selector.matches($0.metadata.labels) }
    }

    package func disruptionBudgets(
        inNamespace namespace: String, matching labels: StringMap
    ) -> [PodDisruptionBudget] {
        objects(of: .podDisruptionBudget, namespace: namespace).compactMap { object in
            guard case .podDisruptionBudget(let budget) = object, budget.selector?.matches(labels) ?? false else {
                return nil
            }
            return budget
        }
    }
}
