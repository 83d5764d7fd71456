import Chronology
import ControlPlane
import KubernetesAPI
import Scheduler
import SchedulingFramework
import Testing

@Suite struct PreemptionGateTests {
    private static let low = Make.pod("low", uid: 1, cpu: "4", priority: 1).bound(to: "a")
    private static let high = Make.pod("high", uid: 3, cpu: "4", priority: 9)
    private static let passer = Make.pod("passer", uid: 9, cpu: "0").bound(to: "a")

    /// A scheduler whose pod `high` has just asked for the eviction of `low`.
    private static func preempting() -> Subject {
        let scheduler = Subject()
        scheduler.observe(.added(.node(Make.node("a"))))
        scheduler.observe(.added(.pod(low)))
        scheduler.observe(.added(.pod(passer)))
        scheduler.observe(.added(.pod(high)))
        #expect(scheduler.attempt()?.outcome == .unschedulable(nominated: "a", victims: [low.key]))
        return scheduler
    }

    private static func wake(_ scheduler: Subject, now: Instant) {
        scheduler.observe(.deleted(.pod(passer)), now: now)
    }

    private static var terminating: Pod {
        var pod = low
        pod.metadata.deletionTimestamp = .at(31)
        pod.status.conditions = [
            Condition(
                Condition.disruptionTarget, .true, reason: "PreemptionByScheduler", message: "", at: .at(1))
        ]
        return pod
    }

    @Test("while the evictions are on their way, no change lets the pod in")
    func held() {
        let scheduler = Self.preempting()
        Self.wake(scheduler, now: .at(1))
        #expect(scheduler.attempt(now: .at(1)) == nil)
        #expect(scheduler.counts.gated == 1)
        scheduler.observe(.modified(old: .pod(Self.low), new: .pod(Self.terminating)), now: .at(2))
        scheduler.observe(.deleted(.pod(Self.terminating)), now: .at(32))
        #expect(scheduler.attempt(now: .at(32))?.node == "a")
    }

    @Test("once the victim terminates, the pod may be tried, and does not evict anybody else")
    func grace() {
        let scheduler = Self.preempting()
        scheduler.observe(.modified(old: .pod(Self.low), new: .pod(Self.terminating)), now: .at(2))
        var nominated = Self.high
        nominated.status.nominatedNodeName = "a"
        scheduler.observe(.modified(old: .pod(Self.high), new: .pod(nominated)), now: .at(2))
        Self.wake(scheduler, now: .at(3))
        let attempt = scheduler.attempt(now: .at(3))
        #expect(attempt?.outcome == .unschedulable(nominated: nil, victims: []))
        #expect(
            attempt?.message.hasSuffix(
                "preemption: not eligible due to a terminating pod on the nominated node.") ?? false)
        #expect(attempt?.clearsNomination == false)
    }

    @Test("evictions that fail let the pod in at once, and so does silence after ten minutes")
    func fails() {
        let told = Self.preempting()
        told.evictionsFinished(preemptor: Self.high.metadata.uid, succeeded: false, now: .at(1))
        #expect(told.attempt(now: .at(1))?.pod.name == "high")
        let silent = Self.preempting()
        silent.advance(to: .at(599))
        #expect(silent.attempt(now: .at(599)) == nil)
        #expect(silent.nextWakeup == .at(600))
        silent.advance(to: .at(600))
        #expect(silent.attempt(now: .at(600))?.pod.name == "high")
    }

    @Test(
        "pods of lower priority that wait for the same room are told to look elsewhere, unless all victims leave already",
        arguments: [(isLeaving: false, isTold: true), (true, true), (false, false)])
    func displaced(isLeaving: Bool, isTold: Bool) {
        let scheduler = Subject()
        scheduler.observe(.added(.node(Make.node("a"))))
        scheduler.observe(.added(.pod(Self.low)))
        let middle = Make.pod("middle", uid: 2, cpu: "4", priority: 5)
        scheduler.observe(.added(.pod(middle)))
        #expect(scheduler.attempt()?.outcome == .unschedulable(nominated: "a", victims: [Self.low.key]))
        if isTold {
            var nominated = middle
            nominated.status.nominatedNodeName = "a"
            scheduler.observe(.modified(old: .pod(middle), new: .pod(nominated)))
        }
        if isLeaving { scheduler.observe(.modified(old: .pod(Self.low), new: .pod(Self.terminating)), now: .at(1)) }
        scheduler.observe(.added(.pod(Self.high)), now: .at(1))
        let attempt = scheduler.attempt(now: .at(1))
        #expect(attempt?.outcome == .unschedulable(nominated: "a", victims: isLeaving ? [] : [Self.low.key]))
        #expect(attempt?.displaced == (isLeaving || !isTold ? [] : [middle.key]))
    }

    @Test("a pod that may not preempt says so")
    func never() {
        let scheduler = Subject()
        scheduler.observe(.added(.node(Make.node("a"))))
        scheduler.observe(.added(.pod(Self.low)))
        scheduler.observe(
            .added(.pod(Make.pod("meek", uid: 5, cpu: "4", priority: 9) { $0.preemptionPolicy = .never })))
        let attempt = scheduler.attempt()
        #expect(attempt?.outcome == .unschedulable(nominated: nil, victims: []))
        #expect(attempt?.message.hasSuffix("preemption: not eligible due to preemptionPolicy=Never.") ?? false)
    }
}
