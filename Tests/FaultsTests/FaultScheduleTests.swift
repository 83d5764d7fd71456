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
        let strikes: [Instant?] = [.start + .hours(1), .start + .hours(3), .start + .hours(5), nil]
        #expect((0..<4).map { often.strike($0, after: .start) } == strikes)
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

    @Test func `a zone has one lifetime for all of its machines, and goes as a whole`() {
        let schedule = schedule(
            ZoneOutage.self, .lifetime(.exponential(mean: 1_000), perTarget: true), duration: .lasting(.constant(60)))
        let same = machines.filter { $0.zone == "b" }
        #expect(same.count > 1 && Set(same.map(schedule.clock)) == ["b"])
        #expect(Set(same.map { schedule.strike(0, of: $0, after: .start) }).count == 1)
        #expect(
            schedule.strike(0, of: machines[0], after: .start) != schedule.strike(0, of: machines[1], after: .start))
        #expect(
            schedule.strike(0, on: same[0], among: machines)
                == FaultStrike(.powerLoss, on: ["b"], nodes: same.map(\.name).sorted(), healAfter: .seconds(60)))
        #expect(schedule.strike(0, on: same[0], among: machines.filter { $0.zone != "b" }) == nil)
    }

    @Test func `a strike hits whom its kind chooses among`() {
        let lasting = FaultDuration.lasting(.constant(60))
        let two = TargetSelector(names: ["n00", "n05"])
        func strike(
            _ kind: any FaultKind.Type, _ targets: TargetSelector = two, duration: FaultDuration? = lasting,
            among candidates: [FaultCandidate] = machines
        ) -> FaultStrike? {
            schedule(kind, .at(.start), targets, duration: duration).strike(0, among: candidates)
        }
        let names = ["n00", "n05"]
        let minute = Duration.seconds(60)
        #expect(strike(NodeCrash.self, duration: nil) == FaultStrike(.powerLoss, on: names, nodes: names))
        #expect(strike(NodeReboot.self) == FaultStrike(.powerLoss, on: names, nodes: names, healAfter: minute))
        #expect(
            strike(ZoneOutage.self, TargetSelector(zones: ["b"]), among: Array(machines[..<8]))
                == FaultStrike(.powerLoss, on: ["b"], nodes: ["n01", "n05"], healAfter: minute))
        #expect(
            strike(RegistryOutage.self, TargetSelector(names: ["ghcr.io"]), among: [])
                == FaultStrike(.registryOutage, on: ["ghcr.io"], healAfter: minute))
        #expect(strike(NodeCrash.self, among: []) == nil)
        // A machine in no rack is in none that could fail.
        #expect(strike(RackOutage.self, TargetSelector()) == nil)
        var images = TargetSelector()
        images.images = ["shop/web:1"]
        #expect(strike(ImageMissing.self, images) == FaultStrike(.missingImages, on: ["shop/web:1"], healAfter: minute))
    }

    @Test(arguments: [
        (FailureDomain.rack, [String](), 4), (.rack, ["z-rack-2"], 4), (.region, [], 12), (.zone, [], 6),
    ])
    func `a domain fails with all of its machines`(domain: FailureDomain, racks: [String], size: Int) {
        let candidates = (0..<24).map { number in
            FaultCandidate(
                name: "n\(number)", zone: "z\(number / 6)", rack: "z-rack-\(number / 4)", region: "r\(number / 12)")
        }
        let kinds: [FailureDomain: any FaultKind.Type] = [
            .rack: RackOutage.self, .region: RegionOutage.self, .zone: ZoneOutage.self,
        ]
        var targets = TargetSelector(choice: .count(1))
        targets.racks = racks
        let strike = kinds[domain].flatMap { schedule($0, .at(.start), targets).strike(0, among: candidates) }
        #expect(strike?.chosen.count == 1)
        #expect(strike?.nodes.count == size)
        let hit = candidates.filter { strike?.nodes.contains($0.name) ?? false }
        #expect(hit.allSatisfy { domain.name(of: $0) == strike?.chosen[0] })
        if !racks.isEmpty { #expect(strike?.chosen == racks) }
    }

    @Test func `a common cause takes along the machines of the same domain, each with its probability`() {
        let spec = FaultSpec(
            name: "f", kind: NodeCrash.self, timing: .at(.start), targets: TargetSelector(names: ["n01"]),
            commonCause: CommonCause(within: .zone, partsPerMillion: 300_000))
        var strikes = 0
        for number in 0..<1_000 {
            let nodes = FaultSchedule(spec, seed: 1).strike(number, among: machines)?.nodes ?? []
            #expect(nodes.contains("n01") && nodes == nodes.sorted())
            #expect(machines.filter { nodes.contains($0.name) }.allSatisfy { $0.zone == "b" })
            strikes += nodes.count - 1
        }
        // Nine others in the zone: 2,700 expected, with a standard deviation of 43.
        #expect(abs(strikes - 2_700) < 220, "\(strikes)")
    }

    @Test func `a lifetime of nothing lets time pass`() {
        let schedule = schedule(NodeReboot.self, .lifetime(.constant(0), perTarget: false))
        #expect(schedule.strike(3, after: .start) == Instant.start + .milliseconds(1))
    }

    @Test func `a cascade follows its cause as often as its probability says, and nothing else`() {
        let trigger = FaultTrigger.fault("cause", .heals, partsPerMillion: 250_000)
        let schedule = schedule(NodeCrash.self, .when(trigger, delay: .minutes(5)), limit: 2)
        let followed = (0..<4_000).count { schedule.follows($0, of: "cause", .heals) }
        // 1,000 expected, with a standard deviation of 27.
        #expect(abs(followed - 1_000) < 140, "\(followed)")
        #expect(!(0..<100).contains { schedule.follows($0, of: "cause", .strikes) })
        #expect(!(0..<100).contains { schedule.follows($0, of: "other", .heals) })
        #expect((0..<3).map { schedule.wait($0) } == [.minutes(5), .minutes(5), nil])
        #expect(schedule.strike(0, after: .start) == nil)
    }

    @Test func `strikes of different clocks draw apart, for those that follow and for those that are taken along`() {
        let trigger = FaultTrigger.fault("cause", .strikes, partsPerMillion: 500_000)
        let follower = schedule(NodeCrash.self, .when(trigger, delay: .zero))
        let followed = (0..<1_000).count { follower.follows(0, of: "cause", clock: "n\($0)", .strikes) }
        // 500 expected, with a standard deviation of 16.
        #expect(abs(followed - 500) < 80, "\(followed)")
        let spec = FaultSpec(
            name: "f", kind: NodeCrash.self, timing: .lifetime(.constant(60), perTarget: true),
            commonCause: CommonCause(within: .zone, partsPerMillion: 500_000))
        let zone = machines.filter { $0.zone == "b" }
        let others = zone.map { struck in
            let nodes = FaultSchedule(spec, seed: 1).strike(0, on: struck, among: machines)?.nodes ?? []
            return Set(nodes).subtracting([struck.name])
        }
        // Of two machines that both are spared or taken along by all the others, there is none.
        for machine in zone {
            let strikes = zip(zone, others).count { $0.name != machine.name && $1.contains(machine.name) }
            #expect(strikes > 0 && strikes < zone.count - 1)
        }
    }

    @Test func `pods and workloads are chosen by what they belong to`() {
        let pods = (0..<12).map { number in
            FaultCandidate(
                name: "shop/p\(number)", zone: number % 2 == 0 ? "a" : "b", labels: ["app": number < 6 ? "web" : "db"],
                workload: FaultCandidate.Workload(
                    kind: number < 6 ? "Deployment" : "StatefulSet", namespace: "shop", name: number < 6 ? "web" : "db"))
        }
        func count(_ change: (inout TargetSelector) -> Void) -> Int {
            var targets = TargetSelector()
            change(&targets)
            return schedule(ContainerCrash.self, .at(.start), targets).strike(0, among: pods)?.chosen.count ?? 0
        }
        #expect(count { _ in } == 12)
        #expect(count { $0.names = ["web"] } == 6)
        #expect(count { $0.workloadKind = "StatefulSet" } == 6)
        #expect(count { $0.namespaces = ["other"] } == 0)
        #expect(count { $0.zones = ["a"] } == 6)
        #expect(
            count {
                $0.labels = LabelSelector(matchLabels: ["app": "db"])
                $0.choice = .percent(50)
            } == 3)
    }

    @Test func `every kind is in the registry under its name, and reads what it has defaults for`() {
        let names = FaultRegistry.kinds.map { $0.name }
        #expect(Set(names).count == names.count)
        for kind in FaultRegistry.kinds {
            #expect(FaultRegistry.kind(named: kind.name) == kind)
            #expect("\(kind)" == kind.name)
            // Each has an effect by its defaults alone.
            _ = kind.effect(kind.defaults)
            if kind.options.isEmpty { #expect(kind.defaults == FaultSettings()) }
        }
        #expect(FaultRegistry.kind(named: "Nothing") == nil)
    }

    @Test func `every kind heals or is declared permanent`() {
        for kind in FaultRegistry.kinds {
            let spec = FaultSpec(name: "f", kind: kind, timing: .at(.start))
            let duration = FaultSchedule(spec, seed: 1).duration(of: 0)
            #expect((duration == nil) == (kind == NodeCrash.self), "\(kind.name)")
        }
    }

    @Test(arguments: [
        (ControllerCrash.self as any FaultKind.Type, FaultSettings(), FaultEffect.controllerCrash),
        (ControllerSlow.self, FaultSettings(), .slowControllers(delay: .seconds(1))),
        (ControllerSlow.self, settings { $0.delay = .seconds(9) }, .slowControllers(delay: .seconds(9))),
        (APIServerSlow.self, settings { $0.delay = .seconds(2) }, .slowAPIServer(delay: .seconds(2))),
        (APIServerOutage.self, FaultSettings(), .outageOfAPIServer),
        (WatchLoss.self, FaultSettings(), .lossOfWatch),
        (SchedulerCrash.self, FaultSettings(), .schedulerCrash),
        (MetricsOutage.self, FaultSettings(), .metricsOutage),
        (AutoscalerOutage.self, FaultSettings(), .autoscalerOutage),
        (NodeSlow.self, settings { $0.speed = 100 }, .slowMachines(permille: 100)),
        (SpotReclaim.self, FaultSettings(), .reclaim(ReclaimPlan(notice: .minutes(2)))),
        (
            SpotReclaim.self,
            settings {
                $0.notice = .seconds(30)
                $0.advice = .minutes(10)
            }, .reclaim(ReclaimPlan(notice: .seconds(30), advice: .minutes(10)))
        ),
        (RegistryRateLimit.self, settings { $0.pulls = 7 }, .registryLimit(pulls: 7, window: .hours(6))),
        (LaunchFailure.self, settings { $0.share = 1 }, .launchFailure(partsPerMillion: 1, retry: .minutes(5))),
        (
            MaintenanceWave.self, settings { $0.surge = false },
            .maintenance(
                MaintenancePlan(atATime: 1, surges: false, drainTimeout: .hours(1), failing: 0, waits: true))
        ),
        (ContainerOOM.self, FaultSettings(), .containerKill(exitCode: 137, reason: "OOMKilled")),
    ])
    func `a kind does as hard as its settings say`(
        kind: any FaultKind.Type, settings: FaultSettings, effect: FaultEffect
    ) {
        let spec = FaultSpec(name: "f", kind: kind, timing: .at(.start), settings: settings)
        #expect(kind.effect(spec.settings) == effect)
    }
}

private func settings(_ change: (inout FaultSettings) -> Void) -> FaultSettings {
    var settings = FaultSettings()
    change(&settings)
    return settings
}
