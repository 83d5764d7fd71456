import Chronology
import KubernetesAPI
import Testing
import VirtualTime

@testable import Faults

private let machines = (0..<40).map { number in
    FaultCandidate(
        name: number < 10 ? "n0\(number)" : "n\(number)", zone: ["a", "b", "c", ""][number % 4],
        pool: number < 20 ? "big" : "small", labels: ["parity": number % 2 == 0 ? "even" : "odd"])
}

private func schedule(
    _ kind: any FaultKind.Type = NodeCrash.self, _ timing: FaultTiming = .at(.start),
    _ targets: TargetSelector = TargetSelector(), duration: FaultDuration? = nil, limit: Int? = nil, seed: Seed = 1
) -> FaultSchedule {
    FaultSchedule(
        FaultSpec(name: "f", kind: kind, timing: timing, targets: targets, duration: duration, limit: limit),
        seed: seed)
}

@Suite struct FaultScheduleTests {
    @Test(arguments: [
        (TargetSelector(), 40), (TargetSelector(names: ["n01", "n99"]), 1), (TargetSelector(zones: ["a", "b"]), 20),
        (TargetSelector(pools: ["big"]), 20), (TargetSelector(pools: ["big"], choice: .percent(12)), 3),
        (TargetSelector(choice: .count(7)), 7), (TargetSelector(choice: .count(99)), 40),
        (TargetSelector(choice: .percent(0)), 0),
        (TargetSelector(labels: LabelSelector(matchLabels: ["parity": "even"]), zones: ["a"], choice: .count(4)), 4),
    ])
    func `a selector strikes so many of those that match, each once`(targets: TargetSelector, count: Int) {
        let schedule = schedule(NodeCrash.self, .at(.start), targets)
        let chosen = schedule.select(from: machines, number: 3)
        #expect(chosen.count == count)
        #expect(Set(chosen).count == count)
        #expect(chosen.allSatisfy { targets.matches(machines[$0]) })
        #expect(chosen == schedule.select(from: machines, number: 3))
        let names = chosen.map { machines[$0].name }
        #expect(names == names.sorted())
        let backwards = Array(machines.reversed())
        #expect(schedule.select(from: backwards, number: 3).map { backwards[$0].name } == names)
    }

    @Test func `each strike chooses anew, and every machine is as likely`() {
        let schedule = schedule(NodeCrash.self, .at(.start), TargetSelector(choice: .count(10)))
        var hits = Array(repeating: 0, count: machines.count)
        for number in 0..<2_000 {
            for index in schedule.select(from: machines, number: number) { hits[index] += 1 }
        }
        // 500 expected; five standard deviations.
        #expect(hits.allSatisfy { abs($0 - 500) < 97 })
    }

    @Test func `a machine more changes nobody else's lot`() {
        let schedule = schedule(NodeCrash.self, .at(.start), TargetSelector(choice: .count(10)))
        for number in 0..<50 {
            let before = schedule.select(from: machines, number: number).map { machines[$0].name }
            let more = machines + [FaultCandidate(name: "new")]
            let after = schedule.select(from: more, number: number).map { more[$0].name }
            #expect(Set(after).subtracting(before).subtracting(["new"]).isEmpty)
            #expect(Set(before).subtracting(after).count <= 1)
        }
    }

    @Test func `a fault at a time strikes once, a periodic one again and again`() {
        let once = schedule(NodeCrash.self, .at(.start + .hours(1)))
        #expect(once.strike(0, after: .start) == .start + .hours(1))
        #expect(once.strike(1, after: .start) == nil)
        let often = schedule(NodeCrash.self, .every(.hours(2), from: .start + .hours(1)), limit: 3)
        #expect((0..<4).map { often.strike($0, after: .start) } == [1, 3, 5].map { .start + .hours($0) } + [nil])
        #expect(schedule(NodeCrash.self, .every(.zero, from: .start)).strike(1, after: .start) == nil)
    }

    @Test func `lifetimes of machines renew at the rate of renewal theory`() {
        let lifetime = Distribution.weibull(scale: 100 * 3_600, shape: 1.5)
        let schedule = schedule(
            NodeReboot.self, .lifetime(lifetime, perTarget: true), duration: .lasting(.constant(3_600)))
        #expect(schedule.isPerTarget)
        #expect(schedule.strike(0, after: .start) == nil)
        let end = Instant.start + .days(400)
        var strikes = 0
        for machine in machines {
            var last = Instant.start
            var number = 0
            while let strike = schedule.strike(number, of: machine, after: last), strike <= end {
                #expect(strike > last)
                strikes += 1
                last = strike + (schedule.duration(of: number, target: machine.name) ?? .zero)
                number += 1
            }
        }
        // N(t) ≈ t/μ + (σ²/μ² − 1)/2 renewals of a cycle of mean μ, with variance tσ²/μ³.
        let mean = lifetime.mean / 3_600 + 1
        // Weibull with shape 1.5: σ/mean = 0.679.
        let deviation = 0.679 * (mean - 1)
        let time = 400.0 * 24
        let ratio = deviation * deviation / (mean * mean)
        let expected = 40 * (time / mean + (ratio - 1) / 2)
        let spread = (40 * time * ratio / mean).squareRoot()
        #expect(abs(Double(strikes) - expected) < 4 * spread, "\(strikes) strikes, \(expected) ± \(spread)")
    }

    @Test func `machines that a fault does not match live for ever`() {
        let schedule = schedule(
            NodeCrash.self, .lifetime(.exponential(mean: 10), perTarget: true), TargetSelector(zones: ["a"]))
        #expect(schedule.strike(0, of: machines[0], after: .start) != nil)
        #expect(schedule.strike(0, of: machines[1], after: .start) == nil)
        #expect(
            FaultSchedule(schedule.spec, seed: 2).strike(0, of: machines[0], after: .start)
                != schedule.strike(0, of: machines[0], after: .start))
    }

    @Test func `each kind has its effect`() {
        let lasting = FaultDuration.lasting(.constant(60))
        let two = TargetSelector(names: ["n00", "n05"])
        #expect(
            schedule(NodeCrash.self, .at(.start), two).effect(of: 0, among: machines)
                == .crashNodes(["n00", "n05"], healAfter: nil))
        #expect(
            schedule(NodeReboot.self, .at(.start), two, duration: lasting).effect(of: 0, among: machines)
                == .rebootNodes(["n00", "n05"], downtime: .seconds(60)))
        #expect(
            schedule(NodeReboot.self, .at(.start), two, duration: .permanent).effect(of: 0, among: machines)
                == .crashNodes(["n00", "n05"], healAfter: nil))
        #expect(
            schedule(ZoneOutage.self, .at(.start), TargetSelector(zones: ["b"]), duration: lasting)
                .effect(of: 0, among: Array(machines[..<8]))
                == .outageOfZones(["b"], nodes: ["n01", "n05"], healAfter: .seconds(60)))
        #expect(
            schedule(RegistryOutage.self, .at(.start), TargetSelector(names: ["ghcr.io"]), duration: lasting)
                .effect(of: 0, among: [])
                == .outageOfRegistries(["ghcr.io"], healAfter: .seconds(60)))
        #expect(schedule(NodeCrash.self, .at(.start), two).effect(of: 0, among: []) == nil)
    }

    @Test func `every kind is in the registry under its name`() {
        #expect(
            FaultRegistry.kinds.map { $0.name } == [
                "NodeCrash", "NodeReboot", "ZoneOutage", "RegistryOutage", "ControllerCrash", "ControllerSlow", "WatchLoss",
                "APIServerOutage", "APIServerSlow", "SchedulerCrash",
            ])
        for kind in FaultRegistry.kinds { #expect(FaultRegistry.kind(named: kind.name) == kind) }
        #expect(FaultRegistry.kind(named: "Nothing") == nil)
    }

    @Test func `faults of the control plane strike what they name, as long and as hard as they say`() {
        let one = TargetSelector(names: ["job-controller"])
        func effect(_ kind: any FaultKind.Type, _ targets: TargetSelector, delay: Duration? = nil) -> FaultEffect? {
            let spec = FaultSpec(
                name: "f", kind: kind, timing: .at(.start), targets: targets, duration: .lasting(.constant(30)),
                delay: delay)
            return FaultSchedule(spec, seed: 1).effect(of: 0, among: machines)
        }
        let wait = Duration.seconds(30)
        #expect(effect(ControllerCrash.self, one) == .crashControllers(["job-controller"], healAfter: wait))
        #expect(effect(ControllerCrash.self, TargetSelector()) == .crashControllers([], healAfter: wait))
        #expect(
            effect(ControllerSlow.self, one)
                == .slowControllers(["job-controller"], delay: .seconds(1), healAfter: wait))
        #expect(
            effect(ControllerSlow.self, one, delay: .seconds(9))
                == .slowControllers(["job-controller"], delay: .seconds(9), healAfter: wait))
        #expect(
            effect(APIServerSlow.self, TargetSelector(), delay: .seconds(2))
                == .slowAPIServer(delay: .seconds(2), healAfter: wait))
        #expect(effect(APIServerOutage.self, TargetSelector()) == .outageOfAPIServer(healAfter: wait))
        #expect(effect(WatchLoss.self, TargetSelector()) == .lossOfWatch(healAfter: wait))
        #expect(effect(SchedulerCrash.self, TargetSelector()) == .crashScheduler(healAfter: wait))
    }
}
