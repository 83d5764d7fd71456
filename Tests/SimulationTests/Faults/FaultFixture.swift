import Chronology
import Faults
import KubernetesAPI
import Machines
import Observations
import Simulation
import Testing
import VirtualTime

/// Runs of small clusters under one fault.
enum FaultFixture {
    /// Runs a setup to its end with all invariants checked.
    static func run(_ setup: WorldSetup, _ location: SourceLocation = #_sourceLocation) -> Notebook {
        let notes = Notebook()
        var world = World(setup, observer: notes)
        world.checksInvariants = true
        world.run()
        // The world itself would be printed whole.
        let (violation, isFinished) = (world.violation, world.isFinished)
        #expect(violation == nil, sourceLocation: location)
        #expect(isFinished, sourceLocation: location)
        return notes
    }

    /// A fault that strikes an hour after the start.
    static func fault(
        _ kind: any FaultKind.Type, _ targets: TargetSelector = TargetSelector(), at: Duration = .hours(1),
        lasting: Duration? = nil, name: String = "f", _ change: (inout FaultSettings) -> Void = { _ in }
    ) -> FaultSpec {
        var settings = FaultSettings()
        change(&settings)
        return FaultSpec(
            name: name, kind: kind, timing: .at(.start + at), targets: targets,
            duration: lasting.map { .lasting(.constant($0.inSeconds)) }, settings: settings)
    }

    /// A budget that keeps `available` pods of a deployment up.
    static func budget(_ app: String, minAvailable: Int64) -> KubernetesObject {
        var budget = PodDisruptionBudget(metadata: ObjectMeta(name: app, namespace: "default"))
        budget.selector = LabelSelector(matchLabels: ["app": app])
        budget.minAvailable = .number(minAvailable)
        return .podDisruptionBudget(budget)
    }
}

extension Notebook {
    /// When a node was in a state, in order.
    func intervals(of node: Int32, _ state: NodeState) -> [NodeIntervalRow] {
        nodeIntervals.filter { $0.node == node && $0.state == state }
    }

    /// The events with a reason.
    func events(_ reason: String) -> [EventRow] { events.filter { $0.reason == reason } }
}
