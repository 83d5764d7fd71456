import Chronology
import ControlPlane
import KubernetesAPI
import Scheduler
import SchedulingFramework
import Testing

@Suite struct QueueRuleTests {
    private static let occupant = Make.pod("occupant", uid: 1, cpu: "4").bound(to: "a")

    private static func fullCluster(_ configuration: SchedulerConfiguration = SchedulerConfiguration()) -> Subject {
        let scheduler = Subject(configuration)
        scheduler.observe(.added(.node(Make.node("a"))))
        scheduler.observe(.added(.pod(occupant)))
        return scheduler
    }

    // MARK: - Which changes wake whom

    struct Wake: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// What the pod wants that it does not get.
        var want: @Sendable (inout PodSpec) -> Void
        var change: @Sendable (inout Node) -> Void
        var wakes: Bool
    }

    private static let toleration = Toleration(key: "k", operator: .exists)
    static let nodeChanges: [Wake] = [
        Wake(
            testDescription: "more CPU wakes who lacked CPU", want: { _ in },
            change: { $0.status.allocatable[.cpu] = Quantity(milli: 9000) }, wakes: true),
        Wake(
            testDescription: "less CPU wakes nobody", want: { _ in },
            change: { $0.status.allocatable[.cpu] = Quantity(milli: 3000) }, wakes: false),
        Wake(
            testDescription: "a label that fits wakes who asked for it", want: { $0.nodeSelector = ["z": "1"] },
            change: { $0.metadata.labels = ["z": "1"] }, wakes: true),
        Wake(
            testDescription: "another label does not", want: { $0.nodeSelector = ["z": "1"] },
            change: { $0.metadata.labels = ["z": "2"] }, wakes: false),
        Wake(
            testDescription: "a taint wakes those that ask for new nodes only, as a precaution of upstream's",
            want: { $0.nodeSelector = ["z": "1"] },
            change: { $0.spec.taints = [Taint(key: "k", effect: .noSchedule)] }, wakes: true),
        Wake(
            testDescription: "an annotation wakes nobody", want: { _ in },
            change: { $0.metadata.annotations = ["a": "b"] }, wakes: false),
        Wake(
            testDescription: "a condition wakes nobody", want: { _ in },
            change: { $0.status.conditions = [Condition("Ready", .true, reason: "", message: "", at: .start)] },
            wakes: false),
    ]

    @Test("a change of a node", arguments: nodeChanges)
    func nodeChange(row: Wake) {
        let scheduler = Self.fullCluster()
        scheduler.observe(.added(.pod(Make.pod("p", uid: 2, edit: row.want))), now: .at(1))
        #expect(scheduler.attempt(now: .at(1))?.node == nil)
        var node = Make.node("a")
        row.change(&node)
        scheduler.observe(.modified(old: .node(Make.node("a")), new: .node(node)), now: .at(2))
        #expect((scheduler.attempt(now: .at(2)) != nil) == row.wakes)
    }

    @Test(
        "a change of the waiting pod itself",
        arguments: [
            ("smaller requests", "1", [], true), ("a toleration does not help against a full node", "5", [toleration], false),
        ] as [(String, String, [Toleration], Bool)])
    func podChange(name: String, cpu: String, tolerations: [Toleration], wakes: Bool) {
        let scheduler = Self.fullCluster()
        let before = Make.pod("p", uid: 2, cpu: "5")
        scheduler.observe(.added(.pod(before)), now: .at(1))
        #expect(scheduler.attempt(now: .at(1))?.node == nil)
        let after = Make.pod("p", uid: 2, cpu: cpu) { $0.tolerations = tolerations }
        scheduler.observe(.modified(old: .pod(before), new: .pod(after)), now: .at(2))
        #expect((scheduler.attempt(now: .at(2)) != nil) == wakes)
    }

    @Test("an assigned pod that shrinks wakes who lacked what it gives up")
    func shrinks() {
        let scheduler = Self.fullCluster()
        scheduler.observe(.added(.pod(Make.pod("p", uid: 2))), now: .at(1))
        #expect(scheduler.attempt(now: .at(1))?.node == nil)
        let smaller = Make.pod("occupant", uid: 1, cpu: "3").bound(to: "a")
        scheduler.observe(.modified(old: .pod(Self.occupant), new: .pod(smaller)), now: .at(2))
        #expect(scheduler.attempt(now: .at(2))?.node == "a")
    }

    // MARK: - Order and back-off

    @Test("a waiting pod that gets a higher priority overtakes")
    func priority() {
        let scheduler = Subject()
        scheduler.observe(.added(.node(Make.node("a"))))
        let slow = Make.pod("slow", uid: 2)
        scheduler.observe(.added(.pod(Make.pod("first", uid: 1))), now: .at(1))
        scheduler.observe(.added(.pod(slow)), now: .at(2))
        let urgent = Make.pod("slow", uid: 2, priority: 9)
        scheduler.observe(.modified(old: .pod(slow), new: .pod(urgent)), now: .at(3))
        #expect(scheduler.attempt(now: .at(3))?.pod.name == "slow")
        #expect(scheduler.attempt(now: .at(3))?.pod.name == "first")
    }

    @Test("errors count apart from refusals, and are not cut short when the queue is idle")
    func errorBackoff() throws {
        let scheduler = Subject()
        scheduler.observe(.added(.node(Make.node("a"))))
        let pod = Make.pod("p", uid: 1)
        scheduler.observe(.added(.pod(pod)))
        var now = Instant.start
        var waits: [Int64] = []
        for _ in 0..<3 {
            #expect(scheduler.attempt(now: now)?.node == "a")
            scheduler.bindFinished(pod: pod.metadata.uid, node: "a", succeeded: false, now: now)
            #expect(scheduler.attempt(now: now) == nil)
            let wakeup = try #require(scheduler.nextWakeup)
            waits.append((wakeup - now).wholeSeconds)
            now = wakeup
        }
        #expect(waits == [2, 3, 5])
    }

    @Test("without a maximum there is no back-off")
    func noBackoff() {
        var configuration = SchedulerConfiguration()
        configuration.podMaxBackoff = .zero
        configuration.popsFromBackoff = false
        let scheduler = Self.fullCluster(configuration)
        scheduler.observe(.added(.pod(Make.pod("p", uid: 2))), now: .at(1))
        #expect(scheduler.attempt(now: .at(1))?.node == nil)
        scheduler.observe(.deleted(.pod(Self.occupant)), now: .at(1))
        #expect(scheduler.attempt(now: .at(1))?.node == "a")
    }

    // MARK: - Gates and nominations

    @Test("a gated pod is not flushed, and waits for its gates alone")
    func gates() {
        let scheduler = Subject()
        scheduler.observe(.added(.node(Make.node("a"))))
        let gated = Make.pod("p", uid: 1) { $0.schedulingGates = ["x", "y"] }
        scheduler.observe(.added(.pod(gated)))
        scheduler.advance(to: .at(3600))
        scheduler.observe(.added(.node(Make.node("b"))), now: .at(3600))
        #expect(scheduler.counts.gated == 1)
        var half = gated
        half.spec.schedulingGates = ["y"]
        scheduler.observe(.modified(old: .pod(gated), new: .pod(half)), now: .at(3601))
        #expect(scheduler.counts.gated == 1)
        #expect(scheduler.attempt(now: .at(3601)) == nil)
    }

    @Test(
        "a nominated pod that is deleted wakes pods of the same or a lower priority",
        arguments: [(Int32(3), true), (Int32(5), true), (Int32(6), false)])
    func nominatedIsDeleted(priority: Int32, wakes: Bool) {
        let scheduler = Subject()
        scheduler.observe(.added(.node(Make.node("a"))))
        // The occupant cannot be preempted by anybody here.
        scheduler.observe(.added(.pod(Make.pod("occupant", uid: 1, cpu: "4", priority: 100).bound(to: "a"))))
        var nominated = Make.pod("n", uid: 2, cpu: "4", priority: 5)
        nominated.status.nominatedNodeName = "a"
        scheduler.observe(.added(.pod(nominated)))
        scheduler.observe(.added(.pod(Make.pod("p", uid: 3, priority: priority))))
        _ = scheduler.attempt()
        _ = scheduler.attempt()
        #expect(scheduler.counts.unschedulable == 2)
        scheduler.observe(.deleted(.pod(nominated)), now: .at(1))
        #expect((scheduler.attempt(now: .at(1)) != nil) == wakes)
    }
}
