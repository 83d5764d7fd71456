/// Sets resources aside on the chosen node, and gives them back when the pod does not get there.
package protocol ReservePlugin: SchedulerPlugin {
    /// Returns success or a rejection, after which every reserve plugin is told to unreserve.
    func reserve(_ pod: PodInfo, on node: String, state: CycleState) -> Verdict
    /// Undoes `reserve`; must be idempotent.
    func unreserve(_ pod: PodInfo, on node: String, state: CycleState)
}

/// Delays or refuses a pod that has a node.
package protocol PermitPlugin: SchedulerPlugin {
    /// Returns success, a rejection, or wait.
    func permit(_ pod: PodInfo, on node: String, state: CycleState) -> Verdict
}

/// Prepares the binding, outside of the scheduling cycle.
package protocol PreBindPlugin: SchedulerPlugin {
    func preBind(_ pod: PodInfo, to node: String, state: CycleState) -> Verdict
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
