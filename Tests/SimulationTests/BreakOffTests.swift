import Chronology
import KubernetesAPI
import Observations
@testable import Simulation
import Testing
import VirtualTime

@Suite("A world that is stopped before its end")
struct BreakOffTests {
    @Test("tells what goes on up to where it was stopped, with its books closed there")
    func told() throws {
        var setup = Fixture.setup(machines: 2, horizon: .days(2))
        setup.objects = [Fixture.deployment("web", replicas: 2), Fixture.deployment("big", replicas: 1, cpu: 9_000)]
        let notes = Notebook()
        var world = World(setup, observer: notes)
        while world.now < Instant.start + .hours(5), world.run(events: 16) {}
        world.breakOff()
        let now = world.now
        #expect(notes.nodes.count == 2)
        for node in notes.nodes {
            let last = try #require(notes.nodeIntervals.last { $0.node == node.node })
            #expect(last.state == .ready && last.to == now)
        }
        #expect(notes.podEnds.filter(\.isAlive).count == 3 && notes.podEnds.allSatisfy { $0.endedAt == now })
        for pod in notes.pods { #expect(notes.podIntervals.last { $0.pod == pod.pod }?.to == now) }
        #expect(notes.attempts.contains { $0.outcome == "unschedulable" && $0.count > 1 })
        #expect(notes.capacity.last?.to == now && notes.assets.map(\.to).max() == now)
        let owed = notes.allocations.reduce(0) { $0 + $1.cpu + $1.memory + $1.gpu + $1.other }
        #expect(owed > 0 && owed == notes.assets.reduce(0) { $0 + $1.amount })
        #expect(notes.footer == nil && notes.metrics.isEmpty)
        #expect(notes.stoppedAt == world.digest.description)
    }
}
