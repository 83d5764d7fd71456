import Chronology
import Foundation
import Observations
import RunDatabase
import Scenarios
import Testing

@testable import Experiments

@Suite("Replications")
struct ReplicationTests {
    private static func request(seed: Int, settings: [String] = []) -> RunRequest {
        var request = RunRequest()
        request.scenario = "scenarios/a\tb"
        request.seed = String(seed)
        request.settings = settings
        return request
    }

    @Test("a job survives the way to a worker", arguments: ["", "a=b\tc", "x=\\n\n{y: [1]}", "z=ä\r"])
    func jobs(setting: String) throws {
        let job = ReplicationJob(id: 7, request: Self.request(seed: 3, settings: [setting]), wantsDays: true)
        #expect(!job.line.contains("\n"))
        #expect(ReplicationJob(line: job.line) == job)
        #expect(ReplicationJob(line: "7\tdays") == nil)
    }

    private static func outcome(_ digest: String, cost: Int64) -> ReplicationOutcome {
        var outcome = ReplicationOutcome()
        outcome.digest = digest
        outcome.events = 12
        outcome.metrics = [.init(name: "cost.total", value: cost, unit: "nanodollars")]
        outcome.days = [.init(day: 0, metric: .init(name: "cost.total", value: cost, unit: "nanodollars"))]
        return outcome
    }

    private static let experiment = ExperimentRow(
        name: "e", question: "?", kind: .compare, version: "1", plan: "p")
    private static let rows = (1...4).map { id in
        ReplicationRow(
            id: id, variant: 1, number: id, seed: UInt64(id), request: request(seed: id).text)
    }

    private func write(_ order: [Int], to path: String) throws -> [ReplicationRow] {
        let file = try ExperimentFile(path: path)
        try file.begin(
            Self.experiment, variants: [VariantRow(name: "v", changes: ["a=1"], isBaseline: true)],
            inputs: [("scenario.yaml", "x")])
        #expect(try file.plan(Self.rows).map(\.id) == [1, 2, 3, 4])
        for id in order { try file.record(Self.outcome("d\(id)", cost: Int64(id)), of: id) }
        let rows = try ExperimentReader(path: path).replications(withDays: true)
        try file.finish(digest: ReplicationBatch.digest(of: rows))
        return rows
    }

    @Test("the file does not depend on the order in which outcomes come")
    func order() throws {
        let folder = try ScratchFolder()
        let forth = try write([1, 2, 3, 4], to: folder.path + "/a.sqlite")
        let back = try write([3, 4, 2, 1], to: folder.path + "/b.sqlite")
        #expect(forth == back && forth.allSatisfy { $0.outcome?.status == .complete })
        let bytes = try ["a", "b"].map { try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/\($0).sqlite")) }
        #expect(bytes[0] == bytes[1])
        let reader = try ExperimentReader(path: folder.path + "/a.sqlite")
        #expect(reader.experiment.digest == ReplicationBatch.digest(of: forth))
        #expect(try reader.variants() == [VariantRow(name: "v", changes: ["a=1"], isBaseline: true)])
    }

    @Test("an experiment goes on where it stopped, and only the same one")
    func resumes() throws {
        let folder = try ScratchFolder()
        let path = folder.path + "/a.sqlite"
        var file = try ExperimentFile(path: path)
        try file.begin(Self.experiment, variants: [], inputs: [])
        _ = try file.plan(Self.rows)
        try file.record(Self.outcome("d", cost: 1), of: 2)
        var crash = ReplicationOutcome()
        crash.message = "signal 4"
        try file.record(crash, of: 3)
        var refusal = crash
        refusal.isRefused = true
        try file.record(refusal, of: 4)

        file = try ExperimentFile(path: path)
        try file.begin(Self.experiment, variants: [], inputs: [])
        // A crash is tried again; what was refused would be refused again.
        #expect(try file.plan(Self.rows).map(\.id) == [1, 3])
        var other = Self.experiment
        other.plan = "q"
        #expect(throws: RunDatabaseError.otherExperiment(path: path)) { try file.begin(other, variants: [], inputs: []) }
        var changed = Self.rows[1]
        changed.request = Self.request(seed: 9).text
        #expect(throws: RunDatabaseError.otherExperiment(path: path)) { try file.plan([changed]) }
    }

    @Test("a file that holds no experiment is left alone")
    func strangers() throws {
        let folder = try ScratchFolder(["text.sqlite": "no database at all, but long enough to look like one: "])
        #expect(throws: RunDatabaseError.self) { try ExperimentFile(path: folder.path + "/text.sqlite") }
        let run = folder.path + "/run.sqlite"
        let writer = try RunWriter(path: run)
        writer.begin(
            RunHeader(
                scenario: "s", seed: 1, version: "1", startDate: "2026-01-01T00:00:00Z", horizon: .hours(1), inputs: [],
                parameters: [], warnings: []))
        try writer.close()
        #expect(throws: RunDatabaseError.notAnExperiment(path: run)) { try ExperimentFile(path: run) }
        #expect(throws: RunDatabaseError.notAnExperiment(path: run)) { try ExperimentReader(path: run) }
    }
}

@Suite("Figures of replications")
struct ReplicationMeasureTests {
    private static func hours(_ hours: Int64) -> Instant { .start + .hours(hours) }

    private static func node(_ number: Int32, _ type: String) -> NodeRow {
        NodeRow(
            node: number, name: "n\(number)", machineType: type, zone: "z", pool: "p", purchase: "on-demand",
            pricePerHour: 1, capacityCPU: 1, capacityMemory: 1, capacityGPU: 0, allocatableCPU: 1, allocatableMemory: 1,
            allocatablePods: 1, allocatableGPU: 0, launchedAt: .start)
    }

    /// Machines of one type from and to some hours; what is there at most in the first and the second day, and how long.
    static let machineRows: [(lives: [(Int64, Int64)], most: [Int64], hours: [Int64])] = [
        ([(0, 48)], [1, 1], [24, 24]),
        ([(0, 24), (24, 48)], [1, 1], [24, 24]),
        ([(1, 2), (2, 3), (2, 4)], [2, 0], [4, 0]),
        ([(20, 30), (25, 26)], [1, 2], [4, 7]),
        ([], [0, 0], [0, 0]),
    ]

    @Test("machines are counted at their most, and by their time", arguments: machineRows)
    func machines(row: (lives: [(Int64, Int64)], most: [Int64], hours: [Int64])) {
        var tally = MachineTally()
        tally.add(Self.node(0, "m"))
        for (from, to) in row.lives {
            // A node's life is told in pieces.
            let middle = Instant(nanoseconds: (Self.hours(from).nanoseconds + Self.hours(to).nanoseconds) / 2)
            tally.add(NodeIntervalRow(node: 0, state: .booting, from: Self.hours(from), to: middle))
            tally.add(NodeIntervalRow(node: 0, state: .ready, from: middle, to: Self.hours(to)))
            tally.add(NodeIntervalRow(node: 0, state: .gone, from: Self.hours(to), to: Self.hours(99)))
        }
        let days = tally.daily(days: 2)
        #expect(days.map { $0[0].value } == row.most)
        #expect(days.map { $0[1].value } == row.hours.map { Duration.hours($0).nanoseconds })
        #expect(tally.metrics[0].value == row.most.max())
        #expect(tally.metrics[1].value == Duration.hours(row.hours.reduce(0, +)).nanoseconds)
    }

    @Test("where a run begins within a day, its days are those of the calendar all the same")
    func calendarDays() {
        // It begins at 23:00.
        let measure = ReplicationMeasure(wantsDays: true, dayOffset: .hours(23))
        measure.node(
            NodeRow(
                node: 0, name: "n", machineType: "t", zone: "", pool: "p", purchase: "", pricePerHour: 0,
                capacityCPU: 0, capacityMemory: 0, capacityGPU: 0, allocatableCPU: 0, allocatableMemory: 0,
                allocatablePods: 0, allocatableGPU: 0, launchedAt: .start))
        measure.nodeInterval(NodeIntervalRow(node: 0, state: .ready, from: .start, to: Self.hours(26)))
        for (from, to, amount) in [(0, 1, 2), (1, 25, 3), (25, 26, 4)] as [(Int64, Int64, Int64)] {
            measure.costAsset(
                CostAssetRow(
                    kind: "node", node: 0, name: "n", from: Self.hours(from), to: Self.hours(to), amount: amount))
        }
        func days(_ name: String) -> [Int64] {
            measure.dailyMetrics.filter { $0.metric.name == name }.map(\.metric.value)
        }
        #expect(days("cost.total") == [2, 3, 4])
        #expect(days("machines.t.time") == [1, 24, 1].map { Duration.hours($0).nanoseconds })
        #expect(days("pool.p.max") == [1, 1, 1])
        let path = DemandPath([1, 2, 2, 2, 5], step: .hours(8), growth: nil)
        #expect(path.dailyMeans(offset: .hours(16)) == [1, 2, 5])
    }

    @Test("days sum up to the whole")
    func days() {
        let measure = ReplicationMeasure(wantsDays: true)
        for day in 0..<3 as Range<Int64> {
            measure.costAsset(
                CostAssetRow(
                    kind: "node", node: 0, name: "n", from: Self.hours(24 * day), to: Self.hours(24 * day + 24),
                    amount: 7 + day))
        }
        measure.podInterval(
            PodIntervalRow(pod: 1, state: .pending, node: -1, from: .start, to: .start + .minutes(3)))
        measure.podInterval(PodIntervalRow(pod: 1, state: .ready, node: 0, from: .start, to: .start + .minutes(9)))
        measure.metric(MetricRow(name: "service.shop/a.errors", value: 3, unit: "count"))
        measure.metric(MetricRow(name: "service.shop/b.errors", value: 4, unit: "count"))
        let costs = measure.dailyMetrics.filter { $0.metric.name == "cost.total" }
        #expect(costs.map(\.day) == [0, 1, 2] && costs.map(\.metric.value) == [7, 8, 9])
        var outcome = ReplicationOutcome()
        outcome.metrics = measure.metrics
        #expect(outcome.value("pending.podTime") == Duration.minutes(3).nanoseconds)
        #expect(outcome.value("services.errors") == 7)
        #expect(outcome.metrics.map(\.name) == outcome.metrics.map(\.name).sorted())
    }
}
