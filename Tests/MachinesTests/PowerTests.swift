import Chronology
import KubernetesAPI
import Testing

@testable import Machines

@Suite struct PowerTests {
    @Test func `a reboot restarts containers without pulling again`() {
        var bench = Bench()
        let node = bench.addNode()
        let slot = bench.assign(makePod(), to: node)
        bench.run(for: .minutes(5))
        bench.act { $0.powerOff(node, at: $1, into: &$2) }
        let silent = bench.statuses(of: slot).count
        bench.run(for: .minutes(5))
        #expect(bench.statuses(of: slot).count == silent, "a machine that is off posts nothing")
        bench.act { $0.powerOn(node, at: $1, into: &$2) }
        bench.run(for: .minutes(5))
        let last = bench.statuses(of: slot).last
        #expect(last?.at == at(601))
        #expect(last?.status.phase == .running)
        #expect(last?.status.containerStatuses[0].restartCount == 1)
        #expect(
            last?.status.containerStatuses[0].lastTermination.map {
                if case .terminated(255, "Unknown", _, at(300)) = $0 { true } else { false }
            } == true)
        #expect(bench.pulls.count == 1)
        #expect(bench.log.contains { $0.effect == .runWanted(slot, container: 0, restart: 1) })
    }

    @Test func `a pod that is never restarted fails with its machine`() {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1"])
        let slot = bench.assign(makePod(restart: .never), .quick(.quick(runTime: .hours(1))), to: node)
        bench.run(for: .minutes(1))
        bench.act { $0.powerOff(node, at: $1, into: &$2) }
        bench.act { $0.powerOn(node, at: $1, into: &$2) }
        bench.run(for: .hours(2))
        #expect(bench.statuses(of: slot).last?.status.phase == .failed)
        #expect(bench.exits.count == 1)
    }

    @Test func `what was deleted while the machine was off is removed when it is back`() {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1"])
        let slot = bench.assign(makePod(), to: node)
        bench.run(for: .minutes(1))
        bench.act { $0.powerOff(node, at: $1, into: &$2) }
        bench.act { $0.terminate(slot, gracePeriod: .seconds(30), at: $1, into: &$2) }
        let late = bench.assign(makePod(), to: node)
        bench.run(for: .minutes(1))
        #expect(bench.removal(of: slot) == nil)
        bench.act { $0.powerOn(node, at: $1, into: &$2) }
        bench.run(for: .minutes(1))
        #expect(bench.removal(of: slot) == at(120))
        #expect(bench.time(of: Condition.ready, late) == at(121))
    }

    @Test func `an imported pod goes on as it was`() {
        var bench = Bench()
        let node = bench.addNode()
        var pod = makePod()
        var main = ContainerStatus(name: "main", state: .running(startedAt: at(-100)))
        main.ready = true
        main.started = true
        main.restartCount = 4
        pod.status.phase = .running
        pod.status.containerStatuses = [main]
        pod.status.startTime = at(-101)
        pod.status.conditions = [Condition(Condition.ready, .true, at: at(-90))]
        let slot = bench.act {
            $0.adopt(pod, plan: .quick(.quick(runTime: .seconds(150))), on: node, at: $1, into: &$2)
        }
        bench.run(for: .seconds(49))
        #expect(bench.fleet.status(of: slot)?.conditions.named(Condition.ready)?.lastTransitionTime == at(-90))
        var statuses = bench.fleet.status(of: slot)?.containerStatuses ?? []
        #expect(statuses.first?.imageID.hasPrefix("docker.io/library/app@sha256:") == true)
        for place in statuses.indices { statuses[place].imageID = "" }
        #expect(statuses == [main])
        bench.run(for: .seconds(20))
        #expect(bench.exits.map(\.finishedAt) == [at(50)])
        // The fifth restart waits for 80 s.
        bench.run(for: .seconds(60))
        #expect(bench.fleet.status(of: slot)?.containerStatuses[0].restartCount == 4)
        bench.run(for: .seconds(3))
        #expect(bench.fleet.status(of: slot)?.containerStatuses[0].restartCount == 5)
        #expect(bench.pulls.isEmpty)
    }

    @Test(
        "a container that crashed before its machine was taken over waits for the rest of its back-off",
        arguments: [(1, 4, 6), (3, 10, 30), (9, 100, 200), (2, 60, 0)] as [(Int32, Double, Int64)])
    func backOffGoesOn(restarts: Int32, ended: Double, runs: Int64) {
        var bench = Bench()
        let node = bench.addNode()
        var pod = makePod()
        var main = ContainerStatus(name: "main", state: .waiting(reason: "CrashLoopBackOff"))
        main.restartCount = restarts
        main.lastTermination = .terminated(
            exitCode: 1, reason: "Error", startedAt: at(-ended - 5), finishedAt: at(-ended))
        pod.status.phase = .running
        pod.status.containerStatuses = [main]
        let slot = bench.act { $0.adopt(pod, plan: .quick(.quick()), on: node, at: $1, into: &$2) }
        if runs > 0 {
            bench.run(for: .seconds(runs - 1))
            #expect(bench.fleet.status(of: slot)?.containerStatuses[0].state == .waiting(reason: "CrashLoopBackOff"))
            #expect(bench.fleet.status(of: slot)?.containerStatuses[0].restartCount == restarts)
        }
        bench.run(for: .seconds(3))
        #expect(bench.fleet.isRunning(slot, container: 0))
        #expect(bench.fleet.status(of: slot)?.containerStatuses[0].restartCount == restarts + 1)
    }
}
