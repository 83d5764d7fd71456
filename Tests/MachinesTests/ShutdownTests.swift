import Chronology
import KubernetesAPI
import Testing

@testable import Machines

@Suite struct ShutdownTests {
    private func bench(_ grace: Int64, critical: Int64) -> Bench {
        var parameters = KubeletParameters()
        parameters.shutdownGracePeriod = .seconds(grace)
        parameters.shutdownGracePeriodCriticalPods = .seconds(critical)
        return Bench(parameters: parameters)
    }

    private func end(_ bench: Bench) -> Instant? {
        bench.log.first { if case .shutDown = $0.effect { true } else { false } }?.at
    }

    @Test func `without grace the power may go at once`() {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1"])
        let slot = bench.assign(makePod(), to: node)
        bench.run(for: .seconds(60))
        bench.act { $0.beginShutdown(node, at: $1, into: &$2) }
        #expect(end(bench) == at(60))
        #expect(bench.fleet.status(of: slot)?.phase == .running)
    }

    @Test func `ordinary pods end first, critical ones after them`() {
        var bench = bench(30, critical: 10)
        let node = bench.addNode(images: ["app:1"])
        let ordinary = bench.assign(makePod(), .quick(.quick(terminationTime: .seconds(5))), to: node)
        let critical = bench.assign(
            makePod { $0.priority = 2_000_001_000 }, .quick(.quick(terminationTime: .seconds(60))), to: node)
        bench.run(for: .seconds(100))
        bench.act { $0.beginShutdown(node, at: $1, into: &$2) }
        bench.run(for: .minutes(5))
        #expect(bench.exits.map(\.finishedAt) == [at(105), at(115)])
        #expect(bench.exits.map(\.exitCode) == [143, 137])
        #expect(end(bench) == at(115))
        for slot in [ordinary, critical] {
            let status = bench.fleet.status(of: slot)
            #expect(status?.phase == .failed && status?.reason == "Terminated")
            #expect(status?.message == "Pod was terminated in response to imminent node shutdown.")
            #expect(status?.conditions.named(Condition.disruptionTarget)?.reason == "TerminationByKubelet")
            #expect(bench.removal(of: slot) == nil)
        }
    }

    @Test func `a group whose time is over is left to its fate`() {
        var bench = bench(20, critical: 0)
        let node = bench.addNode(images: ["app:1"])
        let pod = makePod { $0.containers[0].preStop = .sleep(seconds: 60) }
        _ = bench.assign(pod, .quick(.quick(terminationTime: .seconds(60))), to: node)
        bench.run(for: .seconds(100))
        bench.act { $0.beginShutdown(node, at: $1, into: &$2) }
        bench.run(for: .minutes(5))
        #expect(end(bench) == at(120))
        #expect(bench.exits.map(\.finishedAt) == [at(122)], "two seconds after a hook that took all the grace")
    }

    @Test func `a machine that shuts down takes no more pods`() {
        var bench = bench(30, critical: 0)
        let node = bench.addNode(images: ["app:1"])
        var object = Node(metadata: ObjectMeta(name: "n1"))
        object.status.allocatable = [.cpu: Quantity(1), .pods: Quantity(10)]
        bench.fleet.observe(object, as: node)
        _ = bench.assign(makePod(), to: node)
        bench.run(for: .seconds(60))
        bench.act { $0.beginShutdown(node, at: $1, into: &$2) }
        let late = bench.assign(makePod(), to: node)
        #expect(bench.fleet.status(of: late)?.reason == "NodeShutdown")
        #expect(
            bench.fleet.status(of: late)?.message == "Pod was rejected: Pod was rejected as the node is shutting down.")
    }

    @Test(arguments: [(Int32(-5), 0), (0, 0), (9, 0), (10, 1), (99, 1), (100, 2), (500, 2)])
    func `a pod belongs to the highest group that is not above it`(priority: Int32, group: Int) {
        var parameters = KubeletParameters()
        parameters.shutdownGracePeriodByPodPriority = [100, 0, 10].map { ShutdownGrace(priority: $0, seconds: 1) }
        #expect(KubeletParameters.group(of: priority, in: parameters.shutdownGroups) == group)
    }
}
