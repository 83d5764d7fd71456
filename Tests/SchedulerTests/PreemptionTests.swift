import Chronology
import ControlPlane
import KubernetesAPI
import Scheduler
import SchedulingFramework
import Testing

@Suite struct PreemptionTests {
    @Test("the cheapest victim goes, and the room is kept for the preemptor")
    func preempts() throws {
        let scheduler = Subject()
        for name in ["a", "b"] { scheduler.observe(.added(.node(Make.node(name))), now: .start) }
        let low = Make.pod("low", uid: 1, cpu: "4", priority: 1).bound(to: "a")
        let mid = Make.pod("mid", uid: 2, cpu: "4", priority: 5).bound(to: "b")
        scheduler.observe(.added(.pod(mid)), now: .start)
        scheduler.observe(.added(.pod(low)), now: .start)
        scheduler.observe(.added(.pod(Make.pod("high", uid: 3, cpu: "4", priority: 9))), now: .at(1))
        let attempt = try #require(scheduler.attempt(now: .at(1)))
        #expect(attempt.outcome == .unschedulable(nominated: "a", victims: [low.key]))
        #expect(attempt.message == "0/2 nodes are available: 2 Insufficient cpu.")
        scheduler.observe(.deleted(.pod(low)), now: .at(2))
        // A pod of lower priority must not slip into the room that was made.
        scheduler.observe(.added(.pod(Make.pod("thief", uid: 4, cpu: "4", priority: 2))), now: .at(2))
        #expect(scheduler.attempt(now: .at(2))?.node == nil)
        #expect(scheduler.attempt(now: .at(2))?.node == "a")
    }

    @Test("a disruption budget is spared when another node costs none")
    func budgets() throws {
        let scheduler = Subject()
        for name in ["a", "b"] { scheduler.observe(.added(.node(Make.node(name))), now: .start) }
        var guarded = Make.pod("guarded", uid: 1, cpu: "4", priority: 1).bound(to: "a")
        guarded.metadata.labels = ["app": "db"]
        scheduler.observe(.added(.pod(guarded)), now: .start)
        let free = Make.pod("free", uid: 2, cpu: "4", priority: 3).bound(to: "b")
        scheduler.observe(.added(.pod(free)), now: .start)
        var budget = PodDisruptionBudget(metadata: ObjectMeta(name: "db", namespace: "default"))
        budget.selector = LabelSelector(matchLabels: ["app": "db"])
        scheduler.observe(.added(.podDisruptionBudget(budget)), now: .start)
        scheduler.observe(.added(.pod(Make.pod("high", uid: 3, cpu: "4", priority: 9))), now: .at(1))
        let attempt = try #require(scheduler.attempt(now: .at(1)))
        #expect(attempt.outcome == .unschedulable(nominated: "b", victims: [free.key]))
    }

    @Test("of the nodes that cost a budget, no more are weighed than are wanted")
    func cap() throws {
        var configuration = SchedulerConfiguration()
        configuration.profiles[0].arguments.preemption.minCandidateNodesPercentage = 0
        configuration.profiles[0].arguments.preemption.minCandidateNodesAbsolute = 1
        let scheduler = Subject(configuration)
        var budget = PodDisruptionBudget(metadata: ObjectMeta(name: "db", namespace: "default"))
        budget.selector = LabelSelector(matchLabels: ["app": "db"])
        scheduler.observe(.added(.podDisruptionBudget(budget)))
        for (index, name) in ["a", "b"].enumerated() {
            scheduler.observe(.added(.node(Make.node(name))))
            // The second node would be cheaper.
            var guarded = Make.pod("on-\(name)", uid: UInt64(index), cpu: "4", priority: 3 - Int32(index))
            guarded.metadata.labels = ["app": "db"]
            scheduler.observe(.added(.pod(guarded.bound(to: name))))
        }
        scheduler.observe(.added(.pod(Make.pod("high", uid: 3, cpu: "4", priority: 9))))
        let attempt = try #require(scheduler.attempt())
        let victim = ObjectKey(.pod, namespace: "default", name: "on-a")
        #expect(attempt.outcome == .unschedulable(nominated: "a", victims: [victim]))
    }

    @Test(
        "the text says why eviction does not help",
        arguments: [
            (Int32(0), "1", "0/1 nodes are available: 1 No preemption victims found for incoming pod."),
            (Int32(0), "9", "0/1 nodes are available: 1 Preemption is not helpful for scheduling."),
        ])
    func message(priority: Int32, cpu: String, ending: String) throws {
        let scheduler = Subject()
        scheduler.observe(.added(.node(Make.node("a"))), now: .start)
        scheduler.observe(.added(.pod(Make.pod("x", uid: 1, cpu: "4").bound(to: "a"))), now: .start)
        scheduler.observe(.added(.pod(Make.pod("p", uid: 2, cpu: cpu, priority: priority))), now: .start)
        let attempt = try #require(scheduler.attempt(now: .start))
        #expect(
            attempt.message
                == "0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: " + ending)
    }
}
