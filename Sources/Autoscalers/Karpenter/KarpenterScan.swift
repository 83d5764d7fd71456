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
        budgets.filter {
            $0.metadata.namespace == pod.metadata.namespace && $0.selector?.matches(pod.metadata.labels) ?? false
        }
    }

    /// Whether a pod could be evicted now (`pdb.IsCurrentlyReschedulable`).
    func isEvictable(_ pod: Pod) -> Bool {
        if KarpenterMarks.isProtected(pod.metadata) { return false }
        let budgets = budgets(of: pod)
        // The eviction API refuses pods of several budgets.
        return budgets.count < 2 && budgets.allSatisfy { $0.status.disruptionsAllowed > 0 }
    }
}
