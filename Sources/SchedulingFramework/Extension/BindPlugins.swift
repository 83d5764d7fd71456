package import KubernetesAPI

/// Sets resources aside on the chosen node, and gives them back when the pod does not get there.
package protocol ReservePlugin: SchedulerPlugin {
    /// Returns success, skip when there is nothing to give back, or a rejection, after which every reserve plugin is
    /// told to unreserve.
    ///
    /// What later cycles must see goes into `snapshot.storage`. After a success the state is kept until the pod is
    /// bound, or `unreserve` was called.
    func reserve(_ pod: PodInfo, on node: String, in snapshot: Snapshot, state: CycleState) -> Verdict
    /// Undoes `reserve`; must be idempotent.
    func unreserve(_ pod: PodInfo, on node: String, in snapshot: Snapshot, state: CycleState)
}

/// Delays or refuses a pod that has a node.
package protocol PermitPlugin: SchedulerPlugin {
    /// Returns success, a rejection, or wait.
    func permit(_ pod: PodInfo, on node: String, state: CycleState) -> Verdict
}

/// Prepares the binding, outside of the scheduling cycle.
///
/// Called only for pods for which a reserve plugin set something aside.
package protocol PreBindPlugin: SchedulerPlugin {
    /// Returns the objects that the API server is to be asked to update first, as they should be.
    func updates(for pod: PodInfo, to node: String, state: CycleState) -> [KubernetesObject]

    /// Returns success when the pod may be bound, wait when the answers or somebody's work are missing, or a rejection
    /// or error that ends the binding. Asked again after every change.
    func preBind(_ pod: PodInfo, to node: NodeInfo, in snapshot: Snapshot, state: CycleState) -> Verdict
}

/// Asks the API server to bind. The host sends the request; the plugin says whether it takes the pod.
package protocol BindPlugin: SchedulerPlugin {
    /// Returns success when this plugin binds the pod, or skip.
    func bind(_ pod: PodInfo, to node: String) -> Verdict
}

/// Hears of a binding that succeeded.
package protocol PostBindPlugin: SchedulerPlugin {
    func postBind(_ pod: PodInfo, to node: String)
}
