import Chronology
import ControlPlane
import KubernetesAPI
import Scheduler
import Testing

/// What the cache of nodes keeps of ports and images, with and without a memory of answers.
@Suite struct NodeCacheRuleTests {
    private static func scheduler(remembers: Bool) -> Subject {
        var configuration = SchedulerConfiguration()
        configuration.usesShapeMemo = remembers
        return Subject(configuration)
    }

    private static func pod(_ name: String, _ uid: UInt64, priority: Int32 = 0) -> Pod {
        Make.pod(name, uid: uid, cpu: "100m", priority: priority) {
            $0.containers[0].ports = [ContainerPort(containerPort: 8080, hostPort: 8080)]
        }
    }

    @Test("one of two pods with a host port is victim enough", arguments: [true, false])
    func preemption(remembers: Bool) throws {
        let scheduler = Self.scheduler(remembers: remembers)
        scheduler.observe(.added(.node(Make.node("a"))))
        let low = Self.pod("low", 1, priority: 10).bound(to: "a")
        for pod in [low, Self.pod("high", 2, priority: 1000).bound(to: "a")] { scheduler.observe(.added(.pod(pod))) }
        scheduler.observe(.added(.pod(Self.pod("new", 3, priority: 100))))
        let attempt = try #require(scheduler.attempt())
        #expect(attempt.outcome == .unschedulable(nominated: "a", victims: [low.key]))
    }

    @Test("a port that one of two pods freed is taken again by news of the other", arguments: [true, false])
    func sharedPort(remembers: Bool) throws {
        let scheduler = Self.scheduler(remembers: remembers)
        scheduler.observe(.added(.node(Make.node("a"))))
        let (first, second) = (Self.pod("first", 1).bound(to: "a"), Self.pod("second", 2).bound(to: "a"))
        for pod in [first, second] { scheduler.observe(.added(.pod(pod))) }
        scheduler.observe(.added(.pod(Self.pod("early", 3))))
        #expect(scheduler.attempt()?.node == nil)
        scheduler.observe(.deleted(.pod(first)), now: .at(30))
        let free = scheduler.fork()
        #expect(free.attempt(now: .at(30))?.node == "a")
        var newer = second
        newer.status.phase = .running
        #expect(scheduler.wants(.modified(old: .pod(second), new: .pod(newer))))
        scheduler.observe(.modified(old: .pod(second), new: .pod(newer)), now: .at(31))
        #expect(scheduler.attempt(now: .at(31))?.node == nil)
    }

    @Test("a tag that moved has the size of its new image", arguments: [true, false])
    func movedTag(remembers: Bool) throws {
        let scheduler = Self.scheduler(remembers: remembers)
        func node(_ name: String, bytes: Int64?) -> Node {
            var node = Make.node(name, cpu: "100", memory: 100)
            node.status.images = [NodeImage(names: ["other:1"], sizeBytes: 50 << 20)]
            if let bytes { node.status.images.append(NodeImage(names: ["registry.example/app:1"], sizeBytes: bytes)) }
            return node
        }
        let old = node("b", bytes: 1000 << 20)
        for node in [node("a", bytes: nil), old] { scheduler.observe(.added(.node(node))) }
        scheduler.observe(.added(.pod(Make.pod("p", uid: 1))))
        let (small, same) = (scheduler.fork(), scheduler.fork())
        let before = try #require(scheduler.attempt())
        #expect(before.node == "b")
        small.observe(.modified(old: .node(old), new: .node(node("b", bytes: 30 << 20))))
        let after = try #require(small.attempt())
        #expect(after.score < before.score)
        same.observe(.modified(old: .node(old), new: .node(node("b", bytes: 1000 << 20))))
        #expect(same.attempt()?.score == before.score)
    }
}
