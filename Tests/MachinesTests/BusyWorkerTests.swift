import Chronology
import KubernetesAPI
import Testing

@testable import Machines

/// A pod's worker does to its end what it has begun, and stops the pod after that.
@Suite struct BusyWorkerTests {
    /// A machine with `app:1`, which pulls a megabyte per second.
    private func bench(_ change: (inout KubeletParameters) -> Void = { _ in }) -> (Bench, NodeSlot) {
        var parameters = KubeletParameters()
        parameters.nodeBandwidth = 1_000_000
        parameters.pullOverhead = .zero
        parameters.unpackRate = .max
        parameters.sandboxImage = ""
        change(&parameters)
        var catalogue = ImageCatalogue()
        catalogue.declare("a:1", layers: [ImageLayer(digest: "a", bytes: 40_000_000)])
        catalogue.declare("b:1", layers: [ImageLayer(digest: "b", bytes: 5_000_000)])
        var bench = Bench(parameters: parameters, catalogue: catalogue)
        let node = bench.addNode(images: ["app:1"])
        return (bench, node)
    }

    @Test(
        arguments: [
            // The pull is over at 40.5 s, and the process runs half a second later.
            ("in the pull", 10.0, 30, 1.0, 42.0), ("while its sandbox is made", 0.25, 30, 1.0, 42.0),
            ("while the process starts", 40.75, 30, 1.0, 42.0), ("the grace begins with the kill", 10, 30, 60, 71),
            ("grace zero is a second", 10, 0, 60, 43),
        ] as [(String, Double, Int64, Double, Double)])
    func `a pod that is deleted while its image comes starts first`(
        when: String, deleted: Double, grace: Int64, ending: Double, removed: Double
    ) {
        var (bench, node) = bench()
        let slot = bench.assign(
            makePod(image: "a:1"), .quick(.quick(terminationTime: at(ending).sinceStart)), to: node)
        bench.run(until: at(deleted))
        bench.act { $0.terminate(slot, gracePeriod: .seconds(grace), at: $1, into: &$2) }
        bench.run(until: at(300))
        #expect(bench.removal(of: slot) == at(removed), "\(when)")
        #expect(bench.pulls.map(\.outcome) == [.pulled] && bench.exits.map(\.finishedAt) == [at(removed)])
        #expect(bench.statuses(of: slot).last?.status.phase == .failed)
        #expect(bench.fleet.images(on: node).count == 2, "the image stays")
    }

    @Test func `the shortest of several graces counts, and a pod in the queue of pulls waits for its turn`() {
        var (bench, node) = bench()
        _ = bench.assign(makePod(image: "a:1"), to: node)
        let slot = bench.assign(makePod(image: "b:1"), .quick(.quick(terminationTime: .minutes(5))), to: node)
        bench.run(until: at(5))
        for grace in [20, 7, 30] as [Int64] {
            bench.act { $0.terminate(slot, gracePeriod: .seconds(grace), at: $1, into: &$2) }
        }
        bench.run(until: at(300))
        // 40 s for the first image, 5 for the second, half a second of start.
        #expect(bench.removal(of: slot) == at(46 + 7))
    }

    @Test func `a pod whose object is gone goes on all the same, and nobody is told`() {
        var (bench, node) = bench()
        let slot = bench.assign(makePod(image: "a:1"), to: node)
        bench.run(until: at(10))
        let told = bench.statuses(of: slot).count
        bench.act { $0.forget(slot, at: $1, into: &$2) }
        #expect(bench.fleet.pods(on: node) == [slot])
        bench.run(until: at(300))
        #expect(bench.exits.map(\.finishedAt) == [at(42)])
        #expect(bench.statuses(of: slot).count == told && bench.removal(of: slot) == nil)
        #expect(bench.fleet.pods(on: node).isEmpty)
    }

    @Test func `all main containers of the pass are started, and of the init containers only one`() {
        var (bench, node) = bench()
        let both = makePod(image: "a:1") { $0.containers.append(Container(name: "second", image: "b:1")) }
        let first = bench.assign(both, .quick(.quick(), .quick()), to: node)
        bench.run(until: at(10))
        bench.act { $0.terminate(first, gracePeriod: .seconds(30), at: $1, into: &$2) }
        bench.run(until: at(100))
        #expect(bench.exits.map(\.finishedAt) == [at(47.5), at(47.5)])
        let phased = makePod { $0.initContainers = [Container(name: "one", image: "app:1")] }
        let second = bench.assign(phased, .quick(.quick(runTime: .minutes(5)), .quick()), to: node)
        bench.run(until: at(100.25))
        bench.act { $0.terminate(second, gracePeriod: .seconds(30), at: $1, into: &$2) }
        bench.run(until: at(300))
        #expect(bench.exits.dropFirst(2).map(\.container) == [0])
        #expect(bench.removal(of: second) == at(102))
    }

    @Test func `a deadline waits for the pull as well, and a hook is not broken off`() {
        var (bench, node) = bench()
        let late = bench.assign(makePod(image: "a:1") { $0.activeDeadlineSeconds = 10 }, to: node)
        bench.run(until: at(100))
        let last = bench.statuses(of: late).last
        #expect(last?.at == at(42) && last?.status.phase == .failed && last?.status.reason == "DeadlineExceeded")
        let hooked = makePod {
            $0.containers[0].hasPostStart = true
            $0.containers[0].postStartSleepSeconds = 20
        }
        let slot = bench.assign(hooked, to: node)
        bench.run(until: at(110))
        let isGone = bench.act {
            $0.evict(slot, message: "m", grace: .seconds(1), isForTheNode: true, at: $1, into: &$2)
        }
        bench.run(until: at(300))
        // The process runs from 101 s on, its hook takes 20 s, and it ends in a second.
        #expect(isGone && bench.exits.last?.finishedAt == at(122))
        #expect(bench.fleet.status(of: slot)?.reason == "Evicted")
    }

    @Test func `a kill for a probe keeps its grace, and what it restarts is stopped after that`() {
        var (bench, node) = bench()
        var probe = Probe()
        probe.failureThreshold = 1
        let pod = makePod { $0.containers[0].livenessProbe = probe }
        var run = RunPlan.quick(terminationTime: .seconds(20))
        run.extras = RunExtras(livenessFailsAfter: .seconds(5))
        let slot = bench.assign(pod, .quick(run), to: node)
        bench.run(until: at(15))
        bench.act { $0.terminate(slot, gracePeriod: .seconds(5), at: $1, into: &$2) }
        bench.run(until: at(300))
        #expect(bench.exits.map(\.finishedAt) == [at(31), at(36.5)])
        #expect(bench.exits.map(\.exitCode) == [143, 137])
    }

    @Test func `a pull that fails frees the worker, and a machine that dies breaks pulls off`() {
        var (bench, node) = bench()
        let slot = bench.assign(makePod(image: "a:1"), to: node)
        bench.run(until: at(5))
        bench.act { $0.terminate(slot, gracePeriod: .seconds(30), at: $1, into: &$2) }
        bench.run(until: at(10))
        bench.act { $0.setRegistry("docker.io", isUp: false, at: $1, into: &$2) }
        #expect(bench.removal(of: slot) == at(10))
        bench.act { $0.setRegistry("docker.io", isUp: true, at: $1, into: &$2) }
        let (deleted, evicted) = (bench.assign(makePod(image: "a:1"), to: node), bench.assign(makePod(image: "b:1"), to: node))
        bench.run(until: at(20))
        bench.act { fleet, now, effects in
            fleet.terminate(deleted, gracePeriod: .seconds(30), at: now, into: &effects)
            fleet.evict(evicted, message: "m", grace: .zero, isForTheNode: true, at: now, into: &effects)
        }
        bench.run(until: at(30))
        bench.act { $0.powerOff(node, at: $1, into: &$2) }
        bench.act { $0.powerOn(node, at: $1, into: &$2) }
        #expect(bench.removal(of: deleted) == at(30))
        #expect(bench.pulls.dropFirst().map(\.outcome) == [.cancelled, .cancelled])
        bench.run(until: at(100))
        #expect(bench.fleet.status(of: evicted)?.phase == .running, "a kubelet that starts anew knows of no eviction")
    }
}
