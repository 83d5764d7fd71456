import Chronology
import Testing
import VirtualTime

/// The definition of the queue's order: a list that is searched for its least element.
private struct SortedArrayQueue {
    private var rows: [(key: EventKey, event: SimulationEvent)] = []
    private var scheduled: UInt64 = 0

    var count: Int { rows.count }
    var nextInstant: Instant? { rows.first?.key.instant }

    mutating func schedule(_ event: SimulationEvent, at instant: Instant) {
        let key = EventKey(instant: instant, sequence: scheduled)
        scheduled += 1
        rows.insert((key, event), at: rows.firstIndex { key < $0.key } ?? rows.count)
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
        for number: Int64 in 0..<100 { #expect(queue.pop()?.event.b == number) }
        #expect(queue.pop() == nil)
        #expect(queue.present == .start + .seconds(1))
    }

    /// Each row is a seed, the share of schedules in percent (the rest is pop), and how far ahead they are.
    @Test(
        "Random operations give the same answers as a sorted array",
        arguments: [
            (1, 50, 40), (2, 40, 20), (3, 60, 5), (4, 48, 1_000), (5, 70, 1), (6, 55, 1_000_000), (7, 30, 40), (8, 52, 3),
        ] as [(UInt64, Int, Int)])
    func twin(seed: UInt64, schedules: Int, ahead: Int) {
        var stream = RandomStream(seed: Seed(seed), name: "twin")
        var queue = EventQueue()
        var twin = SortedArrayQueue()
        for step in 0..<6_000 {
            if stream.integer(below: 100) < schedules {
                let event = SimulationEvent(kind: UInt16(step % 7), a: Int32(step), b: Int64(-step), c: 42)
                let instant = queue.present + Duration(nanoseconds: Int64(stream.integer(below: ahead)))
                queue.schedule(event, at: instant)
                twin.schedule(event, at: instant)
            } else {
                let (mine, theirs) = (queue.pop(), twin.pop())
                #expect(mine?.key == theirs?.key)
                #expect(mine?.event == theirs?.event)
            }
            #expect(queue.count == twin.count)
            #expect(queue.nextInstant == twin.nextInstant)
            #expect(queue.isEmpty == (twin.count == 0))
        }
        while let theirs = twin.pop() {
            let mine = queue.pop()
            #expect(mine?.key == theirs.key)
            #expect(mine?.event == theirs.event)
        }
        #expect(queue.pop() == nil)
    }

    @Test("A copy is an independent future")
    func copies() {
        var queue = EventQueue()
        queue.schedule(SimulationEvent(kind: 1), at: .start)
        queue.schedule(SimulationEvent(kind: 2), at: .start + .seconds(2))
        #expect(queue.pop()?.event.kind == 1)
        var branch = queue
        branch.schedule(SimulationEvent(kind: 3), at: .start + .seconds(1))
        #expect(queue.count == 1)
        #expect(queue.pop()?.event.kind == 2)
        #expect(queue.pop() == nil)
        #expect(branch.pop()?.event.kind == 3)
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
