import Chronology
import Faults
import KubernetesAPI
import Observations
import Simulation
import Testing
import VirtualTime

/// Machines that their cloud takes back, and launches that go wrong.
@Suite("Reclaimed machines and launches") struct ReclaimTests {
    private let strike = Instant.start + .hours(1)

    private func setup(_ faults: [FaultSpec], machines: Int = 4, horizon: Duration = .hours(3)) -> WorldSetup {
        var setup = Fixture.setup(machines: machines, horizon: horizon)
        setup.objects = [Fixture.deployment("web", replicas: 8, cpu: 400)]
        setup.faults = faults
        return setup
    }

    private let two = TargetSelector(names: ["box-1", "box-2"])

    @Test("a machine is drained within its notice, goes, and is replaced under another name")
    func notice() throws {
        let notes = FaultFixture.run(setup([FaultFixture.fault(SpotReclaim.self, two)]))
        #expect(notes.events("SpotInterruption").count == 2)
        #expect(notes.events("Drained").count == 2)
        for node: Int32 in [1, 2] {
            let cordoned = try #require(notes.intervals(of: node, .cordoned).first)
            #expect(cordoned.from == strike)
            // The power goes with the notice; the node is not ready when its heartbeat is missed, and then deleted.
            let lost = try #require(notes.intervals(of: node, .notReady).first)
            #expect(lost.from - strike > .minutes(2) && lost.from - strike <= .minutes(3) + .seconds(1))
            let gone = try #require(notes.intervals(of: node, .gone).first)
            #expect(gone.from - lost.from <= .seconds(5))
        }
        #expect(notes.nodes.map(\.name) == ["box-1", "box-2", "box-3", "box-4", "box-5", "box-6"])
        #expect(notes.nodes[4].launchedAt == strike + .minutes(2) && notes.nodes[4].zone == notes.nodes[0].zone)
        // Everything was moved in time: nothing was killed.
        #expect(notes.value("pods.running") == 8 && notes.value("nodes.ready") == 4)
        #expect(notes.podEnds.filter { $0.reason == "EvictionByEvictionAPI" }.count == 4)
    }

    @Test("a machine costs until it goes, and its successor from its order on")
    func money() {
        let none = FaultFixture.run(setup([]))
        let notes = FaultFixture.run(setup([FaultFixture.fault(SpotReclaim.self, two)]))
        #expect(notes.value("cost.total") == none.value("cost.total"))
        let old = notes.assets.filter { $0.name == "box-1" }.reduce(0) { $0 + $1.amount }
        // 62 minutes at a dollar an hour, 24 of them in the fixture.
        #expect(old == 24_000_000_000 * 62 / 60)
        // The rows say so too, and not that it was billed until the books were closed.
        let end = strike + .minutes(2)
        #expect(notes.assets.filter { $0.name == "box-1" }.map(\.to).max() == end)
        #expect(notes.allocations.filter { $0.node == 1 }.map(\.to).max() == end)
        #expect(notes.assets.filter { $0.name == "box-5" }.map(\.from) == [end])
        var spec = FaultFixture.fault(SpotReclaim.self, two)
        spec.duration = .permanent
        let lost = FaultFixture.run(setup([spec]))
        #expect(lost.value("nodes.registered") == 2 && lost.nodes.count == 4)
        #expect(none.value("cost.total") - lost.value("cost.total") == 2 * 24_000_000_000 * 118 / 60)
    }

    @Test("with advice the new machine is there before the old one is drained")
    func advice() throws {
        let notes = FaultFixture.run(
            setup([FaultFixture.fault(SpotReclaim.self, two) { $0.advice = .minutes(10) }]))
        #expect(notes.nodes.count == 6)
        #expect(notes.nodes[4].launchedAt == strike)
        let cordoned = try #require(notes.intervals(of: 1, .cordoned).first)
        #expect(cordoned.from == strike + .minutes(10))
        #expect(notes.value("nodes.ready") == 4)
    }

    @Test("a budget holds up the drain, and the machine goes all the same")
    func budget() {
        var setup = setup([FaultFixture.fault(SpotReclaim.self, two)])
        setup.objects.append(FaultFixture.budget("web", minAvailable: 8))
        let notes = FaultFixture.run(setup)
        #expect(notes.events("DrainFailed").count == 2)
        #expect(notes.podEnds.filter { $0.reason == "EvictionByEvictionAPI" }.isEmpty)
        #expect(notes.value("pods.running") == 8)
    }

    @Test("a replacement waits as long as the cloud has no machine, and costs nothing until then")
    func outOfStock() throws {
        let notes = FaultFixture.run(
            setup([
                FaultFixture.fault(SpotReclaim.self, TargetSelector(names: ["box-1"]), name: "reclaim"),
                FaultFixture.fault(StockOut.self, at: .minutes(50), lasting: .minutes(40), name: "stock"),
            ]))
        let ready = try #require(notes.intervals(of: 5, .ready).first)
        #expect(ready.from > strike + .minutes(30) && ready.from < strike + .minutes(33))
        // Gone after 62 minutes, paid for again from the 90th on.
        #expect(notes.value("cost.total") == 24_000_000_000 * 4 * 3 - 24_000_000_000 * 28 / 60)
        #expect(notes.assets.filter { $0.name == "box-5" }.map(\.from) == [strike + .minutes(30)])
    }

    @Test("a replacement has a lifetime of its own, from its launch on")
    func lifetimes() {
        var spec = FaultFixture.fault(NodeReboot.self, TargetSelector(names: ["box-5"]), lasting: .minutes(1), name: "old")
        spec.timing = .lifetime(.constant(1_800), perTarget: true)
        spec.limit = 1
        let notes = FaultFixture.run(
            setup([FaultFixture.fault(SpotReclaim.self, TargetSelector(names: ["box-1"])), spec]))
        #expect(notes.faults.filter { $0.name == "old" }.map(\.from) == [strike + .minutes(32)])
    }

    @Test("a replacement in a zone that is dark comes when the last outage there is over")
    func dark() throws {
        let zone = TargetSelector(zones: ["z-a"])
        let notes = FaultFixture.run(
            setup([
                FaultFixture.fault(ZoneOutage.self, zone, at: .minutes(30), lasting: .minutes(50), name: "first"),
                FaultFixture.fault(SpotReclaim.self, two),
                FaultFixture.fault(ZoneOutage.self, zone, at: .minutes(70), lasting: .minutes(30), name: "second"),
            ]))
        let ready = try notes.nodes.suffix(2).map { node in try #require(notes.intervals(of: node.node, .ready).first).from }
        #expect(notes.nodes.suffix(2).map(\.zone) == ["z-a", "z-b"])
        #expect(ready[0] > Instant.start + .minutes(100) && ready[0] < Instant.start + .minutes(103))
        #expect(ready[1] < Instant.start + .minutes(66))
        #expect(notes.value("nodes.ready") == 4)
    }

    // MARK: - Launches

    private func boots(_ faults: [FaultSpec]) -> Notebook {
        var setup = setup(faults, machines: 6, horizon: .hours(4))
        setup.pools[0].isRunningAtStart = false
        return FaultFixture.run(setup)
    }

    @Test("while the cloud has no machine, those ordered wait, cost nothing, and come when it has")
    func stockOut() {
        let notes = boots([FaultFixture.fault(StockOut.self, TargetSelector(zones: ["z-a"]), at: .zero, lasting: .hours(2))])
        for node in 1...6 {
            let ready = notes.intervals(of: Int32(node), .ready).first?.from ?? .never
            if node % 2 == 1 {
                #expect(ready > .start + .hours(2) && ready < .start + .hours(2) + .minutes(3))
            } else {
                #expect(ready < .start + .minutes(3))
            }
        }
        #expect(notes.events("InsufficientCapacity").count == 3)
        #expect(notes.value("cost.total") == 24_000_000_000 * (3 * 4 + 3 * 2))
    }

    @Test("launches that fail are tried again until they succeed")
    func failures() {
        let notes = boots([
            FaultFixture.fault(LaunchFailure.self, at: .zero, lasting: .hours(4)) {
                $0.share = 500_000
                $0.retry = .minutes(10)
            }
        ])
        #expect(notes.value("nodes.ready") == 6)
        let failures = notes.events("LaunchFailed").count
        #expect(failures > 0 && failures < 30)
        let never = boots([FaultFixture.fault(LaunchFailure.self, at: .zero, lasting: .hours(4)) { $0.share = 1_000_000 }])
        #expect(never.value("nodes.registered") == 0 && never.value("cost.total") == 0)
    }

    @Test("slow boots are slower by their delay, machine by machine")
    func slow() {
        let usual = boots([])
        let late = boots([FaultFixture.fault(LaunchSlow.self, at: .zero, lasting: .hours(1)) { $0.delay = .minutes(7) }])
        for node in 1...6 {
            let (before, after) = (usual.intervals(of: Int32(node), .ready), late.intervals(of: Int32(node), .ready))
            #expect((after.first?.from ?? .never) - (before.first?.from ?? .never) == .minutes(7))
        }
    }
}
