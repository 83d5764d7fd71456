import Chronology
import KubernetesAPI
import Testing

@testable import Machines

@Suite struct StoppingTests {
    @Test(arguments: [
        // preStop sleep, termination time, grace, seconds until the end, exit code
        (0, 5, 30, 5, Int32(143)), (0, 60, 30, 30, 137), (10, 5, 30, 15, 143), (10, 25, 30, 30, 137),
        (40, 1, 30, 31, 143), (40, 10, 30, 32, 137), (0, 5, 0, 0, 137),
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

    @Test func `a pod whose image is still on its way is removed at once`() {
        var bench = Bench()
        let node = bench.addNode()
        let slot = bench.assign(makePod(), to: node)
        bench.run(for: .seconds(1))
        bench.act { $0.terminate(slot, gracePeriod: .seconds(30), at: $1, into: &$2) }
        bench.run(for: .minutes(5))
        #expect(bench.removal(of: slot) == at(1))
        #expect(bench.pulls.map(\.outcome) == [.cancelled])
        #expect(bench.statuses(of: slot).last?.status.phase == .failed)
    }

    @Test func `a forgotten pod does nothing more and its slot is used again`() {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1"])
        let first = bench.assign(makePod(), .quick(.quick(runTime: .seconds(60))), to: node)
        bench.run(for: .seconds(10))
        bench.act { $0.forget(first, at: $1, into: &$2) }
        let second = bench.assign(makePod(), to: node)
        bench.run(for: .minutes(5))
        #expect(second.index == first.index && second.generation == first.generation + 1)
        #expect(bench.statuses(of: first).count == 2)
        #expect(bench.fleet.status(of: first) == nil)
        #expect(bench.fleet.pods(on: node) == [second])
        #expect(bench.exits.map(\.pod) == [first])
    }
}
