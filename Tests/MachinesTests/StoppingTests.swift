import Chronology
import KubernetesAPI
import Testing

@testable import Machines

@Suite struct StoppingTests {
    @Test(arguments: [
        // preStop sleep, termination time, grace, seconds until the end, exit code
        (0, 5, 30, 5, Int32(143)), (0, 60, 30, 30, 137), (10, 5, 30, 15, 143), (10, 25, 30, 30, 137),
        (40, 1, 30, 31, 143), (40, 10, 30, 32, 137), (0, 5, 0, 2, 137), (0, 1, 0, 1, 143),
    ])
    func `a container stops in its own time or is killed`(
        sleep: Int64, stopTime: Int64, grace: Int64, end: Int64, code: Int32
    ) {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1"])
        let pod = makePod { if sleep > 0 { $0.containers[0].preStop = .sleep(seconds: sleep) } }
        let slot = bench.assign(pod, .quick(.quick(terminationTime: .seconds(stopTime))), to: node)
        bench.run(for: .seconds(100))
        bench.act { $0.terminate(slot, gracePeriod: .seconds(grace), at: $1, into: &$2) }
        bench.run(for: .minutes(5))
        #expect(bench.exits.map(\.exitCode) == [code])
        #expect(bench.removal(of: slot) == at(100) + .seconds(end))
        #expect(bench.statuses(of: slot).last?.status.phase == .failed)
    }

    @Test(
        arguments: [
            // preStop sleep, grace, the grace of a second deletion, seconds until SIGTERM
            (0, 30, nil, 0), (10, 30, nil, 10), (40, 30, nil, 30), (10, 0, nil, 1), (10, 30, 4, 4), (3, 30, 4, 3),
        ] as [(Int64, Int64, Int64?, Int64)])
    func `who asks hears when a container gets SIGTERM`(
        sleep: Int64, grace: Int64, second: Int64?, signal: Int64
    ) {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1"])
        let pod = makePod { if sleep > 0 { $0.containers[0].preStop = .sleep(seconds: sleep) } }
        let slot = bench.assign(pod, .quick(.quick(terminationTime: .seconds(60))), to: node)
        bench.run(for: .seconds(100))
        for grace in [grace, second].compactMap({ $0 }) {
            let before = bench.fleet.signalTime(of: 0, of: slot, gracePeriod: .seconds(grace), at: at(100))
            bench.act { $0.terminate(slot, gracePeriod: .seconds(grace), at: $1, into: &$2) }
            let after = bench.fleet.signalTime(of: 0, of: slot, gracePeriod: .seconds(grace), at: at(100))
            if second == nil { #expect(before == after) }
        }
        let last = bench.fleet.signalTime(of: 0, of: slot, gracePeriod: .seconds(grace), at: at(100))
        #expect(last == at(100) + .seconds(signal))
    }

    @Test func `a second deletion can only shorten the grace period`() {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1"])
        let slot = bench.assign(makePod(), .quick(.quick(terminationTime: .seconds(500))), to: node)
        bench.run(for: .seconds(100))
        for grace in [300, 20, 40] as [Int64] {
            bench.act { $0.terminate(slot, gracePeriod: .seconds(grace), at: $1, into: &$2) }
        }
        bench.run(for: .minutes(20))
        #expect(bench.removal(of: slot) == at(120))
        #expect(bench.exits.count == 1)
    }

    @Test func `a pod that vanishes is stopped with its own grace, and nobody is told`() {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1"])
        let pod = makePod { $0.terminationGracePeriodSeconds = 12 }
        let slot = bench.assign(pod, .quick(.quick(terminationTime: .minutes(1))), to: node)
        bench.run(for: .seconds(10))
        bench.act { $0.forget(slot, at: $1, into: &$2) }
        bench.run(for: .minutes(5))
        #expect(bench.exits.map(\.finishedAt) == [at(22)])
        #expect(bench.statuses(of: slot).count == 2)
        #expect(bench.removal(of: slot) == nil)
        #expect(bench.fleet.pods(on: node).isEmpty)
    }

    @Test func `sidecars stop in reverse order, after the main containers, with what is left of the grace`() {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1"])
        let pod = makePod {
            $0.initContainers = ["a", "b"].map {
                var sidecar = Container(name: $0, image: "app:1")
                sidecar.restartPolicy = .always
                return sidecar
            }
        }
        func run(_ seconds: Int64) -> RunPlan { .quick(terminationTime: .seconds(seconds)) }
        let slot = bench.assign(pod, .quick(run(60), run(4), run(10)), to: node)
        bench.run(for: .seconds(100))
        bench.act { $0.terminate(slot, gracePeriod: .seconds(30), at: $1, into: &$2) }
        bench.run(for: .minutes(5))
        // Main 10 s, then b 4 s, then a until the 30 s are over.
        #expect(bench.exits.map(\.container) == [2, 1, 0])
        #expect(bench.exits.map(\.finishedAt) == [at(110), at(114), at(130)])
        #expect(bench.exits.map(\.exitCode) == [143, 143, 137])
    }

    @Test func `a sidecar waits no longer than the grace period`() {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1"])
        let pod = makePod {
            var sidecar = Container(name: "side", image: "app:1")
            sidecar.restartPolicy = .always
            $0.initContainers = [sidecar]
            $0.containers[0].preStop = .sleep(seconds: 60)
        }
        let slot = bench.assign(
            pod, .quick(.quick(terminationTime: .seconds(1)), .quick(terminationTime: .seconds(60))), to: node)
        bench.run(for: .seconds(100))
        bench.act { $0.terminate(slot, gracePeriod: .seconds(10), at: $1, into: &$2) }
        bench.run(for: .minutes(5))
        // The sidecar has its SIGTERM at the deadline and ends in a second; the main container is killed.
        #expect(bench.exits.map(\.container) == [0, 1])
        #expect(bench.exits.map(\.finishedAt) == [at(111), at(112)])
        #expect(bench.removal(of: slot) == at(112))
    }

    @Test func `a pod that is deleted while it initializes fails without having run`() {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1"])
        let pod = makePod { $0.initContainers = [Container(name: "one", image: "app:1")] }
        let slot = bench.assign(pod, .quick(.quick(runTime: .minutes(5)), .quick()), to: node)
        bench.run(for: .seconds(60))
        bench.act { $0.terminate(slot, gracePeriod: .seconds(30), at: $1, into: &$2) }
        bench.run(for: .minutes(5))
        let last = bench.statuses(of: slot).last?.status
        #expect(bench.removal(of: slot) == at(61))
        #expect(last?.phase == .failed)
        #expect(last?.containerStatuses[0].state == .waiting(reason: "PodInitializing"))
    }

    @Test(arguments: [
        (RestartRule(operator: .in, exitCodes: [3]), Int32(3), true), (RestartRule(operator: .in, exitCodes: [4]), 3, false),
        (RestartRule(operator: .notIn, exitCodes: [4]), 3, true),
    ])
    func `a rule of a container restarts it where its policy would not`(rule: RestartRule, code: Int32, restarts: Bool) {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1"])
        let pod = makePod(restart: .never) {
            $0.containers[0].restartPolicy = .never
            $0.containers[0].restartPolicyRules = [rule]
        }
        let slot = bench.assign(pod, .quick(.quick(runTime: .seconds(5), exitCode: code)), to: node)
        bench.run(for: .minutes(1))
        #expect((bench.exits.count > 1) == restarts)
        #expect((bench.fleet.status(of: slot)?.phase == .failed) == !restarts)
    }

    @Test func `a forgotten pod does nothing more and its slot is used again`() {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1"])
        let first = bench.assign(makePod(), .quick(.quick(runTime: .seconds(60))), to: node)
        bench.run(for: .seconds(10))
        bench.act { $0.forget(first, at: $1, into: &$2) }
        bench.run(for: .seconds(10))
        let second = bench.assign(makePod(), to: node)
        bench.run(for: .minutes(5))
        #expect(second.index == first.index && second.generation == first.generation + 1)
        #expect(bench.statuses(of: first).count == 2)
        #expect(bench.fleet.status(of: first) == nil)
        #expect(bench.fleet.pods(on: node) == [second])
        #expect(bench.exits.map(\.pod) == [first])
    }
}
