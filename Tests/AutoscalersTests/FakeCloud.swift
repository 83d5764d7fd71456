import Chronology
import ControlPlane
import FakeCluster
import KubernetesAPI
import SchedulingFramework

@testable import Autoscalers

/// A cloud whose machines register at the call after the one in which they were asked for, and a loop that calls an autoscaler.
final class FakeCloud: CloudView {
    var groups: [NodeGroup] = []
    var machines: [CloudMachine] = []
    /// Groups of which the cloud gives none, and of which machines never register.
    var exhausted: Set<String> = []
    var silent: Set<String> = []
    /// Offers of which the cloud gives none, as "m4 z1 spot".
    var soldOut: Set<String> = []
    var market = MachineMarket()
    /// Whether pods that were evicted come back, for tests that see to it; and whether none is.
    var revives = false
    var refusesEvictions = false
    let view = FakeView()
    private var serial = 0
    /// How many orders go wrong from now on, and how many there were.
    var failures = 0
    private(set) var asked = 0
    private var wakeAt = Instant.never
    private var nodes: [String: Node] = [:]

    func isTaken(_ name: String) -> Bool { nodes[name] != nil || machine(name) != nil }

    /// Answers an order as `soldOut` and `failures` have it.
    func answer(_ order: MachineOrder) -> LaunchAnswer {
        asked += 1
        if failures > 0 {
            failures -= 1
            return LaunchAnswer(order, refused: [], outcome: .failed)
        }
        let isGone = order.offers.map { soldOut.contains("\($0.model.name) \($0.zone) \($0.capacityType.rawValue)") }
        let given = isGone.firstIndex(of: false)
        return LaunchAnswer(
            order, refused: Array(0..<(given ?? isGone.count)),
            outcome: given.map { .given($0) } ?? .insufficientCapacity)
    }

    private func launch(_ order: MachineOrder, _ place: Int) {
        nodes[order.name] = order.node(place)
        machines.append(
            CloudMachine(
                name: order.name, group: order.pool, zone: order.offers[place].zone, launchedAt: view.now,
                state: .launching))
    }

    func machine(_ name: String) -> CloudMachine? { machines.first { $0.name == name } }

    func addGroup(
        _ name: String, min: Int = 0, max: Int = 10, size: Int = 0, cpu: Int64 = 4, price: Int64? = 100,
        labels: StringMap = [:]
    ) {
        groups.append(
            NodeGroup(
                name: name, minSize: min, maxSize: max, targetSize: 0, machineType: "m4", pricePerHour: price,
                zones: ["z1"],
                templates: [Fixtures.node("template", cpu: cpu, labels: labels)]))
        grow(name, size)
        register()
    }

    func grow(_ group: String, _ count: Int) {
        guard let place = groups.firstIndex(where: { $0.name == group }) else { return }
        groups[place].targetSize += count
        for _ in 0..<count {
            serial += 1
            machines.append(
                CloudMachine(
                    name: "\(group)-\(serial)", group: group, zone: "z1", launchedAt: view.now,
                    state: exhausted.contains(group) ? .failed(reason: "InsufficientCapacity") : .launching))
        }
    }

    func register() {
        for place in machines.indices where machines[place].state == .launching && !silent.contains(machines[place].group) {
            machines[place].state = .registered
            if var node = nodes[machines[place].name] {
                node.status.conditions = [Condition("Ready", .true, at: view.now)]
                view.add(.node(node))
                continue
            }
            guard let group = groups.first(where: { $0.name == machines[place].group }) else { continue }
            view.add(.node(TemplateNode.named(machines[place].name, group.templates[0])))
        }
    }

    func terminate(_ name: String) {
        guard let machine = machine(name) else { return }
        if let place = groups.firstIndex(where: { $0.name == machine.group }) { groups[place].targetSize -= 1 }
        machines.removeAll { $0.name == name }
        for pod in view.pods(onNode: name) { view.remove(pod.key) }
        view.remove(ObjectKey(.node, name: name))
    }

    /// Binds the pods that wait, each to the first node in which it fits, as a scheduler would.
    func schedule() {
        for pod in PendingPods.unschedulable(view) {
            let trial = TrialCluster(view, rules: PlacementRules())
            guard let place = trial.firstFit(trial.kind(of: trial.info(pod))) else { continue }
            view.changePod(pod.key) {
                $0.nodeName = trial.nodes[place].name
                $0.status.phase = .running
                $0.status.conditions = []
            }
        }
    }

    /// Carries out a step; evicted pods end at once. Returns what was decided in the end.
    @discardableResult
    func apply(_ step: AutoscalerStep, _ autoscaler: inout some NodeAutoscaler) -> [ScalingDecision] {
        for action in step.actions {
            if case .evict(let key, _) = action {
                if !refusesEvictions { view.remove(key) }
            } else {
                _ = view.apply(action)
            }
        }
        var replies: [String: LaunchReply] = [:]
        for request in step.requests {
            switch request {
            case .grow(let group, let count): grow(group, count)
            case .launch(let order):
                let answer = answer(order)
                if !answer.isFirstChoice { replies[order.name] = autoscaler.observe(answer, at: view.now) }
                if case .given(let place) = answer.outcome { launch(order, place) }
            case .terminate(let name): terminate(name)
            }
        }
        wakeAt = replies.values.compactMap(\.callAfter).min().map { view.now + $0 } ?? .never
        return step.decisions.flatMap { decision in
            decision.order.flatMap { replies[$0]?.decisions } ?? [decision]
        }
    }

    /// Calls the autoscaler over `minutes`, each `tick` seconds or only when it asks to be; returns what it decided.
    @discardableResult
    func run(
        _ autoscaler: inout some NodeAutoscaler, minutes: Int64, polls: Bool = false, tick: Int64 = 10,
        at event: (Int64, FakeCloud) -> Void = { _, _ in }
    ) -> (decisions: [String], events: [String], calls: Int) {
        var result: (decisions: [String], events: [String], calls: Int) = ([], [], 0)
        var due = view.now
        for _ in 0..<(minutes * 60 / tick) {
            event(view.now.sinceStart.wholeSeconds, self)
            register()
            schedule()
            let changes = view.takeChanges().count
            if polls || changes > 0 || view.now >= due {
                let step = autoscaler.step(view, self)
                result.calls += 1
                let time = view.now.sinceStart.wholeSeconds
                result.events += step.events.map { "\($0.reason) \($0.regarding.name)" }
                due = step.callAfter.map { view.now + $0 } ?? .never
                if !step.requests.isEmpty { due = min(due, view.now) }
                let decisions = apply(step, &autoscaler)
                result.decisions += decisions.map { "\(time) \($0.reason) \($0.group) \($0.count)" }
                due = min(due, wakeAt)
            }
            view.now = view.now + .seconds(tick)
        }
        return result
    }
}
