package import Observations
import Simulation

/// A figure of a finished run that a scenario's `assert` can bound.
package struct ScenarioMetric: Hashable, Sendable {
    /// How a metric is measured, and its bounds are written.
    package enum Unit: Hashable, Sendable {
        /// A whole number.
        case count
        /// Nano-dollars, written in dollars.
        case money
        /// Nanoseconds, written as a length of time.
        case duration
    }

    package let name: String
    package let unit: Unit
    /// Whether a run tells it by itself; otherwise it is worked out of the finished database.
    package var isTold = true

    /// Whether it can be told of a part of the run.
    package var isWindowed: Bool {
        !isTold || name.hasPrefix("service.") || Self.windowed.contains(name)
    }

    /// The metrics of the run as a whole that can be told of a part of it.
    private static let windowed = [
        "cost.controlPlane", "cost.total", "nodes.ready", "pending.max", "pending.p50", "pending.p95", "pods.created",
        "pods.failed", "pods.oomKilled", "pods.pending", "pods.running", "pods.succeeded", "work.interrupted",
        "work.lost",
    ]

    /// All metrics in name order.
    package static let all: [ScenarioMetric] = [
        ScenarioMetric(name: "arrivals", unit: .count),
        ScenarioMetric(name: "cost.controlPlane", unit: .money),
        ScenarioMetric(name: "cost.idle", unit: .money),
        ScenarioMetric(name: "cost.overhead", unit: .money),
        ScenarioMetric(name: "cost.pods", unit: .money),
        ScenarioMetric(name: "cost.total", unit: .money),
        ScenarioMetric(name: "events.count", unit: .count),
        ScenarioMetric(name: "nodes.ready", unit: .count),
        ScenarioMetric(name: "nodes.registered", unit: .count),
        ScenarioMetric(name: "pending.max", unit: .duration),
        ScenarioMetric(name: "pending.p50", unit: .duration),
        ScenarioMetric(name: "pending.p95", unit: .duration),
        ScenarioMetric(name: "pods.created", unit: .count),
        ScenarioMetric(name: "pods.evicted", unit: .count),
        ScenarioMetric(name: "pods.failed", unit: .count),
        ScenarioMetric(name: "pods.oomKilled", unit: .count),
        ScenarioMetric(name: "pods.pending", unit: .count),
        ScenarioMetric(name: "pods.running", unit: .count),
        ScenarioMetric(name: "pods.succeeded", unit: .count),
        ScenarioMetric(name: "restarts", unit: .count),
        ScenarioMetric(name: "scheduling.attempts", unit: .count),
        ScenarioMetric(name: "work.interrupted", unit: .count),
        ScenarioMetric(name: "work.lost", unit: .duration),
        ScenarioMetric(name: "work.overhead", unit: .duration),
        ScenarioMetric(name: "work.restored", unit: .duration),
    ]

    /// The metrics that are worked out of the finished database, in name order.
    package static let recorded = [
        ScenarioMetric(name: "cost.commitmentWaste", unit: .money, isTold: false),
        ScenarioMetric(name: "cost.traffic", unit: .money, isTold: false),
        ScenarioMetric(name: "recovery.max", unit: .duration, isTold: false),
    ]

    /// The metrics of every run, in name order.
    package static let ofRuns = (all + recorded).sorted { $0.name < $1.name }

    /// What can be asked of a service `namespace/name`, as it stands behind its name.
    package static let serviceSuffixes = ServiceMetric.all.map(\.suffix) + ["errors.time"]

    /// How figures of the metric are written.
    package var figures: Assertion.Unit {
        switch unit {
        case .count: .plain
        case .money: .money
        case .duration: .duration
        }
    }

    /// The metrics of services under traffic, which are called `namespace/name`.
    package static func of(services: [String]) -> [ScenarioMetric] {
        services.flatMap { service in
            ServiceMetric.all.map { metric in
                ScenarioMetric(name: metric.name(of: service), unit: metric.unit == "count" ? .count : .duration)
            } + [ScenarioMetric(name: "service.\(service).errors.time", unit: .duration, isTold: false)]
        }
    }
}
