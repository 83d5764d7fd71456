package import Chronology
import ControlPlane
package import KubernetesAPI
package import Simulation

/// Runs the same pods on other machines, with the real scheduler and controllers, to see whether each finds a place.
///
/// Nothing breaks and no autoscaler adds machines: only what is given has to do. A set of machines is enough when no pod
/// waits for a node for longer than `patience`, at any time.
package struct CapacityRun {
    /// A pod that found no place.
    package struct Waiting: Hashable, Sendable {
        package let pod: ObjectKey
        /// When it was found to have waited too long.
        package let at: Instant
        /// What the scheduler says of it.
        package let message: String
        let spec: PodSpec
    }

    /// What came of a run.
    package struct Outcome {
        /// nil when every pod ran.
        package var waiting: Waiting?
        /// What ran at the same time, at most; the pods of DaemonSets left out.
        package var demands = PeakDemands()
        /// Nodes that were to be empty and were not.
        package var occupied: [String] = []
        package var fits: Bool { waiting == nil && occupied.isEmpty }
    }

    package let setup: WorldSetup
    package let patience: Duration

    /// Prepares runs of `setup` on machines that stay as they are.
    package init(_ setup: WorldSetup, patience: Duration) {
        var setup = setup
        setup.faults = []
        setup.assertions = []
        setup.autoscalers = []
        setup.branches = []
        setup.inputs = []
        for place in setup.pools.indices { setup.pools[place].autoscaling = nil }
        self.setup = setup
        self.patience = patience
    }

    /// Runs on the machines of the setup.
    package func outcome() -> Outcome { outcome(of: setup) }

    /// Runs on `pools` instead; what people do to machines is left out, as those are others.
    package func outcome(on pools: [NodePool]) -> Outcome {
        var other = setup
        other.pools = pools
        other.changes.removeAll { $0.act.isAboutNode }
        return outcome(of: other)
    }

    /// How long a machine may take to be emptied.
    package static let drainTime = Duration.hours(1)

    /// Runs on the machines of the setup, of which `nodes` are drained at `instant` and gone after `drainTime`.
    package func outcome(without nodes: [String], from instant: Instant) -> Outcome {
        var other = setup
        other.changes += nodes.map { ScheduledChange(at: instant, act: .cordon(node: $0)) }
        for node in nodes {
            var options = DrainOptions.everything(on: node)
            options.force = false
            options.timeout = Self.drainTime
            other.changes.append(ScheduledChange(at: instant, act: .drain(options)))
            other.changes.append(
                ScheduledChange(at: instant + Self.drainTime, act: .shutDown(node: node, restarts: false)))
        }
        return outcome(of: other, emptying: nodes, before: instant + Self.drainTime)
    }

    private func outcome(of setup: WorldSetup, emptying nodes: [String] = [], before deadline: Instant = .never)
        -> Outcome
    {
        var world = World(setup)
        var outcome = Outcome()
        var gauge = DemandGauge(patience: patience, rules: DemandRules(setup.scheduler))
        var hasLooked = nodes.isEmpty
        var stop = Instant.start + patience
        var events: (old: Int64, new: Int64) = (-1, -1)
        while true {
            if !hasLooked, deadline <= stop { stop = deadline - .milliseconds(1) }
            while world.run(until: stop, events: 1 << 16), world.now < stop {}
            precondition(world.violation == nil, "an invariant broke: \(String(describing: world.violation))")
            if !hasLooked, world.now >= deadline - .milliseconds(1) {
                hasLooked = true
                outcome.occupied = nodes.filter { name in
                    world.view.pods(onNode: name).contains { $0.isActive && $0.metadata.controllerKind != "DaemonSet" }
                }
                if !outcome.occupied.isEmpty { return outcome }
            }
            outcome.waiting = waiting(in: world)
            if outcome.waiting != nil { return outcome }
            // What came lately counts when it has been there for a while.
            if world.events != events.old { outcome.demands.add(gauge.demand(in: world.view)) }
            events = (events.new, world.events)
            if world.isFinished || world.now >= world.end { return outcome }
            // A pod that comes meanwhile is not at the end of its patience before that.
            stop = min(world.end, world.now + patience, firstDeadline(in: world))
        }
    }

    /// When the first of the pods that wait for a node now has waited for as long as it may.
    private func firstDeadline(in world: World) -> Instant {
        var first = Instant.never
        for pod in world.view.pods(inPhase: .pending) where pod.nodeName == nil && pod.isActive {
            let deadline = pod.metadata.creationTimestamp + patience
            guard deadline > world.now, deadline < first else { continue }
            // What is held back by a gate waits for something else.
            let reason = pod.status.conditions.named(Condition.podScheduled)?.reason
            if reason != "SchedulingGated" { first = deadline }
        }
        return first
    }

    /// The first pod that has waited for longer than it may.
    private func waiting(in world: World) -> Waiting? {
        for pod in world.view.pods(inPhase: .pending) where pod.nodeName == nil && pod.isActive {
            guard pod.metadata.creationTimestamp + patience <= world.now,
                let condition = pod.status.conditions.named(Condition.podScheduled), condition.status == .false,
                condition.reason == "Unschedulable"
            else { continue }
            return Waiting(pod: pod.key, at: world.now, message: condition.message, spec: pod.spec)
        }
        return nil
    }
}

extension ScheduledChange.Act {
    /// Whether it is done to a machine that is named.
    fileprivate var isAboutNode: Bool {
        switch self {
        case .cordon, .uncordon, .drain, .shutDown: true
        case .apply, .scale, .setImage, .publish, .delete, .replacePods: false
        }
    }
}
