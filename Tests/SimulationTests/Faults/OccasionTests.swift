import Chronology
import Faults
import KubernetesAPI
import Observations
import Simulation
import Testing
import VirtualTime

/// Faults that wait for something to come true.
@Suite("Faults on occasion") struct OccasionTests {
    private func run(
        _ trigger: FaultTrigger, delay: Duration = .zero, also: [FaultSpec] = [], changes: [ScheduledChange] = [],
        replicas: Int64 = 8
    ) -> [FaultRow] {
        var setup = Fixture.setup(machines: 4, horizon: .hours(4))
        setup.objects = [Fixture.deployment("web", replicas: replicas, cpu: 400)]
        setup.changes = changes
        var spec = FaultFixture.fault(ContainerCrash.self, name: "waits")
        spec.timing = .when(trigger, delay: delay)
        spec.targets.choice = .count(1)
        setup.faults = also + [spec]
        return FaultFixture.run(setup).faults.filter { $0.name == "waits" }
    }

    private let key = ObjectKey(.deployment, namespace: "default", name: "web")

    @Test("a fault strikes when a rollout has come so far, and not when the Deployment is made", arguments: [250, 500, 1_000] as [Int64])
    func rollout(permille: Int64) throws {
        let start = Instant.start + .hours(1)
        let change = ScheduledChange(at: start, act: .setImage(key, container: "main", image: "shop/web:2"))
        let trigger = FaultTrigger.rollout(namespace: "default", name: "web", permille: permille)
        let rows = run(trigger, changes: [change])
        #expect(rows.count == 1)
        let from = try #require(rows.first).from
        #expect(from > start && from < start + .minutes(3))
        // The further it has to come, the later.
        if permille > 250 {
            let quarter = run(.rollout(namespace: "default", name: "web", permille: 250), changes: [change])
            #expect(from > (try #require(quarter.first)).from)
        }
        #expect(run(trigger).isEmpty)
    }

    @Test("a fault strikes each time that so many pods wait, and not while they go on waiting")
    func pending() {
        let changes = [(60, 60), (90, 8), (120, 60)].map { minute, replicas in
            ScheduledChange(at: .start + .minutes(Int64(minute)), act: .scale(key, replicas: Int64(replicas)))
        }
        let rows = run(.pending(pods: 20), delay: .minutes(1), changes: changes)
        #expect(rows.map { Int(($0.from - .start).inSeconds) / 60 } == [61, 121])
        #expect(run(.pending(pods: 50), changes: changes).isEmpty)
    }

    @Test("a fault follows another one that strikes or heals")
    func cascade() {
        let cause = FaultFixture.fault(
            NodeReboot.self, TargetSelector(names: ["box-1"]), lasting: .minutes(10), name: "cause")
        func rows(_ moment: FaultTrigger.Moment, _ share: Int64 = 1_000_000) -> [Instant] {
            run(.fault("cause", moment, partsPerMillion: share), delay: .minutes(5), also: [cause]).map(\.from)
        }
        #expect(rows(.strikes) == [Instant.start + .minutes(65)])
        #expect(rows(.heals) == [Instant.start + .minutes(75)])
        #expect(rows(.strikes, 0) == [])
    }

    @Test("a fault that nobody waits for changes nothing for the others")
    func digest() {
        func digest(_ faults: [FaultSpec]) -> String? {
            var setup = Fixture.setup()
            setup.objects = [Fixture.deployment("web", replicas: 4)]
            setup.faults = faults
            return FaultFixture.run(setup).footer?.digest
        }
        var idle = FaultFixture.fault(NodeCrash.self)
        idle.timing = .when(.pending(pods: 1_000), delay: .zero)
        #expect(digest([]) == digest([idle]))
    }

    @Test("each strike of a fault with a clock for each machine is an occasion of its own")
    func clocks() {
        var setup = Fixture.setup(machines: 24, horizon: .hours(2))
        var cause = FaultFixture.fault(NodeReboot.self, lasting: .minutes(1), name: "cause")
        cause.timing = .lifetime(.constant(3_600), perTarget: true)
        cause.limit = 1
        var spec = FaultFixture.fault(RegistryOutage.self, lasting: .seconds(1), name: "half")
        spec.timing = .when(.fault("cause", .heals, partsPerMillion: 500_000), delay: .minutes(1))
        setup.faults = [cause, spec]
        let rows = FaultFixture.run(setup).faults
        let half = rows.count { $0.name == "half" }
        #expect(rows.count { $0.name == "cause" } == 24)
        // 12 expected, with a standard deviation of 2.4.
        #expect(half > 3 && half < 21, "\(half)")
    }

    @Test("a limit holds for strikes that were on their way when it was reached")
    func limit() {
        var cause = FaultFixture.fault(RegistrySlow.self, lasting: .seconds(1), name: "cause")
        cause.timing = .every(.minutes(10), from: .start + .minutes(10))
        var setup = Fixture.setup(machines: 2, horizon: .hours(4))
        var spec = FaultFixture.fault(RegistryOutage.self, lasting: .seconds(1), name: "waits")
        spec.timing = .when(.fault("cause", .strikes, partsPerMillion: 1_000_000), delay: .hours(1))
        spec.limit = 2
        setup.faults = [cause, spec]
        let rows = FaultFixture.run(setup).faults.filter { $0.name == "waits" }
        #expect(rows.map(\.from) == [Instant.start + .minutes(70), Instant.start + .minutes(80)])
    }
}
