import Chronology
import Faults
import KubernetesAPI
import Observations
@testable import Simulation
import Testing
import VirtualTime
import Workloads

/// What the scheduler's requests wait for.
@Suite struct SchedulerClientTests {
    private static func setup(qps: Int64, burst: Int64, horizon: Duration = .minutes(20)) -> WorldSetup {
        var setup = Fixture.setup(machines: 1, horizon: horizon)
        setup.parameters.schedulerQPS = qps
        setup.parameters.schedulerBurst = burst
        var high = PriorityClass(metadata: ObjectMeta(name: "high"))
        high.value = 1_000
        setup.objects = [.priorityClass(high)]
        return setup
    }

    private static func pod(_ name: String, cpu: Int64 = 100, gibibytes: Int64 = 1, isHigh: Bool = false) -> KubernetesObject {
        var container = Container(name: "main", image: "work:1")
        container.requests = [.cpu: Quantity(milli: cpu), .memory: Quantity(gibibytes << 30)]
        var spec = PodSpec(containers: [container])
        if isHigh { spec.priorityClassName = "high" }
        return .pod(Pod(metadata: ObjectMeta(name: name, namespace: "default"), spec: spec))
    }

    private static func run(_ setup: WorldSetup) -> Notebook {
        let notes = Notebook()
        var world = World(setup, observer: notes)
        world.checksInvariants = true
        world.run()
        #expect(world.violation == nil)
        return notes
    }

    /// When a pod was bound, after `from`.
    private static func bound(_ name: String, _ notes: Notebook, from: Instant) throws -> Duration {
        let row = try #require(notes.pods.first { $0.name == name })
        let interval = try #require(notes.podIntervals.first { $0.pod == row.pod && $0.state == .starting })
        return interval.from - from
    }

    @Test("a failure like the one before costs the others nothing")
    func retries() {
        func succeeded(withBig: Bool) -> Int64 {
            var setup = Self.setup(qps: 1, burst: 30)
            var rule = WorkloadRule()
            rule.runTime = .after(.constant(20))
            setup.workloads = WorkloadBook(rules: [rule])
            var container = Container(name: "main", image: "work:1")
            container.requests = [.cpu: Quantity(milli: 500), .memory: Quantity(1 << 30)]
            var job = Job(metadata: ObjectMeta(name: "short", namespace: "default"), spec: Job.Spec())
            job.spec.parallelism = 2
            job.spec.completions = 200
            job.spec.template.spec = PodSpec(containers: [container])
            job.spec.template.spec.restartPolicy = .never
            setup.objects.append(.job(job))
            if withBig { setup.objects += (0..<30).map { Self.pod("big-\($0)", gibibytes: 20) } }
            return Self.run(setup).value("pods.succeeded")
        }
        let alone = succeeded(withBig: false)
        #expect(alone > 50)
        #expect(succeeded(withBig: true) >= alone - 4)
    }

    @Test("the loop waits for what it tells, so that who comes later with a higher priority is next")
    func order() throws {
        var setup = Self.setup(qps: 10, burst: 10)
        let at = Instant.start + .minutes(5)
        setup.changes = [
            ScheduledChange(at: at, act: .apply((0..<100).map { Self.pod("big-\($0)", gibibytes: 20) })),
            ScheduledChange(at: at + .seconds(2), act: .apply([Self.pod("vip", isHigh: true)])),
        ]
        let notes = Self.run(setup)
        #expect(try Self.bound("vip", notes, from: at + .seconds(2)) < .milliseconds(500))
    }

    @Test("a scheduler that starts again does not wait for what the one before had asked")
    func crash() throws {
        var setup = Self.setup(qps: 50, burst: 100)
        setup.parameters.apiWrite = .constant(30)
        let at = Instant.start + .minutes(5)
        let big = ObjectKey(.pod, namespace: "default", name: "big")
        setup.changes = [
            ScheduledChange(at: at, act: .apply([Self.pod("big", gibibytes: 20), Self.pod("next", isHigh: false)])),
            ScheduledChange(at: at + .seconds(3), act: .delete(big)),
            ScheduledChange(at: at + .seconds(10), act: .apply([Self.pod("last")])),
        ]
        let before = Self.run(setup)
        #expect(try Self.bound("next", before, from: at) > .seconds(30))
        setup.faults = [
            FaultSpec(
                name: "crash", kind: SchedulerCrash.self, timing: .at(at + .seconds(5)),
                duration: .lasting(.constant(1)))
        ]
        let notes = Self.run(setup)
        #expect(try Self.bound("next", notes, from: at) < .seconds(7))
        #expect(try Self.bound("last", notes, from: at) < .seconds(11))
    }

    @Test("each request of a preemption waits for its turn, and the last victim for all others")
    func evictions() throws {
        var setup = Self.setup(qps: 1, burst: 1)
        setup.objects += ["a", "b"].map { Self.pod("low-\($0)", cpu: 1500) }
        let at = Instant.start + .minutes(5)
        setup.changes = [ScheduledChange(at: at, act: .apply([Self.pod("vip", cpu: 3000, isHigh: true)]))]
        let notes = Self.run(setup)
        let told = notes.events.filter { $0.reason == "Preempted" }
        let row = try #require(notes.pods.first { $0.name == "vip" })
        let text = "Preempted by pod \(UID(high: row.uidHigh, low: row.uidLow)) on node box-1"
        #expect(told.map(\.message) == [text, text])
        // The vip's condition, then a mark and a deletion each.
        #expect(told.map { ($0.at - at).wholeSeconds } == [2, 4])
        #expect(notes.podIntervals.contains { $0.pod == row.pod && $0.state == .ready })
    }

    @Test(
        "an event tells as much as fits", arguments: [(1023, 1023), (1024, 1024), (1025, 1024), (3000, 1024)])
    func note(length: Int, told: Int) {
        let note = World.note(String(repeating: "x", count: length))
        #expect(note.utf8.count == told)
        #expect(note.hasSuffix(" ...") == (length > told))
    }
}
