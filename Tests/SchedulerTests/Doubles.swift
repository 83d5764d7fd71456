import Chronology
import ControlPlane
import KubernetesAPI
import Scheduler
import SchedulingFramework

/// Notes what a plugin was called for.
final class Journal: @unchecked Sendable {
    var lines: [String] = []
}

/// A plugin that takes part at every point of the binding, and says there what its script says.
struct Scripted: ReservePlugin, PermitPlugin, PreBindPlugin, BindPlugin, PostBindPlugin, RequeueHinting {
    static let name: PluginName = "Scripted"
    static let wakeEvents: [EventInterest] = [EventInterest(.node, .nodeLabel)]

    var journal = Journal()
    var reserve = Verdict.success
    var permit: @Sendable (PodInfo, [WaitingPod]) -> PermitOutcome = { _, _ in .success }
    var preFlight = Verdict.skip
    /// By how often it was asked.
    var preBind: @Sendable (Int, Snapshot) -> PreBindOutcome = { _, _ in .success }
    var bind = Verdict.skip

    final class Count: CycleData {
        var value = 0
        func copied() -> any CycleData {
            let copy = Count()
            copy.value = value
            return copy
        }
    }

    func reserve(_ pod: PodInfo, on node: String, in snapshot: Snapshot, state: CycleState) -> Verdict {
        journal.lines.append("reserve")
        return reserve
    }
    func unreserve(_ pod: PodInfo, on node: String, in snapshot: Snapshot, state: CycleState) {
        journal.lines.append("unreserve")
    }
    func permit(
        _ pod: PodInfo, on node: String, among waiting: [WaitingPod], state: CycleState
    ) -> PermitOutcome {
        journal.lines.append("permit")
        return permit(pod, waiting)
    }
    func preBindPreFlight(_ pod: PodInfo, to node: String, state: CycleState) -> Verdict { preFlight }
    func preBind(_ pod: PodInfo, to node: String, in snapshot: Snapshot, state: CycleState) -> PreBindOutcome {
        let count = state[Self.name] as? Count ?? Count()
        count.value += 1
        state[Self.name] = count
        journal.lines.append("preBind")
        return preBind(count.value, snapshot)
    }
    func bind(_ pod: PodInfo, to node: String) -> Verdict {
        journal.lines.append("bind")
        return bind
    }
    func postBind(_ pod: PodInfo, to node: String, state: CycleState) { journal.lines.append("postBind") }

    /// A scheduler with this plugin before the default binder, and one node.
    func scheduler(popsFromBackoff: Bool = true) -> Subject {
        var profile = SchedulerProfile()
        profile.ownPlugins = [PluginDescriptor(Self.name) { _ in self }]
        var points = PluginSet(enabled: [PluginSet.Entry(Self.name)])
        profile.plugins[.multiPoint] = points
        points.enabled.append(PluginSet.Entry("DefaultBinder"))
        points.disabled = ["*"]
        profile.plugins[.bind] = points
        var configuration = SchedulerConfiguration(profiles: [profile])
        configuration.popsFromBackoff = popsFromBackoff
        let scheduler = Subject(configuration)
        scheduler.observe(.added(.node(Make.node("a"))))
        return scheduler
    }
}

extension BindingStep {
    /// The step in one word.
    var word: String {
        switch self {
        case .wait: "wait"
        case .write(let objects): "write \(objects.count)"
        case .bind: "bind"
        case .failed(let failure): "failed: \(failure.message)"
        }
    }
}
