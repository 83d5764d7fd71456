import Chronology
import ControlPlane
import KubernetesAPI
import Scheduler
import SchedulingFramework
import Testing

@Suite struct PermitTests {
    private static let pod = Make.pod("p", uid: 1, cpu: "2")
    private static let holding = Scripted(permit: { _, _ in .wait(.seconds(90)) })

    @Test("a pod that has to wait keeps its node, and goes on when the plugin allows it")
    func allowed() throws {
        let scheduler = Self.holding.scheduler()
        scheduler.observe(.added(.pod(Self.pod)))
        let attempt = try #require(scheduler.attempt())
        #expect(attempt.node == "a")
        #expect(attempt.binding.word == "wait")
        #expect(attempt.announcesNode)
        #expect(scheduler.waitingPods.map(\.holders) == [["Scripted"]])
        #expect(scheduler.counts.assumed == 1)
        scheduler.allow(Self.pod.metadata.uid, "Another", now: .at(1))
        #expect(scheduler.takeBindingTasks().isEmpty)
        scheduler.allow(Self.pod.metadata.uid, "Scripted", now: .at(2))
        #expect(scheduler.takeBindingTasks().map(\.step.word) == ["bind"])
        #expect(scheduler.waitingPods.isEmpty)
    }

    @Test("a node that the pod's status names already is not announced", arguments: ["a", "b", nil])
    func announced(nomination: String?) {
        var pod = Self.pod
        pod.status.nominatedNodeName = nomination
        let scheduler = Self.holding.scheduler()
        scheduler.observe(.added(.pod(pod)))
        let attempt = scheduler.attempt()
        #expect(attempt?.node == "a")
        #expect(attempt?.announcesNode == (nomination != "a"))
    }

    @Test("the time to wait has an end, fifteen minutes at most")
    func timeout() throws {
        for (wish, end, text) in [(Duration.seconds(90), Instant.at(90), "1m30s"), (.hours(2), .at(900), "15m0s")] {
            let plugin = Scripted(permit: { _, _ in .wait(wish) })
            let scheduler = plugin.scheduler()
            scheduler.observe(.added(.pod(Self.pod)))
            #expect(scheduler.attempt()?.binding.word == "wait")
            #expect(scheduler.nextWakeup == end)
            scheduler.advance(to: end)
            let message =
                "0/1 nodes are available: 1 rejected due to timeout after waiting \(text) at plugin Scripted."
            #expect(scheduler.takeBindingTasks().map(\.step.word) == ["failed: " + message])
            #expect(plugin.journal.lines.last == "unreserve")
            #expect(scheduler.counts.unschedulable == 1)
        }
    }

    @Test("the last of a gang lets the others go")
    func gang() throws {
        let plugin = Scripted(permit: { _, waiting in
            waiting.count < 1
                ? .wait(.minutes(1)) : PermitOutcome(.success, allowed: waiting.map(\.pod.uid))
        })
        let scheduler = plugin.scheduler()
        scheduler.observe(.added(.pod(Self.pod)))
        #expect(scheduler.attempt()?.binding.word == "wait")
        scheduler.observe(.added(.pod(Make.pod("q", uid: 2))), now: .at(3))
        #expect(scheduler.attempt(now: .at(3))?.binding.word == "bind")
        #expect(scheduler.takeBindingTasks().map(\.pod.name) == ["p"])
    }

    @Test(
        "a pod rejected while it waits is asked about all that happened meanwhile",
        arguments: [(["zone": "b"], 1), ([:], 0)] as [(StringMap, Int)])
    func inFlightEvents(labels: StringMap, backoff: Int) throws {
        let scheduler = Self.holding.scheduler(popsFromBackoff: false)
        scheduler.observe(.added(.pod(Self.pod)))
        #expect(scheduler.attempt()?.binding.word == "wait")
        // The plugin asked for changes of labels only.
        let node = Make.node("a", labels: labels, taints: [Taint(key: "k", effect: .preferNoSchedule)])
        scheduler.observe(.modified(old: .node(Make.node("a")), new: .node(node)), now: .at(1))
        scheduler.advance(to: .at(90))
        #expect(scheduler.counts.backoff == backoff)
        #expect(scheduler.counts.unschedulable == 1 - backoff)
    }

    @Test("a pod deleted while it waits frees its node for those who wait for room")
    func deleted() throws {
        let scheduler = Self.holding.scheduler()
        scheduler.observe(.added(.pod(Self.pod)))
        #expect(scheduler.attempt()?.binding.word == "wait")
        scheduler.observe(.added(.pod(Make.pod("big", uid: 2, cpu: "4"))), now: .at(1))
        #expect(scheduler.attempt(now: .at(1))?.node == nil)
        scheduler.observe(.deleted(.pod(Self.pod)), now: .at(2))
        #expect(scheduler.attempt(now: .at(2))?.pod.name == "big")
        #expect(scheduler.counts.unschedulable == 0)
    }

    @Test("a waiting pod that another pod needs the room of goes back in line instead of being evicted")
    func preempted() throws {
        let scheduler = Self.holding.scheduler()
        scheduler.observe(.added(.pod(Self.pod)))
        #expect(scheduler.attempt()?.binding.word == "wait")
        scheduler.observe(.added(.pod(Make.pod("urgent", uid: 2, cpu: "4", priority: 9))), now: .at(1))
        #expect(
            scheduler.attempt(now: .at(1))?.outcome == .unschedulable(nominated: "a", victims: []))
        #expect(
            scheduler.takeBindingTasks().map(\.step.word) == ["failed: waiting on permit for pod: preempted"])
        #expect(scheduler.attempt(now: .at(1))?.pod.name == "urgent")
    }
}
