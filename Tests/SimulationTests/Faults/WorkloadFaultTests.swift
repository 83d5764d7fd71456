import Chronology
import Faults
import KubernetesAPI
import Observations
import Simulation
import Testing
import VirtualTime

/// Rollouts that do not work, and containers that end.
@Suite("Faults of workloads") struct WorkloadFaultTests {
    private func web(probed: Bool = true, limit: Int64? = nil) -> KubernetesObject {
        guard case .deployment(var web) = Fixture.deployment("web", replicas: 4) else {
            preconditionFailure("no deployment")
        }
        var spec = web.spec.template.spec
        if probed { spec.containers[0].readinessProbe = Probe() }
        if let limit { spec.containers[0].limits[.memory] = Quantity(limit) }
        web.spec.template.spec = spec
        return .deployment(web)
    }

    private func run(_ faults: [FaultSpec], _ objects: [KubernetesObject], changes: [ScheduledChange] = []) -> Notebook {
        var setup = Fixture.setup(machines: 3, horizon: .hours(4))
        setup.objects = objects
        setup.faults = faults
        setup.changes = changes
        return FaultFixture.run(setup)
    }

    private let web = { () -> TargetSelector in
        var targets = TargetSelector(names: ["web"])
        targets.namespaces = ["default"]
        return targets
    }()

    @Test("a revision that never becomes ready leaves the old one up, until it is rolled back")
    func unready() {
        let notes = run([FaultFixture.fault(BadRollout.self, web, lasting: .hours(1))], [web()])
        // One more by surge, one by the rolling window: no more than these, and none of them ever ready.
        // One that was made for nothing, as its controller had not heard of another yet, is gone at once.
        let lasting = Set(notes.podIntervals.filter { $0.state == .unready }.map(\.pod))
        let bad = notes.pods.filter {
            $0.createdAt > .start + .minutes(59) && $0.createdAt < .start + .hours(2) && lasting.contains($0.pod)
        }
        #expect(bad.count == 2)
        let ready = Set(notes.podIntervals.filter { $0.state == .ready }.map(\.pod))
        #expect(bad.allSatisfy { !ready.contains($0.pod) })
        #expect(notes.value("pods.running") == 4)
        // Rolled back: nothing of the bad revision is left.
        let alive = notes.podEnds.filter(\.isAlive).map(\.pod)
        #expect(alive.count == 4 && bad.allSatisfy { !alive.contains($0.pod) })
        #expect(notes.faults.map(\.target) == ["default/web"])
    }

    @Test(
        "of two that roll out at the same time each lasts as long as it should, whichever ends first",
        arguments: [(120, 180, [(60, 120), (120, 300)]), (240, 60, [(60, 120), (120, 180), (180, 300)])])
    func overlapping(first: Int64, second: Int64, bad: [(Int64, Int64)]) {
        var setup = Fixture.setup(machines: 3, horizon: .hours(6))
        setup.objects = [web()]
        setup.faults = [
            FaultFixture.fault(BadRollout.self, web, lasting: .minutes(first), name: "first"),
            FaultFixture.fault(BadRollout.self, web, at: .hours(2), lasting: .minutes(second), name: "second"),
        ]
        let spells = FaultFixture.run(setup).podIntervals.filter {
            $0.state == .unready && $0.to - $0.from > .minutes(30)
        }
        func isSpell(_ from: Int64, _ to: Int64) -> Bool {
            spells.contains {
                abs(($0.from - (Instant.start + .minutes(from))).nanoseconds) < 60_000_000_000
                    && abs(($0.to - (Instant.start + .minutes(to))).nanoseconds) < 60_000_000_000
            }
        }
        for (from, to) in bad { #expect(isSpell(from, to), "\(from) to \(to): \(spells)") }
    }

    @Test("a rollout by the clock that has to wait for the API server strikes once when it answers again")
    func lateClock() {
        var fault = FaultFixture.fault(BadRollout.self, web, lasting: .minutes(2))
        fault.timing = .every(.minutes(10), from: .start + .minutes(5))
        let outage = FaultFixture.fault(APIServerOutage.self, lasting: .hours(1), name: "api")
        let late = run([fault, outage], [web()]).faults.filter { $0.name == "f" }.map(\.from)
        let minutes = late.map { ($0 - .start).nanoseconds / 60_000_000_000 }
        #expect(minutes == [5, 15, 25, 35, 45, 55, 120, 125, 135, 145, 155, 165, 175, 185, 195, 205, 215, 225, 235])
    }

    @Test("a revision that crashes goes into back-off")
    func crashes() {
        let notes = run(
            [
                FaultFixture.fault(BadRollout.self, web, lasting: .hours(1)) {
                    $0.trouble = .crashes
                    $0.delay = .seconds(5)
                }
            ], [web()])
        let restarts = notes.value("restarts")
        // One or two pods for an hour: back-offs of 10, 20, … 300 s make at least 10 restarts and at most 40.
        #expect(restarts >= 10 && restarts <= 40, "\(restarts)")
        #expect(notes.value("pods.running") == 4)
    }

    @Test("a revision that leaks is killed at its limit again and again, and the one before never")
    func leaks() {
        let notes = run(
            [
                FaultFixture.fault(BadRollout.self, web, lasting: .hours(2)) {
                    $0.trouble = .leaks
                    $0.leakPerHour = 2 << 30
                }
            ], [web(probed: false, limit: 2 << 30)])
        // A gibibyte is left to each of four pods: half an hour, four times in two hours.
        let kills = notes.value("pods.oomKilled")
        #expect(kills >= 8 && kills <= 16, "\(kills)")
        #expect(notes.kills.allSatisfy { $0.at > .start + .hours(1) && $0.at < .start + .hours(3) + .minutes(2) })
    }

    @Test("a revision that somebody else rolls out is bad while the fault lasts, and good after it")
    func next() {
        func restarts(rolledOutAt hour: Int64) -> Int64 {
            let key = ObjectKey(.deployment, namespace: "default", name: "web")
            let change = ScheduledChange(
                at: .start + .minutes(30) + .hours(hour), act: .setImage(key, container: "main", image: "shop/web:2"))
            return run(
                [
                    FaultFixture.fault(BadRollout.self, web, lasting: .hours(1)) {
                        $0.trouble = .crashes
                        $0.rollsOut = false
                    }
                ], [web()], changes: [change]
            ).value("restarts")
        }
        #expect(restarts(rolledOutAt: 0) == 0)
        #expect(restarts(rolledOutAt: 1) > 10)
        #expect(restarts(rolledOutAt: 2) == 0)
    }

    @Test(
        "containers of a share of the pods end, and run again",
        arguments: [
            (ContainerCrash.self as any FaultKind.Type, TargetSelector.Choice.all, 4, 0), (ContainerOOM.self, .all, 4, 4),
            (ContainerOOM.self, .percent(50), 2, 2), (ContainerCrash.self, .count(1), 1, 0),
        ])
    func kills(kind: any FaultKind.Type, choice: TargetSelector.Choice, restarts: Int64, kills: Int64) {
        var targets = web
        targets.choice = choice
        let other = Fixture.deployment("other", replicas: 3)
        let notes = run([FaultFixture.fault(kind, targets)], [web(), other])
        #expect(notes.value("restarts") == restarts)
        #expect(notes.value("pods.oomKilled") == kills)
        #expect(notes.value("pods.running") == 7 && notes.value("pods.created") == 7)
        #expect(notes.faults.map { $0.to - $0.from } == [.zero])
    }

    @Test(
        "a clock goes on when a strike finds nothing to hit, and the strike counts",
        arguments: [
            FaultTiming.every(.minutes(10), from: .start + .minutes(10)),
            .lifetime(.constant(600), perTarget: false),
        ])
    func findsNothing(timing: FaultTiming) {
        let fault = FaultSpec(name: "f", kind: ContainerCrash.self, timing: timing, targets: web, limit: 8)
        let arrival = ScheduledChange(at: .start + .minutes(65), act: .apply([web()]))
        let notes = run([fault], [], changes: [arrival])
        // Of the strikes at 10, 20, … and 80 minutes, six come before there are pods.
        #expect(notes.faults.map(\.from) == [Instant.start + .minutes(70), Instant.start + .minutes(80)])
        #expect(notes.value("restarts") == 8)
    }
}
