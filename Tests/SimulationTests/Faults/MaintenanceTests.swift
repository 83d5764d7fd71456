import Chronology
import Faults
import KubernetesAPI
import Observations
import Simulation
import Testing
import VirtualTime
import Workloads

/// Upgrades of machines, some at a time.
@Suite("Maintenance waves") struct MaintenanceTests {
    private func run(
        budget: Int64? = nil, lasting: Duration? = nil, _ change: (inout FaultSettings) -> Void
    ) -> Notebook {
        var setup = Fixture.setup(machines: 4, horizon: .hours(6))
        setup.objects = [Fixture.deployment("web", replicas: 8, cpu: 400)]
        if let budget { setup.objects.append(FaultFixture.budget("web", minAvailable: budget)) }
        setup.faults = [FaultFixture.fault(MaintenanceWave.self, lasting: lasting, change)]
        return FaultFixture.run(setup)
    }

    /// The most nodes that were cordoned, away or gone and not replaced at any time.
    private func mostAway(_ notes: Notebook) -> Int {
        let spells = notes.nodeIntervals.filter { $0.state == .cordoned || $0.state == .notReady }
        return spells.map { spell in
            Set(spells.filter { $0.from <= spell.from && $0.to > spell.from }.map(\.node)).count
        }.max() ?? 0
    }

    @Test("with surge every machine is replaced by a new one, one at a time, and no pod is missed")
    func surge() throws {
        let notes = run(budget: 7) { _ in }
        #expect(notes.nodes.count == 8)
        #expect(notes.value("nodes.ready") == 4 && notes.value("pods.running") == 8)
        #expect(mostAway(notes) == 1)
        #expect((1...4).allSatisfy { !notes.intervals(of: $0, .gone).isEmpty })
        // Each new machine was ordered when the one before was done.
        let orders = notes.nodes.dropFirst(4).map(\.launchedAt)
        #expect(orders == orders.sorted() && Set(orders).count == 4)
        #expect(notes.events("Drained").count == 4)
        // The wave ends by itself, when the last machine has gone.
        let fault = try #require(notes.faults.first)
        #expect(fault.to < .start + .hours(2) && fault.to > orders[3])
    }

    @Test("without surge machines are drained, restarted and taken back, so many at a time", arguments: [1, 2])
    func inPlace(atATime: Int64) {
        let notes = run {
            $0.surge = false
            $0.atATime = atATime
        }
        #expect(notes.nodes.count == 4)
        #expect(notes.value("nodes.ready") == 4 && notes.value("pods.running") == 8)
        #expect((1...4).allSatisfy { notes.intervals(of: $0, .cordoned).count == 1 })
        #expect(mostAway(notes) == Int(atATime))
    }

    @Test("a budget that allows nothing holds up each drain until its time is over")
    func budget() {
        let notes = run(budget: 8) {
            $0.surge = false
            $0.drainTimeout = .minutes(20)
        }
        #expect(notes.events("DrainFailed").count >= 3)
        #expect(notes.podEnds.filter { $0.reason == "EvictionByEvictionAPI" }.isEmpty)
        #expect((notes.faults.first?.to ?? .never) > .start + .hours(2))
        #expect(notes.value("nodes.ready") == 4 && notes.value("pods.running") == 8)
    }

    @Test("a careful wave stops at the first machine that does not come back, and goes on when it is repaired")
    func careful() {
        let notes = run(lasting: .hours(1)) {
            $0.surge = false
            $0.failing = 1_000_000
        }
        // An hour for each of the four.
        #expect((notes.faults.first?.to ?? .never) > .start + .hours(5))
        #expect(mostAway(notes) == 1)
        #expect(notes.value("nodes.ready") == 4 && notes.value("pods.running") == 8)
    }

    @Test("a careless wave goes on over machines that are not ready, and takes the service down with it")
    func careless() {
        let notes = run(lasting: .hours(2)) {
            $0.surge = false
            $0.failing = 1_000_000
            $0.waits = false
        }
        #expect(mostAway(notes) == 4)
        #expect(notes.attempts.contains { $0.outcome == "unschedulable" })
        // All are repaired two hours after they failed.
        #expect(notes.value("nodes.ready") == 4 && notes.value("pods.running") == 8)
    }

    @Test("the same wave with surge leaves the old machines alone")
    func carefulSurge() {
        let notes = run(lasting: .hours(8)) { $0.failing = 1_000_000 }
        #expect(notes.nodes.count == 5)
        #expect(notes.value("pods.created") == 8 && notes.value("nodes.ready") == 4)
        #expect(notes.faults.map(\.to) == [.never])
    }

    @Test("while the API server does not answer, nothing is upgraded, and no drain is left out", arguments: [59, 61] as [Int64])
    func unanswered(minute: Int64) {
        var setup = Fixture.setup(machines: 4, horizon: .hours(6))
        setup.objects = [Fixture.deployment("web", replicas: 8, cpu: 400), FaultFixture.budget("web", minAvailable: 7)]
        setup.faults = [
            FaultFixture.fault(APIServerOutage.self, at: .minutes(minute), lasting: .hours(1), name: "api"),
            FaultFixture.fault(MaintenanceWave.self) {
                $0.surge = false
                $0.drainTimeout = .hours(2)
            },
        ]
        // Slow to be ready, so that the first drain goes on for minutes.
        var rule = WorkloadRule(.init(name: "web"))
        rule.startDelay = .constant(180)
        setup.workloads = WorkloadBook(rules: [rule])
        let notes = FaultFixture.run(setup)
        #expect(notes.events("DrainFailed").isEmpty && notes.events("EvictionFailed").isEmpty)
        #expect(notes.events("Drained").count == 4)
        let back = Instant.start + .minutes(minute + 60)
        #expect(notes.events("Drained").allSatisfy { $0.at >= back })
        let cordoned = (1...4).flatMap { notes.intervals(of: $0, .cordoned) }.map(\.from)
        #expect(cordoned.count == 4 && cordoned.count { $0 < back } == (minute > 60 ? 1 : 0))
        #expect(notes.value("pods.running") == 8)
    }
}
