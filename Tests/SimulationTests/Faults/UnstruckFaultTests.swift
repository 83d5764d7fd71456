import Chronology
import Faults
import KubernetesAPI
import Observations
import Simulation
import Testing
import VirtualTime

/// Faults that were to strike and never did.
@Suite("Faults that never strike") struct UnstruckFaultTests {
    private func setup(_ faults: [FaultSpec]) -> WorldSetup {
        var setup = Fixture.setup(machines: 2, horizon: .hours(3))
        setup.objects = [Fixture.deployment("web", replicas: 2)]
        setup.faults = faults
        return setup
    }

    private func timed(_ name: String, _ timing: FaultTiming) -> FaultSpec {
        FaultSpec(name: name, kind: NodeCrash.self, timing: timing, duration: .lasting(.constant(60)))
    }

    @Test("each is told with when it was due and why it did not strike, and those that struck are not")
    func reasons() {
        let nowhere = TargetSelector(names: ["box-9"])
        let notes = FaultFixture.run(
            setup([
                FaultFixture.fault(NodeCrash.self, lasting: .minutes(1), name: "struck"),
                FaultFixture.fault(NodeCrash.self, at: .hours(9), name: "late"),
                FaultFixture.fault(NodeCrash.self, nowhere, name: "nowhere"),
                FaultFixture.fault(BadRollout.self, nowhere, name: "nobody"),
                timed("again", .every(.hours(5), from: .start + .hours(5))),
                timed("old", .lifetime(.constant(86_400), perTarget: true)),
                timed("crowd", .when(.pending(pods: 50), delay: .zero)),
                timed("rolling", .when(.rollout(namespace: "default", name: "web", permille: 500), delay: .zero)),
                timed("after", .when(.fault("late", .strikes, partsPerMillion: 1_000_000), delay: .zero)),
                timed("healed", .when(.fault("late", .heals, partsPerMillion: 1_000_000), delay: .zero)),
                timed("chance", .when(.fault("struck", .strikes, partsPerMillion: 0), delay: .zero)),
                timed("slow", .when(.fault("struck", .heals, partsPerMillion: 1_000_000), delay: .hours(4))),
            ]))
        let expected: [(String, Duration?, String)] = [
            ("late", .hours(9), "the run ends before"),
            ("nowhere", .hours(1), "there was no machine that it could strike"),
            ("nobody", .hours(1), "there was no Deployment that it could strike"),
            ("again", .hours(5), "the run ends before"),
            ("old", .hours(24), "the run ends before"),
            ("crowd", nil, "never so many as 50 pods waited for a node"),
            ("rolling", nil, "no rollout of Deployment default/web came to 50 % of its replicas"),
            ("after", nil, "late never struck"),
            ("healed", nil, "late never healed"),
            ("chance", nil, "by chance it followed no time that struck strikes"),
            ("slow", .hours(5) + .minutes(1), "the run ends before"),
        ]
        #expect(notes.faults.map(\.name) == ["struck"])
        #expect(notes.unstruck.map(\.name) == expected.map(\.0))
        #expect(notes.unstruck.map(\.due) == expected.map { $0.1.map { .start + $0 } })
        #expect(notes.unstruck.map(\.reason) == expected.map(\.2))
    }

    @Test("a run that is stopped says so, and not that the fault's time lies behind its end")
    func stopped() {
        let notes = Notebook()
        var world = World(
            setup([
                FaultFixture.fault(NodeCrash.self, at: .hours(2), name: "soon"),
                FaultFixture.fault(NodeCrash.self, at: .hours(9), name: "late"),
            ]), observer: notes)
        while world.now < Instant.start + .minutes(5), world.run(events: 1) {}
        world.breakOff()
        #expect(notes.unstruck.map(\.reason) == ["the run was stopped before", "the run ends before"])
    }
}
