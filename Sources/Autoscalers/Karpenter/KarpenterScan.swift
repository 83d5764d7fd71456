import Chronology
import ControlPlane
import KubernetesAPI

/// What one look at the cluster and the cloud shows, and the step that comes of it.
struct KarpenterScan {
    let view: any ClusterView
    let cloud: any CloudView
    let now: Instant
    let nodes: [Node]
    let budgets: [PodDisruptionBudget]
    var step = AutoscalerStep()
    private let nodePlaces: [String: Int]
    private let machines: [String: CloudMachine]
    private var deadline: Instant?
    private let budgetBook = BudgetBook()

    init(_ view: any ClusterView, _ cloud: any CloudView) {
        self.view = view
        self.cloud = cloud
        now = view.now
        nodes = view.nodes()
        var nodePlaces: [String: Int] = [:]
        for (place, node) in nodes.enumerated() { nodePlaces[node.metadata.name] = place }
        self.nodePlaces = nodePlaces
        var machines: [String: CloudMachine] = [:]
        for machine in cloud.machines { machines[machine.name] = machine }
        self.machines = machines
        budgets = view.objects(of: .podDisruptionBudget, namespace: nil).compactMap {
            if case .podDisruptionBudget(let budget) = $0 { budget } else { nil }
        }
    }

    func node(_ name: String) -> Node? { nodePlaces[name].map { nodes[$0] } }
    func machine(_ name: String) -> CloudMachine? { machines[name] }

    /// Asks for a call at `time` at the latest.
    mutating func callAgain(at time: Instant) {
        // What is due already is due at the next instant that this step makes different.
        guard time > now else { return }
        deadline = min(deadline ?? time, time)
    }

    /// The step with the time of the next call.
    func finished() -> AutoscalerStep {
        var step = self.step
        step.callAfter = deadline.map { $0 - now }
        return step
    }

    // MARK: - Words

    mutating func tell(_ key: ObjectKey, _ kind: EventRecord.Kind = .normal, _ reason: String, _ message: String) {
        step.events.append(EventRecord(key, kind, reason: reason, message: message))
    }

    /// Notes what happened to a machine.
    mutating func decide(
        _ direction: ScalingDecision.Direction, _ reason: String, _ claim: MachineClaim, message: String
    ) {
        step.decisions.append(claim.decision(direction, reason, message))
    }

    // MARK: - Pods

    /// Whether a pod comes back elsewhere when its node goes (`pod.IsReschedulable`).
    static func isReschedulable(_ pod: Pod) -> Bool {
        !pod.status.phase.isTerminal && !pod.isTerminating && !pod.isMirror && !Drainability.isDaemon(pod)
    }

    /// Whether a pod stays on a node that is about to go until the machine is off.
    static func staysToTheEnd(_ pod: Pod) -> Bool {
        pod.isMirror || pod.status.phase.isTerminal
            || pod.spec.tolerations.contains { $0.tolerates(KarpenterMarks.disrupted) }
    }

    /// The budgets that have a say over a pod.
    func budgets(of pod: Pod) -> [PodDisruptionBudget] {
        if budgets.isEmpty { return [] }
        return budgetBook.places(of: pod, among: budgets).map { budgets[$0] }
    }

    /// Whether somebody asks to leave the node of a pod alone now.
    func isProtected(_ pod: Pod) -> Bool { KarpenterMarks.protectedUntil(pod).map { $0 > now } ?? false }

    /// Whether a pod of a node that goes will have to go elsewhere before long (`pdb.IsCurrentlyReschedulable`): what a budget
    /// keeps for the moment does, what it keeps for ever does not.
    func isReschedulableNow(_ pod: Pod) -> Bool {
        Self.isReschedulable(pod) && !isProtected(pod) && !isKept(pod) { $0.isFullyBlocking }
    }

    /// Whether a pod keeps its node from being taken away by choice (`ValidatePodsDisruptable`).
    func blocks(_ pod: Pod) -> Bool {
        if pod.status.phase.isTerminal || pod.isTerminating { return false }
        return isProtected(pod) || !isEvictable(pod)
    }

    /// Whether budgets let a pod be evicted now.
    func isEvictable(_ pod: Pod) -> Bool { !isKept(pod) { $0.status.disruptionsAllowed == 0 } }

    private func isKept(_ pod: Pod, by isClosed: (PodDisruptionBudget) -> Bool) -> Bool {
        // Nobody evicts those.
        if pod.isTerminating || Self.staysToTheEnd(pod) { return false }
        let budgets = budgets(of: pod)
        // The eviction API refuses pods of several budgets.
        if budgets.count > 1 { return true }
        guard let budget = budgets.first else { return false }
        if budget.unhealthyPodEvictionPolicy == .alwaysAllow,
            pod.status.conditions.named(Condition.ready)?.status == .false
        {
            return false
        }
        return isClosed(budget)
    }
}

extension PodDisruptionBudget {
    /// Whether it never lets a pod go, whatever the others do.
    fileprivate var isFullyBlocking: Bool {
        maxUnavailable == .number(0) || maxUnavailable == .percent(0) || minAvailable == .percent(100)
    }
}
