import Chronology
import KubernetesAPI
import Testing
import VirtualTime

@testable import Machines

extension Bench {
    fileprivate func events(_ slot: PodSlot) -> [(at: Instant, event: MachineEvent)] {
        log.compactMap { if case .event(slot, let event) = $0.effect { ($0.at, event) } else { nil } }
    }

    /// When readiness changed, in seconds.
    fileprivate func changes(_ slot: PodSlot) -> [Int64] {
        var last = false
        return statuses(of: slot).compactMap {
            guard $0.status.isReadyNow != last else { return nil }
            last.toggle()
            return $0.at.sinceStart.wholeSeconds
        }
    }
}

extension PodStatus {
    fileprivate var isReadyNow: Bool { conditions.named(Condition.ready)?.status == .true }
}

private func probe(_ period: Int64, failures: Int64 = 3, successes: Int64 = 1, delay: Int64 = 0) -> Probe {
    var probe = Probe()
    probe.initialDelaySeconds = delay
    probe.periodSeconds = period
    probe.failureThreshold = failures
    probe.successThreshold = successes
    return probe
}

@Suite struct ProbeTests {
    @Test(
        arguments: [
            // period, failures, delay, fails after, hangs, seconds from start to the decision
            (10, 3, 0, 25.0, false, 50.0), (10, 3, 0, 30.0, false, 50.0), (10, 1, 0, 0.0, false, 0.0),
            (5, 2, 60, 10.0, false, 65.0), (10, 3, 0, 25.0, true, 51.0),
        ] as [(Int64, Int64, Int64, Double, Bool, Double)])
    func `a liveness probe fails on its grid`(
        period: Int64, failures: Int64, delay: Int64, after: Double, hangs: Bool, decision: Double
    ) {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1"])
        let pod = makePod { $0.containers[0].livenessProbe = probe(period, failures: failures, delay: delay) }
        var run = RunPlan.quick(terminationTime: .seconds(2))
        let length = at(after).sinceStart
        run.extras = hangs ? RunExtras(hangsAfter: length) : RunExtras(livenessFailsAfter: length)
        let slot = bench.assign(pod, .quick(run), to: node)
        bench.act { fleet, _, _ in fleet.setRun(run, of: slot, container: 0) }
        bench.run(until: at(1 + decision + 2))
        let events = bench.events(slot)
        #expect(events.map(\.event.reason) == ["Unhealthy", "Killing"])
        #expect(events.allSatisfy { $0.at == at(1 + decision) })
        #expect(events.last?.event.message == "Container main failed liveness probe, will be restarted")
        #expect(bench.exits.map(\.finishedAt) == [at(1 + decision + 2)])
        #expect(bench.exits.map(\.exitCode) == [143])
    }

    @Test func `the probe's own grace stands above the pod's, and a container that takes longer is killed`() {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1"])
        let pod = makePod {
            $0.containers[0].livenessProbe = probe(10, failures: 1)
            $0.containers[0].livenessProbe?.terminationGracePeriodSeconds = 7
        }
        var run = RunPlan.quick(terminationTime: .seconds(20))
        run.extras = RunExtras(livenessFailsAfter: .seconds(5))
        let slot = bench.assign(pod, .quick(run), to: node)
        bench.act { fleet, _, _ in fleet.setRun(run, of: slot, container: 0) }
        bench.run(until: at(20))
        #expect(bench.exits.map(\.finishedAt) == [at(18)])
        #expect(bench.exits.map(\.exitCode) == [137])
    }

    @Test func `killed again and again it backs off from the end of the run before`() {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1"])
        let pod = makePod { $0.containers[0].livenessProbe = probe(10, failures: 1) }
        var run = RunPlan.quick()
        run.extras = RunExtras(livenessFailsAfter: .seconds(19))
        let slot = bench.assign(pod, .quick(run), to: node)
        bench.run(for: .minutes(12))
        let waits = zip(bench.exits, bench.exits.dropFirst()).map { ($1.startedAt - $0.finishedAt).nanoseconds / 500_000_000 }
        // Runs of 21 s and half a second of start: while the back-off is shorter than that, nobody waits.
        #expect(waits.prefix(7) == [1, 1, 1, 1, 81, 161, 321])
        #expect(bench.statuses(of: slot).last?.status.containerStatuses[0].restartCount == Int32(bench.exits.count - 1))
    }

    @Test(arguments: [([143], true), ([137], false)] as [([Int32], Bool)])
    func `rules have their say when the kill is over`(codes: [Int32], restarts: Bool) {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1"])
        let pod = makePod(restart: .never) {
            $0.containers[0].livenessProbe = probe(10, failures: 1)
            $0.containers[0].restartPolicy = .never
            $0.containers[0].restartPolicyRules = [RestartRule(operator: .in, exitCodes: codes)]
        }
        var run = RunPlan.quick()
        run.extras = RunExtras(livenessFailsAfter: .seconds(5))
        let slot = bench.assign(pod, .quick(run), to: node)
        bench.run(for: .minutes(5))
        #expect((bench.exits.count > 1) == restarts)
        #expect(bench.events(slot)[1].event.message == "Container main failed liveness probe")
    }

    @Test func `without a restart the pod fails`() {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1"])
        let pod = makePod(restart: .never) { $0.containers[0].livenessProbe = probe(10, failures: 1) }
        var run = RunPlan.quick()
        run.extras = RunExtras(livenessFailsAfter: .seconds(5))
        let slot = bench.assign(pod, .quick(run), to: node)
        bench.run(for: .minutes(5))
        #expect(bench.fleet.status(of: slot)?.phase == .failed)
        #expect(bench.events(slot).last?.event.message == "Container main failed liveness probe")
    }

    @Test(arguments: [
        // after, for, seconds at which readiness changes: probes every 10 s from second 1, three failures, one success
        (20.0, 60.0, [1, 41, 81, 121, 161, 201, 241] as [Int64]), (20.0, 25.0, [1, 41, 51, 131, 141, 221, 231]),
        (100.0, 15.0, [1]),
    ])
    func `spells of unreadiness show when they are long enough for the threshold`(
        after: Double, lasts: Double, expected: [Int64]
    ) {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1"])
        let pod = makePod { $0.containers[0].readinessProbe = probe(10) }
        var run = RunPlan.quick()
        run.extras = RunExtras(
            unready: UnreadyPattern(
                after: .constant(after), lasts: .constant(lasts), seed: Seed(1), name: "d/p/main", restart: 0))
        let slot = bench.assign(pod, .quick(run), to: node)
        bench.run(until: at(250))
        #expect(bench.changes(slot) == expected)
        #expect(bench.fleet.status(of: slot)?.containerStatuses[0].restartCount == 0)
    }

    @Test func `spells that nobody ever sees cost next to nothing`() {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1"])
        let pod = makePod { $0.containers[0].readinessProbe = probe(10) }
        var run = RunPlan.quick()
        run.extras = RunExtras(
            unready: UnreadyPattern(after: .constant(9), lasts: .constant(1), seed: Seed(1), name: "x", restart: 0))
        let slot = bench.assign(pod, .quick(run), to: node)
        bench.run(for: .hours(24))
        #expect(bench.changes(slot) == [1])
        #expect(bench.statuses(of: slot).count == 2)
    }

    @Test func `a hang makes a container unready for ever when nobody looks at its liveness`() {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1"])
        let pod = makePod { $0.containers[0].readinessProbe = probe(10) }
        var run = RunPlan.quick(runTime: .minutes(3))
        run.extras = RunExtras(hangsAfter: .seconds(40))
        let slot = bench.assign(pod, .quick(run), to: node)
        bench.run(for: .hours(2))
        // Probes at 41, 51 and 61, and the timeout of the last.
        #expect(bench.changes(slot) == [1, 62])
        #expect(bench.exits.isEmpty, "what hangs does not end by itself")
    }

    @Test func `a startup probe that fails stops the container with grace`() {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1"])
        let pod = makePod { $0.containers[0].startupProbe = probe(10) }
        let slot = bench.assign(pod, .quick(.quick(readyAfter: nil, terminationTime: .seconds(3))), to: node)
        bench.run(until: at(25))
        #expect(bench.exits.map(\.finishedAt) == [at(25)])
        #expect(bench.events(slot).last?.event.message == "Container main failed startup probe, will be restarted")
    }

    @Test func `probes of a pod that is being deleted kill nobody`() {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1"])
        let pod = makePod { $0.containers[0].livenessProbe = probe(10, failures: 1) }
        var run = RunPlan.quick(terminationTime: .seconds(20))
        run.extras = RunExtras(livenessFailsAfter: .seconds(15))
        let slot = bench.assign(pod, .quick(run), to: node)
        bench.run(until: at(15))
        bench.act { $0.terminate(slot, gracePeriod: .seconds(30), at: $1, into: &$2) }
        bench.run(for: .minutes(2))
        #expect(bench.events(slot).isEmpty)
        #expect(bench.exits.map(\.finishedAt) == [at(35)])
    }
}

@Suite struct HookTests {
    private func hooked(_ change: (inout Container) -> Void = { _ in }) -> Pod {
        makePod {
            $0.containers[0].hasPostStart = true
            change(&$0.containers[0])
        }
    }

    @Test func `a container counts as running when its postStart hook is over`() {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1"])
        let pod = hooked { $0.readinessProbe = Probe() }
        var run = RunPlan.quick(readyAfter: .seconds(2))
        run.extras = RunExtras(postStartTime: .seconds(25))
        let slot = bench.assign(pod, .quick(run), to: node)
        bench.run(for: .minutes(2))
        let statuses = bench.statuses(of: slot)
        #expect(statuses.map(\.at) == [at(0), at(26)])
        #expect(statuses[1].status.containerStatuses[0].state == .running(startedAt: at(1)))
        #expect(statuses[1].status.phase == .running)
    }

    @Test func `the next container waits for the hook`() {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1"])
        let pod = makePod {
            $0.containers[0].hasPostStart = true
            $0.containers[0].postStartSleepSeconds = 10
            $0.containers.append(Container(name: "second", image: "app:1"))
        }
        let slot = bench.assign(pod, .quick(.quick(), .quick()), to: node)
        bench.run(for: .minutes(2))
        #expect(bench.time(of: Condition.ready, slot) == at(11.5))
    }

    @Test func `a run after a hook counts as a restart`() {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1"])
        var run = RunPlan.quick(runTime: .seconds(20), exitCode: 3)
        run.extras = RunExtras(postStartTime: .seconds(4))
        let slot = bench.assign(hooked(), .quick(run), to: node)
        bench.run(for: .seconds(30))
        let status = bench.fleet.status(of: slot)?.containerStatuses[0]
        #expect(status?.restartCount == 1)
        #expect(status?.lastTermination == .terminated(exitCode: 3, reason: "Error", startedAt: at(1), finishedAt: at(21)))
    }

    @Test func `a hook that fails kills the container, which backs off like one that crashed`() {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1"])
        var run = RunPlan.quick()
        run.extras = RunExtras(postStartTime: .seconds(4), postStartFails: true)
        let slot = bench.assign(hooked(), .quick(run), to: node)
        bench.run(for: .minutes(2))
        let exits = bench.exits
        #expect(exits.prefix(3).map(\.finishedAt) == [at(6), at(11.5), at(27)])
        #expect(exits.prefix(3).map(\.restart) == [0, 1, 2])
        let reasons = bench.log.compactMap { if case .event(slot, let event) = $0.effect { event.reason } else { nil } }
        #expect(reasons.allSatisfy { $0 == "FailedPostStartHook" } && reasons.count >= 3)
        #expect(bench.time(of: Condition.ready, slot) == nil)
        #expect(bench.statuses(of: slot).last?.status.containerStatuses[0].state == .waiting(reason: "CrashLoopBackOff"))
    }

    @Test(arguments: [(5.0, 30, 10.0, Int32(143)), (40.0, 30, 32.0, 137), (2.5, 10, 7.5, 143)])
    func `a preStop hook takes its time from the grace period`(hook: Double, grace: Int64, end: Double, code: Int32) {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1"])
        let pod = makePod { $0.containers[0].preStop = .hook }
        var run = RunPlan.quick(terminationTime: .seconds(5))
        run.extras = RunExtras(preStopTime: at(hook).sinceStart)
        let slot = bench.assign(pod, .quick(run), to: node)
        bench.run(for: .seconds(100))
        bench.act { $0.terminate(slot, gracePeriod: .seconds(grace), at: $1, into: &$2) }
        bench.run(for: .minutes(5))
        #expect(bench.removal(of: slot) == at(100 + end))
        #expect(bench.exits.map(\.exitCode) == [code])
    }
}
