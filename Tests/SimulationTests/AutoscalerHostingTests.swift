import Autoscalers
import Chronology
import ControlPlane
import Costs
import Faults
import KubernetesAPI
import Machines
import Observations
import Simulation
import Testing
import VirtualTime

/// An autoscaler that does what it is told, each at its time.
private struct ScriptedAutoscaler: NodeAutoscaler {
    static let name = "scripted"
    let scanInterval: Duration? = .seconds(10)
    var script: [(at: Instant, request: CloudRequest)]

    mutating func step(_ view: any ClusterView, _ cloud: any CloudView) -> AutoscalerStep {
        var step = AutoscalerStep()
        while let next = script.first, next.at <= view.now {
            script.removeFirst()
            step.requests.append(next.request)
            step.decisions.append(
                ScalingDecision(
                    .up, reason: "Script", group: "box", machineType: "test", count: 1, pricePerHour: nil,
                    message: "\(cloud.machines.count) machines"))
        }
        step.callAfter = .seconds(10)
        return step
    }
}

@Suite struct AutoscalerHostingTests {
    private func run(
        _ script: [(at: Instant, request: CloudRequest)], faults: [FaultSpec] = [], horizon: Duration = .minutes(30)
    ) -> Notebook {
        var setup = Fixture.setup(machines: 1, horizon: horizon)
        setup.pools[0].autoscaling = 1...5
        setup.faults = faults
        setup.autoscalers = [AutoscalerSetup { ScriptedAutoscaler(script: script) }]
        let notes = Notebook()
        var world = World(setup, observer: notes)
        while world.run(events: 1_000) {}
        return notes
    }

    /// Nano-dollars.
    private func cost(of node: Int32, _ notes: Notebook) -> Int64 {
        var sum: Int64 = 0
        for asset in notes.assets where asset.node == node { sum += asset.amount }
        return sum
    }

    @Test func machinesOfAGroupComeInTheZonesThatHaveFewestAndCostTheirTime() {
        let notes = run([
            (.start + .minutes(1), .grow(group: "box", by: 2)),
            (.start + .minutes(20), .terminate(machine: "box-2")),
        ])
        #expect(notes.nodes.map(\.zone) == ["z-a", "z-b", "z-a"])
        #expect(notes.nodes.map(\.launchedAt) == [Instant.start, Instant.start + .minutes(1), Instant.start + .minutes(1)])
        #expect(notes.scalings.map(\.message) == ["1 machines", "3 machines"])
        #expect(notes.scalings.map(\.fromSize) == [1, 3])
        let bills = [1, 2, 3].map { cost(of: $0, notes) }
        let minute: Int64 = 400_000_000
        #expect(bills == [30 * minute, 19 * minute, 29 * minute])
    }

    @Test func aMachineOfAZoneThatIsDarkIsGivenUp() {
        let dark = FaultSpec(name: "dark", kind: ZoneOutage.self, timing: .at(.start), duration: .permanent)
        let notes = run([(.start + .minutes(1), .grow(group: "box", by: 2))], faults: [dark])
        #expect(notes.nodes.map(\.zone) == ["z-a", "z-b", "z-a"])
        let last = [2, 3].map { node in notes.nodeIntervals.last { $0.node == node }?.state }
        #expect(last == [.ready, .failed])
    }

    @Test func aMachineThatTheCloudDoesNotHaveIsGivenUpAndCostsNothing() throws {
        let stockOut = FaultSpec(name: "none", kind: StockOut.self, timing: .at(.start))
        let notes = run([(.start + .minutes(1), .grow(group: "box", by: 1))], faults: [stockOut])
        #expect(cost(of: 2, notes) == 0)
        #expect(notes.nodes.count == 2)
        let intervals = notes.nodeIntervals.filter { $0.node == 2 }
        #expect(intervals.map(\.state) == [.failed])
        #expect(intervals.map(\.from) == [.start + .minutes(1)] && intervals.map(\.to) == [.start + .minutes(30)])
    }

    @Test func whileTheAutoscalersAreDownNothingIsDoneAndThenItIsCaughtUp() {
        func outage(_ name: String, from: Duration, lasting: Double) -> FaultSpec {
            FaultSpec(
                name: name, kind: AutoscalerOutage.self, timing: .at(.start + from),
                duration: .lasting(.constant(lasting)))
        }
        // Two that overlap: only the end of both is the end.
        let notes = run(
            [
                (.start + .minutes(1), .grow(group: "box", by: 1)),
                (.start + .minutes(6), .grow(group: "box", by: 1)),
            ],
            faults: [outage("a", from: .minutes(5), lasting: 300), outage("b", from: .minutes(8), lasting: 365)])
        #expect(notes.nodes.map(\.launchedAt) == [Instant.start, Instant.start + .minutes(1), Instant.start + .seconds(850)])
    }

    /// A machine has a bill until it goes, and for its first minute at least; one that goes before it registers is gone.
    @Test func whatIsGoneIsBilledNoMore() {
        let notes = run(
            [
                (.start + .minutes(1), .grow(group: "box", by: 1)), (.start + .minutes(20), .terminate(machine: "box-2")),
                (.start + .minutes(40), .grow(group: "box", by: 1)),
                (.start + .seconds(2410), .terminate(machine: "box-3")),
            ], horizon: .days(3))
        let midnights: [Instant] = [.start + .days(1), .start + .days(2), .start + .days(3)]
        let bills = notes.assets.filter { $0.kind == "node" }
        let kept: [Instant] = bills.filter { $0.node == 1 }.map(\.to)
        let others: [Instant] = bills.filter { $0.node > 1 }.map(\.to)
        #expect(kept == midnights)
        let ends: [Instant] = [.start + .minutes(20), .start + .minutes(41)]
        #expect(others == ends)
        let late = notes.allocations.filter { $0.node > 1 && $0.to > midnights[0] }
        #expect(late.isEmpty)
        #expect(notes.nodeIntervals.filter { $0.node == 3 }.map(\.state) == [.booting, .gone])
    }
}
