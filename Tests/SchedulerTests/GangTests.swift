import Chronology
import ControlPlane
import KubernetesAPI
import Scheduler
import SchedulingFramework
import Testing

@Suite("Gangs: all or none")
struct GangTests {
    /// A scheduler of gangs with nodes of two cores each.
    private func scheduler(nodes: [String]) -> Subject {
        var profile = SchedulerProfile()
        profile.plugins[.multiPoint] = PluginSet(enabled: [PluginSet.Entry(GangScheduling.name)])
        let scheduler = Subject(SchedulerConfiguration(profiles: [profile]))
        for node in nodes { scheduler.observe(.added(.node(Make.node(node, cpu: "2")))) }
        return scheduler
    }

    private func group(_ name: String, minCount: Int64, timeout: Int64? = nil) -> KubernetesObject {
        var object = UnmodelledObject(
            apiVersion: "scheduling.k8s.io/v1alpha2", kind: "PodGroup", metadata: ObjectMeta(name: name, namespace: "default"))
        object.podGroup = PodGroupPolicy()
        object.podGroup?.minCount = minCount
        object.podGroup?.timeout = timeout.map { .seconds($0) }
        return .other(object)
    }

    private func pod(_ name: String, uid: UInt64, of group: String, byLabel: Bool = false) -> Pod {
        var pod = Make.pod(name, uid: uid, cpu: "2") { if !byLabel { $0.schedulingGroup = group } }
        if byLabel { pod.metadata.labels[Pod.podGroupLabel] = group }
        return pod
    }

    /// Tries all that are ready at `seconds`; returns what came of each as `name:word`.
    private func attempts(_ scheduler: Subject, at seconds: Int64) -> [String] {
        var words: [String] = []
        while let attempt = scheduler.attempt(now: .at(seconds)) {
            words.append(attempt.pod.name + ":" + (attempt.node == nil ? "none" : attempt.binding.word))
        }
        return words
    }

    @Test("members wait for their group, for enough of each other, and for enough nodes", arguments: [true, false])
    func inOrder(byLabel: Bool) {
        let scheduler = scheduler(nodes: ["a"])
        scheduler.observe(.added(.pod(pod("p1", uid: 1, of: "g", byLabel: byLabel))))
        scheduler.observe(.added(.pod(pod("p2", uid: 2, of: "g", byLabel: byLabel))))
        #expect(attempts(scheduler, at: 0) == [] && scheduler.counts.gated == 2)
        scheduler.observe(.added(group("g", minCount: 3)))
        #expect(attempts(scheduler, at: 0) == [] && scheduler.counts.gated == 2)
        scheduler.observe(.added(.pod(pod("p3", uid: 3, of: "g", byLabel: byLabel))))
        let words = attempts(scheduler, at: 1)
        #expect(words.first == "p3:wait" || words.first == "p1:wait")
        #expect(words.count >= 3 && words.dropFirst().allSatisfy { $0.hasSuffix(":none") })
        #expect(scheduler.takeBindingTasks().isEmpty)
        for node in ["b", "c"] { scheduler.observe(.added(.node(Make.node(node, cpu: "2"))), now: .at(20)) }
        let last = attempts(scheduler, at: 20)
        #expect(last.filter { $0.hasSuffix(":wait") }.count == 1)
        #expect(last.filter { $0.hasSuffix(":bind") }.count == 1)
        #expect(scheduler.takeBindingTasks().map(\.step.word) == ["bind", "bind"])
    }

    @Test("when the time is over, all give their nodes back, back off, and try again")
    func timeout() {
        let scheduler = scheduler(nodes: ["a", "b"])
        scheduler.observe(.added(group("g", minCount: 3, timeout: 60)))
        for number in 1...3 as ClosedRange<UInt64> {
            scheduler.observe(.added(.pod(pod("p\(number)", uid: number, of: "g"))))
        }
        #expect(attempts(scheduler, at: 0).filter { $0.hasSuffix(":wait") }.count == 2)
        #expect(scheduler.waitingPods.count == 2)
        scheduler.advance(to: .at(59))
        #expect(scheduler.waitingPods.count == 2)
        scheduler.advance(to: .at(60))
        #expect(scheduler.waitingPods.isEmpty)
        let words = scheduler.takeBindingTasks().map(\.step.word)
        #expect(words.count == 2 && words.allSatisfy { $0.hasPrefix("failed: ") })
        #expect(words.contains { $0.contains("rejected with the other pods of its gang") })
        #expect(scheduler.counts.unschedulable == 3)
        #expect(attempts(scheduler, at: 60) == [])
        #expect(scheduler.nextWakeup == .at(61))
        scheduler.advance(to: .at(61))
        #expect(attempts(scheduler, at: 61).filter { $0.hasSuffix(":wait") }.count == 2)
        // The second time it waits for twice as long.
        scheduler.advance(to: .at(121))
        #expect(scheduler.waitingPods.isEmpty && scheduler.nextWakeup == .at(123))
    }

    @Test("two gangs that each fit alone and not together do not hold each other up for ever")
    func noDeadlock() {
        let scheduler = scheduler(nodes: ["a", "b", "c"])
        scheduler.observe(.added(group("x", minCount: 3, timeout: 60)))
        scheduler.observe(.added(group("y", minCount: 3, timeout: 60)))
        // In turns, so that each gets a part of the nodes.
        for number in 1...3 as ClosedRange<UInt64> {
            let now = Instant.at(Int64(number))
            scheduler.observe(.added(.pod(pod("x\(number)", uid: number, of: "x"))), now: now)
            scheduler.observe(.added(.pod(pod("y\(number)", uid: 10 + number, of: "y"))), now: now)
        }
        var bound: [String] = []
        func take(_ words: [String]) { bound += words.filter { $0.hasSuffix(":bind") } }
        take(attempts(scheduler, at: 10))
        #expect(Set(scheduler.waitingPods.map { $0.pod.key.name.prefix(1) }) == ["x", "y"])
        var clock: Int64 = 10
        while bound.isEmpty, let next = scheduler.nextWakeup, clock < 1_000 {
            clock = max(clock + 1, (next.nanoseconds + 999_999_999) / 1_000_000_000)
            scheduler.advance(to: .at(clock))
            take(attempts(scheduler, at: clock))
        }
        #expect(bound.count == 1)
        let winner = bound.first?.prefix(1) ?? ""
        let tasks = scheduler.takeBindingTasks().filter { $0.step.word == "bind" }
        #expect(tasks.count == 2 && tasks.allSatisfy { $0.pod.name.hasPrefix(winner) })
        #expect(scheduler.waitingPods.isEmpty)
        #expect(clock < 200)
    }

    @Test("a member that is deleted while it waits takes its gang with it")
    func deleted() {
        let scheduler = scheduler(nodes: ["a", "b"])
        scheduler.observe(.added(group("g", minCount: 3)))
        for number in 1...3 as ClosedRange<UInt64> {
            scheduler.observe(.added(.pod(pod("p\(number)", uid: number, of: "g"))))
        }
        _ = attempts(scheduler, at: 0)
        let waiting = scheduler.waitingPods.map(\.pod.pod)
        #expect(waiting.count == 2)
        scheduler.observe(.deleted(.pod(waiting[0])), now: .at(1))
        #expect(scheduler.waitingPods.isEmpty)
        #expect(scheduler.counts.unschedulable == 2)
    }

    @Test("a group of one waits for nobody, and a full gang lets further members through")
    func more() {
        let scheduler = scheduler(nodes: ["a", "b", "c"])
        scheduler.observe(.added(group("solo", minCount: 1)))
        scheduler.observe(.added(.pod(pod("s1", uid: 1, of: "solo"))))
        #expect(attempts(scheduler, at: 0) == ["s1:bind"])
        scheduler.observe(.added(.pod(pod("s2", uid: 2, of: "solo"))))
        #expect(attempts(scheduler, at: 1) == ["s2:bind"])
    }

    @Test("without the plugin a group means nothing")
    func off() {
        let scheduler = Subject()
        scheduler.observe(.added(.node(Make.node("a", cpu: "2"))))
        scheduler.observe(.added(.pod(pod("p", uid: 1, of: "g"))))
        #expect(attempts(scheduler, at: 0) == ["p:bind"])
    }
}
