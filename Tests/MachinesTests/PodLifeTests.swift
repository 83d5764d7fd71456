import Chronology
import KubernetesAPI
import Testing

@testable import Machines

@Suite struct PodLifeTests {
    @Test func `a cached pod is pending, then running and ready at once without a probe`() {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1"])
        let slot = bench.assign(makePod(), to: node)
        bench.run(for: .minutes(1))
        let statuses = bench.statuses(of: slot)
        #expect(statuses.map(\.at) == [at(0), at(1)])
        #expect(statuses.map(\.status.phase) == [.pending, .running])
        #expect(statuses[0].status.containerStatuses[0].state == .waiting(reason: "ContainerCreating"))
        #expect(statuses[0].status.startTime == at(0))
        #expect(statuses[0].status.conditions.named(Condition.ready)?.reason == "ContainersNotReady")
        #expect(statuses[1].status.conditions.named(Condition.ready)?.status == .true)
        #expect(bench.pulls.isEmpty)
    }

    @Test(arguments: [
        (RestartPolicy.never, Int32(0), PodPhase.succeeded, "Completed"),
        (.never, 3, .failed, "Error"),
        (.onFailure, 0, .succeeded, "Completed"),
    ])
    func `a run that ends ends the pod`(policy: RestartPolicy, code: Int32, phase: PodPhase, reason: String) {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1"])
        let slot = bench.assign(
            makePod(restart: policy), .quick(.quick(runTime: .seconds(60), exitCode: code)), to: node)
        bench.run(for: .minutes(5))
        let last = bench.statuses(of: slot).last
        #expect(last?.at == at(61))
        #expect(last?.status.phase == phase)
        #expect(
            last?.status.containerStatuses[0].state
                == .terminated(exitCode: code, reason: reason, startedAt: at(1), finishedAt: at(61)))
        #expect(last?.status.conditions.named(Condition.ready)?.status == .false)
        #expect(bench.exits.count == 1)
        #expect(bench.log.count == 5, "three statuses, one exit, and which image it ran")
    }

    @Test func `crash back-off is 0, 10, 20, 40 … 300 seconds`() {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1"])
        let slot = bench.assign(makePod(), .quick(.quick(runTime: .seconds(1), exitCode: 1)), to: node)
        bench.run(for: .hours(1))
        let exits = bench.exits
        let waits = zip(exits, exits.dropFirst()).map { ($1.startedAt - $0.finishedAt).nanoseconds / 500_000_000 }
        // Each wait is followed by half a second of start.
        #expect(waits.prefix(9) == [1, 21, 41, 81, 161, 321, 601, 601, 601])
        #expect(exits.map(\.restart).prefix(4) == [0, 1, 2, 3])
        let reasons = bench.statuses(of: slot).map { $0.status.containerStatuses[0].state }
        #expect(reasons.contains(.waiting(reason: "CrashLoopBackOff")))
        #expect(bench.statuses(of: slot).last?.status.phase == .running)
    }

    @Test(
        arguments: [
            // seconds of each run, the longest wait, the waits and half a second of start in halves of a second
            (400, 300, [1, 21, 41, 81, 161, 321, 400, 21, 41]), (1, 5, [1, 11, 11, 11]),
        ] as [(Int64, Int64, [Int64])])
    func `the back-off is forgotten ten minutes after a restart, and begins no longer than it may be`(
        run: Int64, longest: Int64, expected: [Int64]
    ) {
        var parameters = KubeletParameters()
        parameters.crashBackOffMax = .seconds(longest)
        var bench = Bench(parameters: parameters)
        let node = bench.addNode(images: ["app:1"])
        _ = bench.assign(makePod(), .quick(.quick(runTime: .seconds(run), exitCode: 1)), to: node)
        bench.run(for: .hours(3))
        let waits = zip(bench.exits, bench.exits.dropFirst()).map { ($1.startedAt - $0.finishedAt).nanoseconds / 500_000_000 }
        #expect(Array(waits.prefix(expected.count)) == expected)
    }

    @Test func `a container is shown as backing off until it runs again`() {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1"])
        let slot = bench.assign(makePod(), .quick(.quick(runTime: .seconds(1), exitCode: 1)), to: node)
        // Crashed at 2 and 3.5 s; starting again from 13.5 s on.
        bench.run(until: at(13.75))
        bench.act { $0.post(Int(slot.index), at: $1, into: &$2) }
        #expect(bench.fleet.status(of: slot)?.containerStatuses[0].state == .waiting(reason: "CrashLoopBackOff"))
    }

    @Test func `a run of more than ten minutes resets the back-off`() {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1"])
        let slot = bench.assign(makePod(), .quick(.quick(runTime: .seconds(1), exitCode: 1)), to: node)
        bench.run(for: .seconds(60))
        // Three crashes so far; now one long run.
        bench.act { fleet, _, _ in
            fleet.setRun(.quick(runTime: .minutes(11), exitCode: 1), of: slot, container: 0)
        }
        bench.run(for: .hours(1))
        let exits = bench.exits
        guard let long = exits.firstIndex(where: { $0.finishedAt - $0.startedAt == .minutes(11) }) else {
            Issue.record("no long run")
            return
        }
        #expect(exits[long + 1].startedAt - exits[long].finishedAt == .milliseconds(500))
    }

    @Test(arguments: [
        // initialDelay, period, successThreshold, readyAfter, seconds from start to ready
        (0, 10, 1, 0.0, 0.0), (0, 10, 1, 0.1, 10), (5, 10, 1, 0, 5), (5, 10, 1, 5.5, 15), (5, 3, 2, 7, 11),
    ])
    func `readiness comes on the grid of the probe`(
        delay: Int64, period: Int64, threshold: Int64, readyAfter: Double, expected: Double
    ) {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1"])
        let pod = makePod {
            var probe = Probe()
            probe.initialDelaySeconds = delay
            probe.periodSeconds = period
            probe.successThreshold = threshold
            $0.containers[0].readinessProbe = probe
        }
        let slot = bench.assign(pod, .quick(.quick(readyAfter: at(readyAfter).sinceStart)), to: node)
        bench.run(for: .minutes(2))
        #expect(bench.time(of: Condition.ready, slot) == at(1 + expected))
    }

    @Test func `a container that never becomes ready never is`() {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1"])
        let slot = bench.assign(
            makePod { $0.containers[0].readinessProbe = Probe() }, .quick(.quick(readyAfter: nil)), to: node)
        bench.run(for: .hours(2))
        #expect(bench.time(of: Condition.ready, slot) == nil)
        #expect(bench.statuses(of: slot).last?.status.phase == .running)
    }

    @Test func `a startup probe delays readiness, and kills a container that takes too long`() {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1"])
        let pod = makePod {
            $0.containers[0].startupProbe = Probe()
            $0.containers[0].readinessProbe = Probe()
        }
        let slow = bench.assign(pod, .quick(.quick(readyAfter: .seconds(15))), to: node)
        let dead = bench.assign(pod, .quick(.quick(readyAfter: .seconds(300))), to: node)
        bench.run(for: .minutes(1))
        #expect(bench.time(of: Condition.ready, slow) == at(21))
        // Three probes, 10 s apart, the timeout of the last, and a second to stop.
        #expect(bench.exits.first { $0.pod == dead }?.finishedAt == at(23))
    }

    @Test func `init containers run in order, before the main ones, with a sidecar beside`() {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1", "init:1"])
        let pod = makePod(restart: .never) {
            var sidecar = Container(name: "side", image: "init:1")
            sidecar.restartPolicy = .always
            $0.initContainers = [
                Container(name: "one", image: "init:1"), sidecar, Container(name: "two", image: "init:1"),
            ]
        }
        let plan = PodPlan.quick(
            .quick(runTime: .seconds(5)), .quick(), .quick(runTime: .seconds(7)), .quick(runTime: .seconds(20)))
        let slot = bench.assign(pod, plan, to: node)
        bench.run(for: .minutes(5))
        // 0.5 sandbox; one 1–6; side from 6.5; two 7–14; main 14.5–34.5; then the sidecar stops in a second.
        #expect(bench.exits.map(\.container) == [0, 2, 3, 1])
        #expect(bench.exits.map(\.finishedAt) == [at(6), at(14), at(34.5), at(35.5)])
        #expect(bench.time(of: Condition.initialized, slot) == at(14.5))
        #expect(bench.statuses(of: slot).last?.status.phase == .succeeded)
        #expect(bench.statuses(of: slot).last?.at == at(35.5))
        // That the work is over shows at once, not only when the sidecar has ended as well.
        let over = bench.statuses(of: slot).last { $0.at == at(34.5) }?.status
        #expect(over?.phase == .running && over?.conditions.isTrue(Condition.ready) == false)
        if case .terminated? = over?.containerStatuses.first?.state {} else { Issue.record("main is told as running") }
    }

    @Test func `a failed init container ends a pod that is never restarted`() {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1"])
        let pod = makePod(restart: .never) { $0.initContainers = [Container(name: "one", image: "app:1")] }
        let slot = bench.assign(pod, .quick(.quick(runTime: .seconds(5), exitCode: 2)), to: node)
        bench.run(for: .minutes(5))
        #expect(bench.statuses(of: slot).last?.status.phase == .failed)
        #expect(bench.exits.map(\.exitCode) == [2])
    }

    @Test func `activeDeadlineSeconds fail a pod`() {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1"])
        let slot = bench.assign(makePod { $0.activeDeadlineSeconds = 100 }, to: node)
        bench.run(for: .minutes(5))
        let last = bench.statuses(of: slot).last
        #expect(last?.at == at(101))
        #expect(last?.status.phase == .failed)
        #expect(last?.status.reason == "DeadlineExceeded")
        #expect(bench.removal(of: slot) == nil)
    }

    @Test func `the status that is posted keeps what others wrote`() {
        var stored = PodStatus()
        stored.nominatedNodeName = "n9"
        stored.conditions = [Condition(Condition.disruptionTarget, .true, at: at(5))]
        var posted = PodStatus()
        posted.phase = .running
        posted.conditions = [Condition(Condition.ready, .true, at: at(1))]
        let merged = stored.merging(posted: posted)
        #expect(merged.phase == .running)
        #expect(merged.nominatedNodeName == "n9")
        #expect(merged.conditions.map(\.type) == [Condition.disruptionTarget, Condition.ready])
        stored.phase = .failed
        #expect(stored.merging(posted: posted).phase == .failed)
    }
}
