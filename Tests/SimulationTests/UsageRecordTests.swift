import Chronology
import Costs
import Faults
import KubernetesAPI
import Machines
import Observations
@testable import Simulation
import Testing
import VirtualTime
import Workloads

@Suite("What is recorded of usage, requests and waits")
struct UsageRecordTests {
    private static func instant(_ minutes: Int64) -> Instant { Instant.start + .minutes(minutes) }

    struct Stay: Sendable {
        var from: Int64
        var to: Int64
        var cpu: Int64
    }

    @Test(
        "what pods used that ran for a part of the hour counts, and the products sum to what was used",
        arguments: [
            // 15 minutes at 400: one pod that uses a quarter.
            ([Stay(from: 0, to: 15, cpu: 400)], 1, 100),
            // One for the hour and one for half of it.
            ([Stay(from: 0, to: 60, cpu: 400), Stay(from: 30, to: 60, cpu: 400)], 2, 300),
            // Rounded to the nearest, not down.
            ([Stay(from: 0, to: 60, cpu: 100), Stay(from: 0, to: 60, cpu: 101), Stay(from: 0, to: 60, cpu: 101)], 3, 101),
        ])
    func demand(stays: [Stay], pods: Int32, cpu: Int64) {
        var sums = DemandSums(since: .start)
        for minute in 0..<60 as Range<Int64> {
            for stay in stays where stay.from == minute {
                sums.pods.add(1, at: Self.instant(minute))
                sums.cpu.add(stay.cpu, at: Self.instant(minute))
            }
            for stay in stays where stay.to == minute {
                sums.pods.add(-1, at: Self.instant(minute))
                sums.cpu.add(-stay.cpu, at: Self.instant(minute))
            }
        }
        let row = sums.take(controller: 1, at: Self.instant(60))
        #expect(row?.pods == pods && row?.cpu == cpu)
        if stays.allSatisfy({ $0.to == 60 }) { return }
        let next = sums.take(controller: 1, at: Self.instant(120))
        #expect(next == nil)
    }

    @Test("a workload that comes late in a run is counted from the hour in which it comes")
    func late() throws {
        var setup = Fixture.setup(machines: 1, horizon: .hours(50))
        setup.changes = [
            ScheduledChange(at: .start + .hours(48), act: .apply([Fixture.deployment("web", replicas: 1)]))
        ]
        let notes = FaultFixture.run(setup)
        let first = try #require(notes.demand.first)
        #expect(first.from == Instant.start + .hours(48) && first.pods == 1 && first.cpu > 490)
    }

    @Test("the peak is what was requested at once for some time, whatever the mean of the hour is")
    func peaks() {
        var sums = ClusterSums()
        func change(_ seconds: Int64, cpu: Int64, allocatable: Int64 = 0) {
            let now = Instant.start + .seconds(seconds)
            sums.notePeaks(until: now)
            sums.requestedCPU.add(cpu, at: now)
            sums.allocatableCPU.add(allocatable, at: now)
        }
        change(0, cpu: 100, allocatable: 4_000)
        change(60, cpu: 900)
        // Within one instant a pod comes before another goes.
        change(61, cpu: 5_000)
        change(61, cpu: -5_900)
        // As much as before, and half of the machines.
        change(100, cpu: 900, allocatable: -2_000)
        let row = sums.take(at: .start + .hours(1))
        #expect(row.peakRequestedCPU == 1_000 && row.peakAllocatableCPU == 4_000)
        #expect(row.requestedCPU < 1_000)
        let next = sums.take(at: .start + .hours(2))
        #expect(next.peakRequestedCPU == 1_000 && next.peakAllocatableCPU == 2_000)
    }

    @Test("what nobody has said of the usage is told apart, container by container")
    func assumed() throws {
        var setup = Fixture.setup(machines: 1, horizon: .hours(3))
        setup.objects = [
            Fixture.deployment("told", replicas: 1), Fixture.deployment("half", replicas: 1),
            Fixture.deployment("untold", replicas: 1),
        ]
        var told = WorkloadRule(.init(name: "told"))
        told.usage.cpu = .absolute(.constant(100))
        told.usage.memory = .absolute(.constant(1 << 20))
        var half = WorkloadRule(.init(name: "half"))
        half.usage.cpu = .absolute(.constant(200))
        setup.workloads = WorkloadBook(rules: [told, half])
        let notes = FaultFixture.run(setup)
        func last(_ name: String) throws -> DemandIntervalRow {
            let controller = try #require(notes.controllers.first { $0.name == name }).controller
            return try #require(notes.demand.last { $0.controller == controller })
        }
        let rows = try (told: last("told"), half: last("half"), untold: last("untold"))
        #expect(rows.told.cpu == 100 && rows.told.assumedCPU == 0 && rows.told.assumedMemory == 0)
        #expect(rows.half.cpu == 200 && rows.half.assumedCPU == 0)
        #expect(rows.half.memory == 1 << 30 && rows.half.assumedMemory == 1 << 30)
        #expect(rows.untold.cpu == 500 && rows.untold.assumedCPU == 500 && rows.untold.assumedMemory == 1 << 30)
    }

    @Test("percentiles of waits are the nearest ranks", arguments: [(2, 0), (20, 9), (21, 10)] as [(Int64, Int)])
    func percentiles(pods: Int64, median: Int) {
        var setup = Fixture.setup(machines: 20)
        setup.objects = [Fixture.deployment("web", replicas: pods)]
        let notes = FaultFixture.run(setup)
        let waits = notes.pods.map { pod in
            notes.podIntervals.first { $0.pod == pod.pod && $0.state == .ready }.map { ($0.from - pod.createdAt).nanoseconds }
        }.compactMap { $0 }.sorted()
        #expect(Int64(waits.count) == pods)
        #expect(notes.value("pending.p50") == waits[median])
    }

    @Test("a pod is charged for its usage while a container runs, and for its request otherwise", arguments: [true, false])
    func charges(runs: Bool) {
        var setup = Fixture.setup(machines: 1, horizon: .hours(4))
        setup.objects = [Fixture.deployment("web", replicas: 1)]
        var rule = WorkloadRule()
        rule.usage.cpu = .absolute(.constant(2_000))
        setup.workloads = WorkloadBook(rules: [rule])
        if !runs {
            var target = TargetSelector()
            target.images = ["shop/web:1"]
            var spec = FaultFixture.fault(ImageMissing.self, target, at: .zero)
            spec.duration = .permanent
            setup.faults = [spec]
        }
        let notes = FaultFixture.run(setup)
        let charged = notes.allocations.filter { $0.account == "pod" }.reduce(0) { $0 + $1.cpu }
        let idle = notes.allocations.filter { $0.account == "idle" }.reduce(0) { $0 + $1.cpu }
        let overhead = notes.allocations.filter { $0.account == "overhead" }.reduce(0) { $0 + $1.cpu }
        let share = 1_000 * charged / (charged + idle + overhead)
        // Of four cores: two that are used, or half of one that is requested.
        #expect(runs ? (495...500).contains(share) : share == 124 || share == 125)
    }

    @Test("an event that repeats the one before is told, and does not count as one more")
    func repeats() {
        var setup = Fixture.setup(machines: 1, horizon: .hours(2))
        setup.objects = [Fixture.deployment("big", replicas: 1, cpu: 9_000)]
        let notes = FaultFixture.run(setup)
        let refused = notes.attempts.filter { $0.outcome == "unschedulable" }.reduce(0) { $0 + Int($1.count) }
        #expect(refused > 5)
        #expect(notes.events("FailedScheduling").count == refused)
        #expect(notes.value("events.count") < Int64(refused))
    }
}
