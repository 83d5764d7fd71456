import Chronology
import Faults
import KubernetesAPI
import Observations
import Simulation
import Testing
import VirtualTime

@Suite("The world")
struct WorldTests {
    private func run(_ setup: WorldSetup) -> (world: World, notes: Notebook) {
        let notes = Notebook()
        var world = World(setup, observer: notes)
        world.checksInvariants = true
        world.run()
        #expect(world.violation == nil)
        #expect(world.isFinished)
        return (world, notes)
    }

    @Test("every pod of a deployment becomes ready")
    func ready() {
        var setup = Fixture.setup()
        setup.objects = [Fixture.deployment("web", replicas: 6)]
        let (_, notes) = run(setup)
        #expect(notes.value("pods.running") == 6)
        #expect(notes.value("pods.pending") == 0)
        #expect(notes.pods.count == 6)
        #expect(notes.attempts.filter { $0.outcome == "bound" }.count == 6)
    }

    @Test("what does not fit stays pending, and the attempts say why")
    func pending() {
        var setup = Fixture.setup(machines: 1)
        setup.objects = [Fixture.deployment("web", replicas: 10, cpu: 1000)]
        let (_, notes) = run(setup)
        #expect(notes.value("pods.running") == 4)
        #expect(notes.value("pods.pending") == 6)
        let reasons = Set(notes.attempts.flatMap(\.rejections).map(\.reason))
        #expect(reasons == ["Insufficient cpu"])
    }

    @Test("attempts kept in full change no decision, and tell of every node")
    func verdicts() throws {
        func notes(_ detail: DecisionDetail) -> Notebook {
            var setup = Fixture.setup(machines: 2)
            setup.objects = [Fixture.deployment("web", replicas: 10, cpu: 1000)]
            setup.decisionDetail = detail
            return run(setup).notes
        }
        let (none, all, failed) = (notes(.none), notes(.all), notes(.failed))
        #expect(none.verdicts == [])
        #expect(all.footer?.digest == none.footer?.digest && failed.footer?.digest == none.footer?.digest)
        #expect(all.attempts == none.attempts)
        let bound = all.verdicts.filter(\.isChosen)
        #expect(bound.count == none.attempts.filter { $0.outcome == "bound" }.count && !bound.isEmpty)
        #expect(bound.allSatisfy { $0.isBest && $0.total == $0.scores.reduce(0) { $0 + $1.score } })
        let attempts = none.attempts.reduce(0) { $0 + Int($1.count) }
        #expect(all.verdicts.count == 2 * attempts)
        #expect(failed.verdicts == all.verdicts.filter { row in !bound.contains { $0.pod == row.pod && $0.number == row.number } })
        #expect(!failed.verdicts.isEmpty && failed.verdicts.allSatisfy { $0.reason == "Insufficient cpu" })
        let half = notes(.share(partsPerMillion: 500_000)).verdicts.count
        #expect(half > 0 && half < all.verdicts.count)
    }

    @Test("debits and credits are equal to the nano-dollar, and machines cost what their price says")
    func money() {
        var setup = Fixture.setup(horizon: .hours(50))
        setup.objects = [Fixture.deployment("web", replicas: 6)]
        let (_, notes) = run(setup)
        let assets = notes.assets.reduce(0) { $0 + $1.amount }
        let allocations = notes.allocations.reduce(0) { $0 + $1.cpu + $1.memory + $1.gpu + $1.other }
        #expect(assets == 3 * 50 * 24_000_000_000)
        #expect(allocations == assets)
        #expect(notes.value("cost.total") == assets)
    }

    @Test("every pod's intervals tile its life")
    func intervals() {
        var setup = Fixture.setup(horizon: .hours(6))
        setup.objects = [Fixture.deployment("web", replicas: 6)]
        setup.changes = [ScheduledChange(at: .start + .hours(1), every: .hours(1), act: .replacePods(partsPerMillion: 500_000))]
        let (_, notes) = run(setup)
        #expect(notes.pods.count > 6)
        for pod in notes.pods {
            let intervals = notes.podIntervals.filter { $0.pod == pod.pod }
            var reached = pod.createdAt
            for interval in intervals {
                #expect(interval.from == reached)
                reached = interval.to
            }
            #expect(notes.podEnds.first { $0.pod == pod.pod }?.endedAt == reached)
        }
    }

    @Test("a machine that crashes loses its pods after five minutes, and they run again elsewhere")
    func crash() {
        var setup = Fixture.setup(machines: 3, horizon: .hours(3))
        setup.objects = [Fixture.deployment("web", replicas: 6)]
        setup.faults = [
            FaultSpec(
                name: "crash", kind: NodeCrash.self, timing: .at(.start + .hours(1)),
                targets: TargetSelector(names: ["box-1"]), duration: .lasting(.constant(3600)))
        ]
        let (_, notes) = run(setup)
        #expect(notes.value("pods.running") == 6)
        #expect(notes.value("pods.evicted") == 2)
        #expect(notes.faults.count == 1)
        let lost = notes.nodeIntervals.filter { $0.node == 1 && $0.state == .notReady }
        #expect(lost.count == 1)
        // Found out by the grace period of 50 s, on the monitor's grid of 5 s; back after an hour and a boot.
        #expect(lost[0].from - (.start + .hours(1)) <= .seconds(61))
        let ready = notes.podEnds.filter { $0.reason == "DeletionByTaintManager" }
        #expect(ready.count == 2)
    }

    @Test("the same seed gives the same digest and rows, another seed another digest")
    func determinism() {
        var setup = Fixture.setup()
        setup.objects = [Fixture.deployment("web", replicas: 6)]
        let (first, notes) = run(setup)
        let (second, again) = run(setup)
        #expect(first.digest == second.digest)
        #expect(notes.podIntervals == again.podIntervals)
        var other = Fixture.setup(seed: 2)
        other.objects = setup.objects
        #expect(run(other).world.digest != first.digest)
    }

    @Test("an observer changes nothing")
    func unobserved() {
        var setup = Fixture.setup()
        setup.objects = [Fixture.deployment("web", replicas: 6)]
        var alone = World(setup)
        alone.run()
        #expect(alone.digest == run(setup).world.digest)
    }
}
