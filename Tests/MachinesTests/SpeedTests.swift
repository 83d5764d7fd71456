import Chronology
import KubernetesAPI
import Testing

@testable import Machines

@Suite("A run takes longer with less CPU")
struct SpeedTests {
    /// The process of a quick pod runs from 1 s on.
    private func bench(runTime: Int64?) -> (bench: Bench, slot: PodSlot) {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1"])
        let plan = PodPlan.quick(.quick(runTime: runTime.map { .seconds($0) }))
        let slot = bench.assign(makePod(restart: .never), plan, to: node)
        return (bench, slot)
    }

    @Test("half the speed for the second half makes it half as long again")
    func half() {
        var (bench, slot) = bench(runTime: 100)
        bench.run(until: at(51))
        bench.act { $0.setSpeed(slot, permille: 500, at: $1, into: &$2) }
        bench.run(until: at(400))
        #expect(bench.exits.map(\.finishedAt) == [at(151)])
        #expect(bench.exits.map(\.workDone) == [.seconds(100)])
    }

    @Test("a run that stands still ends when it may go on, and one back at full speed as planned")
    func still() {
        var (bench, slot) = bench(runTime: 100)
        bench.run(until: at(41))
        bench.act { $0.setSpeed(slot, permille: 0, at: $1, into: &$2) }
        bench.run(until: at(1_000))
        #expect(bench.exits.isEmpty)
        bench.act { $0.setSpeed(slot, permille: 1_000, at: $1, into: &$2) }
        bench.run(until: at(2_000))
        #expect(bench.exits.map(\.finishedAt) == [at(1_060)])
    }

    @Test("a speed that was set before the process ran counts from its start")
    func before() {
        var (bench, slot) = bench(runTime: 30)
        bench.act { $0.setSpeed(slot, permille: 300, at: $1, into: &$2) }
        bench.run(until: at(500))
        #expect(bench.exits.map(\.finishedAt) == [at(101)])
    }

    @Test("a run that is broken off tells of the work that it did")
    func broken() {
        var (bench, slot) = bench(runTime: nil)
        bench.run(until: at(11))
        bench.act { $0.setSpeed(slot, permille: 250, at: $1, into: &$2) }
        bench.run(until: at(31))
        bench.act { $0.crash(slot, container: 0, exitCode: 137, reason: "OOMKilled", at: $1, into: &$2) }
        #expect(bench.exits.map(\.workDone) == [.seconds(15)])
        #expect(bench.exits.map(\.reason) == ["OOMKilled"])
    }

    @Test("a start that takes a hundred years takes no longer on a slow machine than can be counted")
    func endless() {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1"])
        bench.act { $0.setMachineSpeed(node, permille: 100, at: $1, into: &$2) }
        var run = RunPlan.quick()
        run.startDelay = .days(36_500)
        let slot = bench.assign(makePod(), .quick(run), to: node)
        bench.run(until: at(1_000))
        #expect(bench.time(of: Condition.ready, slot) == nil)
    }

    @Test("an evicted pod has a second to end, and says why it failed")
    func evict() throws {
        var (bench, slot) = bench(runTime: nil)
        bench.run(until: at(10))
        let isGone = bench.act {
            $0.evict(slot, message: "short", grace: .seconds(1), isForTheNode: true, at: $1, into: &$2)
        }
        #expect(isGone)
        bench.run(until: at(20))
        let last = try #require(bench.statuses(of: slot).last)
        #expect(last.at == at(11))
        #expect(last.status.phase == .failed && last.status.reason == "Evicted" && last.status.message == "short")
        #expect(last.status.conditions.named(Condition.disruptionTarget)?.reason == "TerminationByKubelet")
        // What the kubelet says of the disruption reaches the API server; what others say stays otherwise.
        var stored = PodStatus()
        stored.conditions.set(Condition(Condition.disruptionTarget, .true, reason: "EvictionByEvictionAPI", at: .start))
        let merged = stored.merging(posted: last.status)
        #expect(merged.conditions.filter { $0.type == Condition.disruptionTarget }.map(\.reason) == ["TerminationByKubelet"])
        let again = bench.act {
            $0.evict(slot, message: "short", grace: .seconds(1), isForTheNode: true, at: $1, into: &$2)
        }
        #expect(!again)
    }

    @Test(
        "a pod that ends well when it is evicted has succeeded, unless its time was up",
        arguments: [
            (Int32(0), false, PodPhase.succeeded, ""), (1, false, .failed, "Evicted"), (0, true, .failed, "DeadlineExceeded"),
        ])
    func endsWell(exitCode: Int32, isLate: Bool, phase: PodPhase, reason: String) throws {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1"])
        var run = RunPlan.quick(terminationTime: .milliseconds(500))
        run.stopExitCode = exitCode
        let slot = bench.assign(makePod { if isLate { $0.activeDeadlineSeconds = 10 } }, .quick(run), to: node)
        bench.run(until: at(10))
        if !isLate {
            _ = bench.act { $0.evict(slot, message: "short", grace: .seconds(1), isForTheNode: true, at: $1, into: &$2) }
        }
        bench.run(until: at(20))
        let last = try #require(bench.statuses(of: slot).last)
        #expect(last.at == at(10.5) && last.status.phase == phase && last.status.reason == reason)
        #expect(last.status.message.isEmpty == reason.isEmpty)
        #expect(last.status.conditions.isTrue(Condition.disruptionTarget) != isLate)
    }

    @Test("a container that waits to run again has failed when its pod is evicted, however it ended")
    func backingOff() {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1"])
        let slot = bench.assign(makePod(), .quick(.quick(runTime: .seconds(1))), to: node)
        bench.run(until: at(10))
        _ = bench.act { $0.evict(slot, message: "short", grace: .seconds(1), isForTheNode: true, at: $1, into: &$2) }
        let status = bench.fleet.status(of: slot)
        #expect(status?.phase == .failed && status?.reason == "Evicted")
        #expect(
            status?.containerStatuses[0].state
                == .terminated(exitCode: 137, reason: "ContainerStatusUnknown", startedAt: at(10), finishedAt: at(10)))
        #expect(
            status?.containerStatuses[0].lastTermination
                == .terminated(exitCode: 0, reason: "Completed", startedAt: at(2.5), finishedAt: at(3.5)))
    }

    @Test("images that nobody uses are deleted, except those of a moment ago")
    func images() {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1", "old:1"])
        _ = bench.assign(makePod(), to: node)
        bench.run(until: at(60))
        let early = bench.act { $0.deleteUnusedImages(on: node, at: $1, into: &$2) }
        #expect(early == 0)
        bench.run(until: at(180))
        let late = bench.act { $0.deleteUnusedImages(on: node, at: $1, into: &$2) }
        #expect(late > 0)
        let names = bench.fleet.images(on: node).flatMap(\.names)
        #expect(names.contains { $0.contains("app") } && !names.contains { $0.contains("old") })
    }

    @Test("the images of pods that are over are deleted as well")
    func imagesOfFinishedPods() {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1"])
        let plan = PodPlan.quick(.quick(runTime: .seconds(10)))
        _ = bench.assign(makePod(restart: .never), plan, to: node)
        bench.run(until: at(180))
        let before = bench.fleet.imageDiskUse(on: node)
        let freed = bench.act { $0.deleteUnusedImages(on: node, at: $1, into: &$2) }
        #expect(freed > 0 && bench.fleet.imageDiskUse(on: node) == before - freed)
        #expect(!bench.fleet.images(on: node).contains { image in image.names.contains { $0.contains("app") } })
        #expect(bench.fleet.imageStoreProblem() == nil)
    }

    static let hangs: [(name: String, permille: Int64, end: Double?)] = [
        ("at full speed it ends before it hangs", 1_000, 101), ("at 90 % just so", 900, 1 + 10 + 100),
        ("at half the speed it hangs first", 500, nil),
    ]

    @Test("a run that hangs before its end never ends by itself", arguments: hangs.indices)
    func hang(index: Int) {
        let (name, permille, end) = Self.hangs[index]
        var bench = Bench()
        let node = bench.addNode(images: ["app:1"])
        var run = RunPlan.quick(runTime: .seconds(100))
        run.extras = RunExtras(hangsAfter: .seconds(110))
        let slot = bench.assign(makePod(restart: .never), .quick(run), to: node)
        bench.run(until: at(11))
        bench.act { $0.setSpeed(slot, permille: permille, at: $1, into: &$2) }
        bench.run(until: at(1_000))
        #expect(bench.exits.map(\.finishedAt) == (end.map { [at($0)] } ?? []), "\(name)")
    }

    @Test("a kubelet under pressure refuses a best-effort pod, and takes others")
    func admission() throws {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1"])
        bench.act { fleet, _, _ in fleet.setPressure([.memory], on: node) }
        let refused = bench.assign(makePod(), to: node)
        bench.run(until: at(5))
        let status = try #require(bench.statuses(of: refused).last).status
        #expect(status.phase == .failed && status.reason == "Evicted")
        #expect(status.message == "Pod was rejected: The node had condition: [MemoryPressure]. ")
        bench.act { fleet, _, _ in fleet.setPressure([], on: node) }
        let taken = bench.assign(makePod(), to: node)
        bench.run(until: at(10))
        #expect(try #require(bench.statuses(of: taken).last).status.phase == .running)
    }
}
