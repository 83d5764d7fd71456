import Chronology
import Testing
import VirtualTime

/// The definition of the queue's order: a list that is searched for its least element.
private struct SortedArrayQueue {
    private var rows: [(key: EventKey, event: SimulationEvent)] = []
    private var scheduled: UInt64 = 0

    var count: Int { rows.count }
    var nextInstant: Instant? { rows.first?.key.instant }

    mutating func schedule(_ event: SimulationEvent, at instant: Instant) -> EventKey {
        let key = EventKey(instant: instant, sequence: scheduled)
        scheduled += 1
        rows.insert((key, event), at: rows.firstIndex { key < $0.key } ?? rows.count)
        return key
    }

    mutating func cancel(_ key: EventKey) -> Bool {
        guard let index = rows.firstIndex(where: { $0.key == key }) else { return false }
        rows.remove(at: index)
        return true
    }

    mutating func pop() -> (key: EventKey, event: SimulationEvent)? {
        rows.isEmpty ? nil : rows.removeFirst()
    }
}

struct EventQueueTests {
    @Test("Events of one instant are served in the order in which they were scheduled")
    func ties() {
        var queue = EventQueue()
        for number in 0..<100 { queue.schedule(SimulationEvent(kind: 1, b: Int64(number)), at: .start + .seconds(1)) }
        #expect(queue.count == 100)
        #expect((0..<100).map { _ in queue.pop()?.event.b } == (0..<100).map { Int64($0) })
        #expect(queue.pop() == nil)
        #expect(queue.present == .start + .seconds(1))
    }

    /// Each row is a seed and the shares, in percent, of schedule and cancel; the rest is pop.
    @Test(
        "Random operations give the same answers as a sorted array",
        arguments: [
            (1, 50, 10), (2, 40, 20), (3, 60, 0), (4, 48, 47), (5, 34, 33), (6, 55, 40), (7, 30, 10), (8, 49, 50),
        ] as [(UInt64, Int, Int)])
    func twin(seed: UInt64, schedules: Int, cancels: Int) {
        var stream = RandomStream(seed: Seed(seed), name: "twin")
        var queue = EventQueue()
        var twin = SortedArrayQueue()
        var receipts: [(token: EventToken, key: EventKey)] = []
        for step in 0..<6_000 {
            let choice = stream.integer(below: 100)
            if choice < schedules {
                let event = SimulationEvent(kind: UInt16(step % 7), a: Int32(step), b: Int64(-step), c: 42)
                let instant = queue.present + Duration(nanoseconds: Int64(stream.integer(below: 40)))
                receipts.append((queue.schedule(event, at: instant), twin.schedule(event, at: instant)))
                #expect(queue.event(receipts[receipts.count - 1].token) == event)
            } else if choice < schedules + cancels {
                guard !receipts.isEmpty else { continue }
                // Receipts are kept, so that cancelled and past events are cancelled again.
                let recent = max(0, receipts.count - 200)
                let receipt = receipts[recent + stream.integer(below: receipts.count - recent)]
                #expect(queue.cancel(receipt.token) == twin.cancel(receipt.key))
                #expect(queue.event(receipt.token) == nil)
            } else {
                let (mine, theirs) = (queue.pop(), twin.pop())
                #expect(mine?.key == theirs?.key)
                #expect(mine?.event == theirs?.event)
            }
            #expect(queue.count == twin.count)
            #expect(queue.nextInstant == twin.nextInstant)
            #expect(queue.isEmpty == (twin.count == 0))
        }
        while let theirs = twin.pop() { #expect(queue.pop()?.key == theirs.key) }
        #expect(queue.pop() == nil)
    }

    @Test("A mass of cancelled events is swept out and disturbs no one")
    func sweep() {
        var queue = EventQueue()
        let tokens = (0..<10_000).map { number in
            queue.schedule(SimulationEvent(kind: 0, b: number), at: .start + .seconds((number * 7_919) % 10_007))
        }
        for (number, token) in tokens.enumerated() where number % 10 != 0 { #expect(queue.cancel(token) == true) }
        #expect(queue.count == 1_000)
        var served: [EventKey] = []
        while let next = queue.pop() {
            #expect(next.event.b % 10 == 0)
            served.append(next.key)
        }
        #expect(served.count == 1_000)
        #expect(served == served.sorted())
    }

    @Test("A receipt of an event that has happened does not cancel the next tenant of its slot")
    func generations() {
        var queue = EventQueue()
        let old = queue.schedule(SimulationEvent(kind: 1), at: .start)
        #expect(queue.pop()?.event.kind == 1)
        let new = queue.schedule(SimulationEvent(kind: 2), at: .start)
        #expect(queue.cancel(old) == false)
        #expect(queue.event(new)?.kind == 2)
        #expect(queue.cancel(new) == true)
        #expect(queue.cancel(new) == false)
        #expect(queue.isEmpty)
    }

    @Test("A copy is an independent future")
    func copies() {
        var queue = EventQueue()
        let token = queue.schedule(SimulationEvent(kind: 1), at: .start + .seconds(1))
        var branch = queue
        branch.cancel(token)
        branch.schedule(SimulationEvent(kind: 2), at: .start)
        #expect(queue.count == 1)
        #expect(queue.pop()?.event.kind == 1)
        #expect(branch.pop()?.event.kind == 2)
        #expect(branch.pop() == nil)
    }

    @Test("Scheduling before the present is a bug that stops the run")
    func past() async {
        await #expect(processExitsWith: .failure) {
            var queue = EventQueue()
            queue.schedule(SimulationEvent(kind: 1), at: .start + .seconds(2))
            _ = queue.pop()
            queue.schedule(SimulationEvent(kind: 1), at: .start + .seconds(1))
        }
    }
}
