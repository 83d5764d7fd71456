import Chronology
import ControlPlane
import KubernetesAPI
import Testing

@Suite("The work queue")
struct WorkQueueTests {
    private let a = ObjectKey(.pod, namespace: "x", name: "a")
    private let b = ObjectKey(.pod, namespace: "x", name: "b")

    @Test("serves keys in the order in which they came, each once")
    func dedup() {
        var queue = WorkQueue()
        for key in [a, b, a, b, a] { queue.add(key) }
        #expect(queue.count == 2)
        #expect(queue.take() == a)
        #expect(queue.take() == b)
        #expect(queue.take() == nil)
    }

    @Test("puts a key that changed while it was served in line once more, after its service")
    func dirty() {
        var queue = WorkQueue()
        queue.add(a)
        _ = queue.take()
        queue.add(a)
        queue.add(a)
        #expect(queue.take() == nil)
        queue.finish(a)
        #expect(queue.take() == a)
        queue.finish(a)
        #expect(queue.take() == nil)
    }

    @Test("keeps order across many keys")
    func many() {
        var queue = WorkQueue()
        let keys = (0..<10_000).map { ObjectKey(.pod, namespace: "x", name: "\($0)") }
        for key in keys.prefix(6000) { queue.add(key) }
        var served: [ObjectKey] = []
        for _ in 0..<5000 { queue.take().map { served.append($0) } }
        for key in keys.dropFirst(6000) { queue.add(key) }
        while let key = queue.take() { served.append(key) }
        #expect(served == keys)
        #expect(queue.count == 0)
    }

    @Test(
        "doubles the wait of a failing key from 5 ms to 1000 s",
        arguments: [(0, 5), (1, 10), (2, 20), (3, 40), (10, 5120), (17, 655_360), (18, 1_000_000), (40, 1_000_000)])
    func backoff(earlierFailures: Int, milliseconds: Int64) {
        var queue = WorkQueue()
        // An hour apart, so that the bucket is always full.
        var now = Instant.start
        for _ in 0..<earlierFailures {
            _ = queue.retryDelay(a, now: now)
            now = now + .hours(1)
        }
        #expect(queue.retryDelay(a, now: now) == .milliseconds(milliseconds))
    }

    @Test("doubles the wait as far as its controller allows, also after a crash")
    func shortBackoff() {
        var queue = WorkQueue(backoffMax: .minutes(1))
        queue.removeAll()
        for hour in 0..<15 as Range<Int64> { _ = queue.retryDelay(a, now: Instant.start + .hours(hour)) }
        #expect(queue.retryDelay(a, now: Instant.start + .hours(15)) == .minutes(1))
    }

    @Test("starts again at 5 ms after a success")
    func forget() {
        var queue = WorkQueue()
        for _ in 0..<5 { _ = queue.retryDelay(a, now: .start) }
        queue.forget(a)
        #expect(queue.retryDelay(a, now: .start) == .milliseconds(5))
    }

    @Test("tells a key that has failed as often as it may", arguments: [(2, false), (3, true), (4, true)])
    func gaveUp(failures: Int, isOver: Bool) {
        var queue = WorkQueue()
        for _ in 0..<failures { _ = queue.retryDelay(a, now: .start) }
        #expect(queue.hasFailed(a, times: 3) == isOver)
        #expect(!queue.hasFailed(a, times: nil) && !queue.hasFailed(b, times: 3))
    }

    @Test("counts failures of each key apart")
    func separate() {
        var queue = WorkQueue()
        for _ in 0..<5 { _ = queue.retryDelay(a, now: .start) }
        #expect(queue.retryDelay(b, now: .start) == .milliseconds(5))
    }

    @Test("lets a hundred failures pass at once and then ten a second")
    func bucket() {
        var queue = WorkQueue()
        var delays: [Duration] = []
        for index in 0..<120 {
            delays.append(queue.retryDelay(ObjectKey(.pod, namespace: "x", name: "\(index)"), now: .start))
        }
        #expect(delays.prefix(100).allSatisfy { $0 == .milliseconds(5) })
        #expect(delays[100] == .milliseconds(100))
        #expect(delays[101] == .milliseconds(200))
        #expect(delays[119] == .seconds(2))
    }

    @Test("fills its bucket again with time, up to the burst")
    func refill() {
        var queue = WorkQueue()
        for index in 0..<100 { _ = queue.retryDelay(ObjectKey(.pod, name: "\(index)"), now: .start) }
        let later = Instant.start + .seconds(1)
        var quick = 0
        for index in 0..<20 where queue.retryDelay(ObjectKey(.pod, name: "n\(index)"), now: later) == .milliseconds(5) {
            quick += 1
        }
        #expect(quick == 10)
    }

    @Test("remembers failures while a key waits and is served")
    func failuresSurvive() {
        var queue = WorkQueue()
        queue.add(a)
        _ = queue.take()
        _ = queue.retryDelay(a, now: .start)
        queue.finish(a)
        queue.add(a)
        _ = queue.take()
        #expect(queue.retryDelay(a, now: .start) == .milliseconds(10))
    }

    @Test("forgets everything on a restart")
    func removeAll() {
        var queue = WorkQueue()
        queue.add(a)
        queue.removeAll()
        #expect(queue.take() == nil)
    }
}
