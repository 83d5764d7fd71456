package import Chronology
package import KubernetesAPI

// Kubernetes counterpart: fwk.ReservePlugin, PermitPlugin, PreBindPlugin, BindPlugin, PostBindPlugin (v1.36).
// Deliberate differences: nothing blocks. What upstream does in a goroutine per pod is said step by step to the host.

/// Sets something aside for a pod on the chosen node, and gives it back when the pod does not get there.
///
/// The scheduler calls `reserve` in the order of the profile, right after it has counted the pod on the node. When one
/// refuses, and when anything fails later (permit, pre-bind, bind, the pod is deleted), it calls `unreserve` of **all**
/// reserve plugins in reverse order, also of those whose `reserve` was never called.
package protocol ReservePlugin: SchedulerPlugin {
    /// Returns success to go on, or skip when there was nothing to set aside; a rejection to give up: the pod is unschedulable and waits for this plugin's events;
    /// or an error: the pod backs off and is tried again.
    func reserve(_ pod: PodInfo, on node: String, in snapshot: Snapshot, state: CycleState) -> Verdict

    /// Undoes `reserve`; must be idempotent, and must not fail.
    func unreserve(_ pod: PodInfo, on node: String, in snapshot: Snapshot, state: CycleState)
}

/// A pod that has a node and waits for permission, as permit plugins see it.
package struct WaitingPod: Sendable {
    package let pod: PodInfo
    package let node: String
    /// The plugins that hold the pod, in the order in which they asked to wait.
    package let holders: [PluginName]

    package init(pod: PodInfo, node: String, holders: [PluginName]) {
        self.pod = pod
        self.node = node
        self.holders = holders
    }
}

/// The answer of a permit plugin.
package struct PermitOutcome: Sendable {
    /// How long a pod may wait at most.
    package static let timeoutMax = Duration.minutes(15)

    /// Success, a rejection, an error, or `wait`.
    package var verdict: Verdict
    /// After how much waiting the pod is rejected; read when the verdict is `wait`, and cut to `timeoutMax`.
    package var timeout: Duration
    /// Waiting pods that this plugin lets go.
    package var allowed: [UID]
    /// Waiting pods that this plugin rejects, with the reason.
    package var rejected: [(pod: UID, reason: String)]

    package init(
        _ verdict: Verdict = .success, timeout: Duration = .zero, allowed: [UID] = [],
        rejected: [(pod: UID, reason: String)] = []
    ) {
        self.verdict = verdict
        self.timeout = timeout
        self.allowed = allowed
        self.rejected = rejected
    }

    package static let success = PermitOutcome()

    /// Holds the pod until the plugin allows it, for `timeout` at most.
    package static func wait(_ timeout: Duration) -> PermitOutcome {
        PermitOutcome(Verdict(.wait), timeout: timeout)
    }
}

/// Delays or refuses a pod that has a node; the last that can call a pod unschedulable.
///
/// The scheduler calls every permit plugin in the order of the profile, after all have reserved, up to the first that
/// refuses. A pod for which at least one said `wait` keeps its node, but is not bound before each of them has allowed
/// it. A plugin has no memory: it sees who waits, and answers about them too, so that the last pod of a gang lets the
/// others go.
package protocol PermitPlugin: SchedulerPlugin {
    /// Returns success, `wait`, a rejection (unreserve, unschedulable), or an error (unreserve, back-off).
    func permit(
        _ pod: PodInfo, on node: String, among waiting: [WaitingPod], state: CycleState
    ) -> PermitOutcome
}

/// The answer of a pre-bind plugin.
package struct PreBindOutcome: Sendable {
    /// Success: done. Wait: ask again, after the writes were answered and each time that a volume, claim, class or node
    /// changes, or at a pace of its own. Anything else ends the binding: the pod backs off, whatever the code.
    package var verdict: Verdict
    /// Objects as they are to be written (metadata and spec; their resource version guards against stale writes), in
    /// order. Read when the verdict is `wait`.
    package var writes: [KubernetesObject]
    /// How long after the plugin's first answer without writes the waiting fails.
    package var timeout: Duration
    /// How long after that answer, and after each further look, the plugin is asked again, whatever changes; nil to be
    /// asked at changes.
    package var pace: Duration?
    /// The reason that is told when it does.
    package var lateText: String

    package init(
        _ verdict: Verdict = .success, writes: [KubernetesObject] = [], timeout: Duration = .minutes(10),
        pace: Duration? = nil, lateText: String = "context deadline exceeded"
    ) {
        precondition(pace.map { $0 > .zero } ?? true, "a pace is above zero")
        self.verdict = verdict
        self.writes = writes
        self.timeout = timeout
        self.pace = pace
        self.lateText = lateText
    }

    package static let success = PreBindOutcome()
}

/// Prepares the binding, outside of the scheduling cycle: other pods are scheduled meanwhile.
///
/// The scheduler asks `preBindPreFlight` of all plugins right after the permit phase, and then, once the pod is allowed,
/// `preBind` of those that did not skip, one after the other.
package protocol PreBindPlugin: SchedulerPlugin {
    /// Returns success when the plugin has something to do for this pod, skip when it has not, or an error. Must be
    /// quick and change nothing. Any other code counts as an error.
    func preBindPreFlight(_ pod: PodInfo, to node: String, state: CycleState) -> Verdict

    /// Returns what is to be done next; called again after `wait`. What it has done before goes into `state`.
    func preBind(_ pod: PodInfo, to node: String, in snapshot: Snapshot, state: CycleState) -> PreBindOutcome
}

extension PreBindPlugin {
    package func preBindPreFlight(_ pod: PodInfo, to node: String, state: CycleState) -> Verdict { .success }
}

/// Asks the API server to bind. The host sends the request; the plugin says whether it takes the pod.
///
/// Called in the order of the profile after all pre-binds and after extenders that bind; the first that does not skip
/// decides. At least one must take the pod.
package protocol BindPlugin: SchedulerPlugin {
    /// Returns success when this plugin binds the pod, skip when it leaves it to the next, or a failure: unreserve, and
    /// the pod backs off.
    func bind(_ pod: PodInfo, to node: String) -> Verdict
}

/// Hears of a binding that succeeded. Nothing depends on it; meant to clean up.
package protocol PostBindPlugin: SchedulerPlugin {
    /// Called once per pod, when the API server has accepted the binding or the watch shows it, whichever is first.
    func postBind(_ pod: PodInfo, to node: String, state: CycleState)
}
