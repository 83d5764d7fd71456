import Observations

/// A metric as a query over a run's database, for a part of the run: the parameters `:from` and `:to` bound it.
package struct MetricQuery: Sendable {
    package let name: String
    /// A SELECT of one value; `:service` in those of services.
    let sql: String

    /// Those that are about the run as a whole, in name order.
    package static let all: [MetricQuery] = [
        MetricQuery(name: "cost.commitmentWaste", sql: cost("kind = 'commitment-waste'")),
        MetricQuery(name: "cost.controlPlane", sql: cost("kind = 'control-plane'")),
        MetricQuery(name: "cost.total", sql: cost("1")),
        MetricQuery(name: "cost.traffic", sql: cost("kind LIKE '%-traffic'")),
        MetricQuery(name: "nodes.ready", sql: readyNodes),
        MetricQuery(name: "pending.max", sql: waits("SELECT coalesce(max(wait), 0) FROM waits")),
        MetricQuery(name: "pending.p50", sql: waits(quantile(50))),
        MetricQuery(name: "pending.p95", sql: waits(quantile(95))),
        MetricQuery(
            name: "pods.created", sql: "SELECT count(*) FROM pod WHERE created_ns >= :from AND created_ns < \(end)"),
        MetricQuery(name: "pods.failed", sql: ends("Failed", "failed")),
        MetricQuery(
            name: "pods.oomKilled",
            sql: """
                SELECT count(*) FROM pressure_kill k JOIN text r ON r.id = k.reason
                WHERE r.value = 'OOMKilled' AND k.at_ns >= :from AND k.at_ns < \(end)
                """),
        MetricQuery(name: "pods.pending", sql: states("'pending', 'starting'")),
        MetricQuery(name: "pods.running", sql: states("'unready', 'ready'")),
        MetricQuery(name: "pods.succeeded", sql: ends("Succeeded", "succeeded")),
        MetricQuery(
            name: "recovery.max",
            sql: """
                SELECT iif(coalesce(sum(v.not_recovered), 0) > 0, NULL,
                    coalesce(max(CAST(round(v.recovery_s * 1e9) AS INTEGER)), 0))
                FROM recovery_view v JOIN fault f ON f.id = v.fault WHERE f.from_ns >= :from AND f.from_ns < \(end)
                """),
        MetricQuery(
            name: "work.interrupted",
            sql: "SELECT count(*) FROM lost_work WHERE at_ns >= :from AND at_ns < \(end)"),
        MetricQuery(
            name: "work.lost",
            sql: "SELECT coalesce(sum(lost_ns), 0) FROM lost_work WHERE at_ns >= :from AND at_ns < \(end)"),
    ]

    /// How many nodes say that they are ready at `:to`, cordoned ones among them.
    static let readyNodes = """
        SELECT count(*) FROM node_interval i JOIN node_state s ON s.id = i.state
        WHERE s.name IN ('ready', 'cordoned') AND i.from_ns < :to AND i.to_ns >= :to
        """

    /// Those of one service, by what stands behind its name, in name order.
    package static let ofService: [MetricQuery] = [
        MetricQuery(name: "errors", sql: failures),
        MetricQuery(name: "errors.time", sql: spells("i.failed_milli > i.lost_milli")),
        MetricQuery(name: "latency.p50.max", sql: latency("p50_ns")),
        MetricQuery(name: "latency.p95.max", sql: latency("p95_ns")),
        MetricQuery(name: "latency.p99.max", sql: latency("p99_ns")),
        MetricQuery(name: "requests", sql: requests("requests_milli")),
        MetricQuery(name: "retries", sql: requests("retries_milli")),
        MetricQuery(name: "slo.violated", sql: spells("i.violated")),
    ]

    /// Returns the query of a metric, and the service that it is about.
    package static func of(_ metric: String) -> (query: MetricQuery, service: String?)? {
        if let query = all.first(where: { $0.name == metric }) { return (query, nil) }
        guard metric.hasPrefix("service.") else { return nil }
        let rest = metric.dropFirst("service.".count)
        // The longest name first: a service's own name holds no dot.
        for query in ofService.sorted(by: { $0.name.count > $1.name.count }) where rest.hasSuffix("." + query.name) {
            return (query, String(rest.dropLast(query.name.count + 1)))
        }
        return nil
    }
}

// MARK: - Parts of queries

extension MetricQuery {
    /// The first instant after the part: what happened at the very end of the run counts as well.
    private static let end = "(:to + (:to >= (SELECT reached_ns FROM run)))"

    /// The nanoseconds that a row has in common with the part of the run.
    private static let overlap = "(min(i.to_ns, :to) - max(i.from_ns, :from))"
    private static let overlaps = "i.to_ns > :from AND i.from_ns < :to"

    /// A column's share for the common time; rows that lie inside count in full, without any rounding.
    private static func part(_ column: String) -> String {
        "iif(i.from_ns >= :from AND i.to_ns <= :to, i.\(column), "
            + "CAST(round(i.\(column) * (1.0 * \(overlap) / (i.to_ns - i.from_ns))) AS INTEGER))"
    }

    private static func cost(_ condition: String) -> String {
        "SELECT coalesce(sum(\(part("amount_nanousd"))), 0) FROM cost_asset i WHERE \(overlaps) AND (\(condition))"
    }

    private static let theService =
        "FROM service_interval i JOIN service s ON s.id = i.service WHERE s.namespace || '/' || s.name = :service"
    private static let intervals = "\(theService) AND \(overlaps)"

    private static func requests(_ column: String) -> String {
        "SELECT coalesce(sum(\(part(column))), 0) / 1000 \(intervals)"
    }

    /// What fails all along, by its share of the time, and what was lost in flight, at the instant at which it was.
    private static let failures = """
        SELECT coalesce(sum(CAST(round((i.failed_milli - i.lost_milli) * (1.0 * \(overlap) / (i.to_ns - i.from_ns)))
            AS INTEGER) + iif(i.to_ns < \(end), i.lost_milli, 0)), 0) / 1000
        \(theService) AND i.to_ns >= :from AND i.from_ns < :to
        """

    /// The longest of those that got an answer; NULL when requests came and none got one.
    private static func latency(_ column: String) -> String {
        "SELECT iif(coalesce(max(i.requests_milli > 0), 0) > coalesce(max(i.requests_milli > i.failed_milli - i.lost_milli), 0), NULL, "
            + "coalesce(max(i.\(column)), 0)) \(intervals)"
    }

    private static func spells(_ condition: String) -> String {
        "SELECT coalesce(sum(iif(\(condition), \(overlap), 0)), 0) \(intervals)"
    }

    /// Pods in one of some states at the end of the part.
    private static func states(_ names: String) -> String {
        """
        SELECT count(*) FROM pod_interval i JOIN pod_state s ON s.id = i.state
        WHERE s.name IN (\(names)) AND i.from_ns < :to AND i.to_ns >= :to
        """
    }

    /// Pods that ran to their end in the part of the run, in a phase.
    private static func ends(_ phase: String, _ state: String) -> String {
        """
        SELECT count(*) FROM (
            SELECT coalesce(r.at_ns, e.ended_ns) AS at_ns
            FROM pod_end e JOIN text f ON f.id = e.phase LEFT JOIN (
                SELECT i.pod, min(i.from_ns) AS at_ns FROM pod_interval i JOIN pod_state s ON s.id = i.state
                WHERE s.name = '\(state)' GROUP BY i.pod) r ON r.pod = e.pod
            WHERE f.value = '\(phase)')
        WHERE at_ns >= :from AND at_ns < \(end)
        """
    }

    /// How long the pods that were created in the part waited to be ready, or wait still when the run ends.
    private static func waits(_ select: String) -> String {
        """
        WITH first_ready AS (
            SELECT i.pod, min(i.from_ns) AS at_ns FROM pod_interval i JOIN pod_state s ON s.id = i.state
            WHERE s.name = 'ready' GROUP BY i.pod),
        waits AS (
            SELECT coalesce(r.at_ns, e.ended_ns) - p.created_ns AS wait
            FROM pod p LEFT JOIN first_ready r ON r.pod = p.id LEFT JOIN pod_end e ON e.pod = p.id
            WHERE p.created_ns >= :from AND p.created_ns < \(end) AND (r.at_ns IS NOT NULL OR p.id IN (
                SELECT i.pod FROM pod_interval i JOIN pod_state s ON s.id = i.state JOIN pod_end x ON x.pod = i.pod
                WHERE x.alive AND i.to_ns = x.ended_ns AND s.name IN ('pending', 'starting'))))
        \(select)
        """
    }

    private static func quantile(_ percent: Int) -> String {
        "SELECT coalesce((SELECT wait FROM waits ORDER BY wait LIMIT 1 "
            + "OFFSET (SELECT max(0, (count(*) * \(percent) + 99) / 100 - 1) FROM waits)), 0)"
    }
}
