import Chronology
import Observations
import RunDatabase

/// Keeps the figures of a run that comparisons and forecasts are made of, as it goes.
final class ReplicationMeasure: SelectiveObserver {
    private typealias Metric = ReplicationOutcome.Metric

    private let wantsDays: Bool
    /// How long the first day had lasted when the run began; what is counted by days is told later by as much.
    private let dayOffset: Duration
    private var told: [ReplicationOutcome.Metric] = []
    private var machines = MachineTally()
    /// Only of interest day by day: against the size that a pool may have.
    private var pools = MachineTally(by: .pool)
    private var footprint = FootprintTally()
    private var days: [DayTally] = []
    private var whole = DayTally()
    /// The time that pods were bound to no node, summed over pods.
    private var pending = Duration.zero
    private var commitmentWaste: Int64 = 0
    private var traffic: Int64 = 0

    init(wantsDays: Bool, dayOffset: Duration = .zero) {
        self.wantsDays = wantsDays
        self.dayOffset = dayOffset
    }

    func node(_ row: NodeRow) {
        machines.add(row)
        guard wantsDays else { return }
        pools.add(row)
        footprint.add(row)
    }

    func nodeInterval(_ row: NodeIntervalRow) {
        var row = row
        row.from = row.from + dayOffset
        row.to = row.to + dayOffset
        machines.add(row)
        guard wantsDays else { return }
        pools.add(row)
        footprint.add(row)
    }

    func pod(_ row: PodRow) { if wantsDays { footprint.add(row) } }

    func attempt(_ row: AttemptRow) {
        guard wantsDays else { return }
        var row = row
        row.first = row.first + dayOffset
        footprint.add(row)
    }

    func quota(_ row: QuotaRow) {
        guard wantsDays else { return }
        var row = row
        row.at = row.at + dayOffset
        footprint.add(row)
    }

    func event(_ row: EventRow) {
        guard wantsDays else { return }
        var row = row
        row.at = row.at + dayOffset
        footprint.add(row)
    }

    func podInterval(_ row: PodIntervalRow) {
        if wantsDays {
            var row = row
            row.from = row.from + dayOffset
            row.to = row.to + dayOffset
            footprint.add(row)
        }
        switch row.state {
        case .pending: pending += row.to - row.from
        case .starting, .unready, .ready, .terminating, .succeeded, .failed: break
        }
    }

    func capacity(_ row: CapacityIntervalRow) { add(at: row.from) { $0.add(row) } }

    func costAsset(_ row: CostAssetRow) {
        if row.kind == "commitment-waste" { commitmentWaste += row.amount }
        if row.kind.hasSuffix("-traffic") { traffic += row.amount }
        // Accounts are settled at each midnight.
        add(at: row.from) { $0.cost += row.amount }
    }

    func metric(_ row: MetricRow) { told.append(Metric(name: row.name, value: row.value, unit: row.unit)) }

    private func add(at instant: Instant, _ body: (inout DayTally) -> Void) {
        body(&whole)
        guard wantsDays else { return }
        let day = Int(max(0, (instant + dayOffset).nanoseconds) / Duration.days(1).nanoseconds)
        while days.count <= day { days.append(DayTally()) }
        body(&days[day])
    }

    // MARK: - Figures

    /// The figures of the run as a whole, in name order.
    var metrics: [ReplicationOutcome.Metric] {
        var metrics = told
        metrics.append(Metric(name: "cost.commitmentWaste", value: commitmentWaste, unit: "nanodollars"))
        metrics.append(Metric(name: "cost.traffic", value: traffic, unit: "nanodollars"))
        metrics.append(Metric(name: "pending.podTime", value: pending.nanoseconds, unit: "nanoseconds"))
        metrics += whole.capacityMetrics
        metrics += machines.metrics
        metrics += Self.serviceSums(of: told)
        return metrics.sorted { $0.name < $1.name }
    }

    /// The figures of each day of UTC from that on which the run begins, by day and then in name order; none when they were not asked for.
    var dailyMetrics: [ReplicationOutcome.Day] {
        guard wantsDays else { return [] }
        let byDay = machines.daily(days: days.count)
        let byPool = pools.daily(days: days.count)
        let taken = footprint.daily(days: days.count)
        return days.indices.flatMap { day -> [ReplicationOutcome.Day] in
            let cost = Metric(name: "cost.total", value: days[day].cost, unit: "nanodollars")
            var metrics: [Metric] = [cost] + days[day].capacityMetrics + byDay[day]
            metrics += byPool[day] + taken[day]
            metrics.sort { $0.name < $1.name }
            return metrics.map { ReplicationOutcome.Day(day: day, metric: $0) }
        }
    }

    /// What all services together come to.
    private static func serviceSums(of told: [Metric]) -> [Metric] {
        func values(_ suffix: String) -> [Int64] {
            told.filter { $0.name.hasPrefix("service.") && $0.name.hasSuffix(suffix) }.map(\.value)
        }
        guard told.contains(where: { $0.name.hasPrefix("service.") }) else { return [] }
        return [
            Metric(name: "services.errors", value: values(".errors").reduce(0, +), unit: "count"),
            Metric(
                name: "services.latency.p99.max", value: values(".latency.p99.max").max() ?? 0, unit: "nanoseconds"),
            Metric(name: "services.slo.violated", value: values(".slo.violated").reduce(0, +), unit: "nanoseconds"),
        ]
    }
}
