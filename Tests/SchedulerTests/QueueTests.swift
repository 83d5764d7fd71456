import Chronology
import ControlPlane
import KubernetesAPI
import Scheduler
import Testing

@Suite struct QueueTests {
    /// A scheduler with one node of 4 CPUs that is taken by a pod of 4 CPUs.
    private static func fullCluster(popsFromBackoff: Bool) -> Subject {
        var configuration = SchedulerConfiguration()
        configuration.popsFromBackoff = popsFromBackoff
        let scheduler = Subject(configuration)
        scheduler.observe(.added(.node(Make.node("a"))), now: .start)
        scheduler.observe(.added(.pod(occupant)), now: .start)
        return scheduler
    }

    private static let occupant = Make.pod("occupant", uid: 1, cpu: "4").bound(to: "a")

    @Test("the highest priority goes first, then the one that came first")
    func order() {
        let scheduler = Subject()
        scheduler.observe(.added(.node(Make.node("a", cpu: "100", memory: 999))), now: .start)
        scheduler.observe(.added(.pod(Make.pod("early", uid: 1))), now: .at(1))
        scheduler.observe(.added(.pod(Make.pod("late", uid: 2))), now: .at(2))
        scheduler.observe(.added(.pod(Make.pod("urgent", uid: 3, priority: 5))), now: .at(3))
        let names = (0..<4).compactMap { _ in scheduler.attempt(now: .at(4))?.pod.name }
        #expect(names == ["urgent", "early", "late"])
        #expect(scheduler.counts.assumed == 3)
    }

    @Test("a refused pod waits until a change that its plugin asked for")
    func hints() {
        let scheduler = Self.fullCluster(popsFromBackoff: true)
        scheduler.observe(.added(.pod(Make.pod("p", uid: 2))), now: .at(1))
        let first = scheduler.attempt(now: .at(1))
        #expect(first?.outcome == .unschedulable(nominated: nil, victims: []))
        #expect(first?.rejections.map(\.reason) == ["Insufficient cpu"])
        #expect(scheduler.counts.unschedulable == 1)
        // A label changes nothing for NodeResourcesFit.
        let before = Make.node("a")
        let labelled = Make.node("a", labels: ["x": "y"])
        scheduler.observe(.modified(old: .node(before), new: .node(labelled)), now: .at(2))
        #expect(scheduler.attempt(now: .at(2)) == nil)
        // A node on which the pod would not fit either does not.
        scheduler.observe(.added(.node(Make.node("tiny", cpu: "500m"))), now: .at(3))
        #expect(scheduler.attempt(now: .at(3)) == nil)
        scheduler.observe(.deleted(.pod(Self.occupant)), now: .at(4))
        let second = scheduler.attempt(now: .at(4))
        #expect(second?.node == "a")
        #expect(second?.number == 2)
    }

    @Test("back-off ends on the second after one second, then doubles to ten")
    func backoff() throws {
        let scheduler = Self.fullCluster(popsFromBackoff: false)
        scheduler.observe(.added(.pod(Make.pod("p", uid: 2))), now: .start)
        var now = Instant.start
        var waits: [Int64] = []
        for round in 0..<6 {
            let attempt = try #require(scheduler.attempt(now: now))
            #expect(attempt.number == round + 1)
            // A pod that ends elsewhere on the node wakes it, and it does not fit still.
            let passer = Make.pod("passer", uid: 100 + UInt64(round), cpu: "1m").bound(to: "a")
            scheduler.observe(.added(.pod(passer)), now: now)
            scheduler.observe(.deleted(.pod(passer)), now: now)
            #expect(scheduler.attempt(now: now) == nil)
            let wakeup = try #require(scheduler.nextWakeup)
            waits.append((wakeup - now).wholeSeconds)
            now = wakeup
        }
        // Upstream looks at whole seconds and counts a pod as backing off up to and including its last one.
        #expect(waits == [2, 3, 5, 9, 11, 11])
    }

    @Test("an unschedulable pod is tried again after five minutes, on the half-minute")
    func flush() throws {
        let scheduler = Self.fullCluster(popsFromBackoff: true)
        scheduler.observe(.added(.pod(Make.pod("p", uid: 2))), now: .at(5))
        _ = scheduler.attempt(now: .at(5))
        #expect(scheduler.attempt(now: .at(300)) == nil)
        let wakeup = try #require(scheduler.nextWakeup)
        #expect(wakeup == .at(330))
        scheduler.advance(to: wakeup)
        #expect(scheduler.attempt(now: wakeup)?.number == 2)
    }

    @Test("gates keep a pod out until they are gone")
    func gates() {
        let scheduler = Subject()
        scheduler.observe(.added(.node(Make.node("a"))), now: .start)
        let gated = Make.pod("p", uid: 1) { $0.schedulingGates = ["example.com/hold"] }
        scheduler.observe(.added(.pod(gated)), now: .start)
        #expect(scheduler.attempt(now: .start) == nil)
        #expect(scheduler.counts.gated == 1)
        var open = gated
        open.spec.schedulingGates = []
        scheduler.observe(.modified(old: .pod(gated), new: .pod(open)), now: .at(1))
        #expect(scheduler.attempt(now: .at(1))?.node == "a")
    }

    @Test("a binding that fails frees the node, and the pod is tried again")
    func bindFailure() throws {
        let scheduler = Subject()
        scheduler.observe(.added(.node(Make.node("a"))), now: .start)
        let pod = Make.pod("p", uid: 1, cpu: "4")
        scheduler.observe(.added(.pod(pod)), now: .start)
        #expect(scheduler.attempt(now: .start)?.node == "a")
        scheduler.bindFinished(pod: pod.metadata.uid, node: "a", succeeded: false, now: .at(1))
        #expect(scheduler.counts.assumed == 0)
        // An error backs off for real, even when the queue is idle.
        #expect(scheduler.attempt(now: .at(1)) == nil)
        let wakeup = try #require(scheduler.nextWakeup)
        #expect(scheduler.attempt(now: wakeup)?.node == "a")
    }

    @Test("a fork goes its own way")
    func fork() {
        let scheduler = Subject()
        scheduler.observe(.added(.node(Make.node("a"))), now: .start)
        scheduler.observe(.added(.pod(Make.pod("p", uid: 1, cpu: "4"))), now: .start)
        let other = scheduler.fork()
        #expect(other.attempt(now: .start)?.node == "a")
        #expect(scheduler.counts.active == 1)
        #expect(scheduler.attempt(now: .start)?.node == "a")
        #expect(other.counts.assumed == 1)
    }
}
