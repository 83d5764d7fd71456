package import Observations
import Chronology

/// The query with which one looks deeper into an assertion that did not hold.
package enum DeeperLook {
    /// Returns a SELECT for the database of the run.
    package static func query(for verdict: AssertionVerdict) -> String {
        let bounds = verdict.window
        switch verdict.assertion.subject {
        case .sql(let text):
            return filled(AssertionSQL.statement(text), from: bounds?.from, to: bounds?.to)
        case .metric(let name):
            if name.hasPrefix("service."), let service = MetricQuery.of(name)?.service {
                let condition =
                    name.contains(".latency.")
                    ? "" : " AND i.failed_milli + i.violated > 0"
                return "SELECT v.* FROM service_interval_view v JOIN service_interval i USING (id) "
                    + "WHERE v.service = '\(service)'\(condition)\(part(bounds, "i.from_ns", "i.to_ns")) ORDER BY i.id"
            }
            return look(name, bounds)
        }
    }

    /// Why a pod ended that somebody else than its own workload took away: a drain or an autoscaler, a taint, the scheduler
    /// for another pod, its kubelet, and the garbage collector when its node was gone.
    package static let evictionReasons = [
        "EvictionByEvictionAPI", "DeletionByTaintManager", "PreemptionByScheduler", "TerminationByKubelet",
        "DeletionByPodGC", "Evicted",
    ]

    private static func look(_ name: String, _ bounds: (from: Instant, to: Instant)?) -> String {
        switch name {
        case _ where name.hasPrefix("cost."):
            return "SELECT account, controller, sum(usd) AS usd FROM cost_allocation_view GROUP BY account, controller "
                + "ORDER BY usd DESC"
        case _ where name.hasPrefix("nodes."):
            return "SELECT v.* FROM node_interval_view v JOIN node_interval i USING (id) "
                + "WHERE v.state <> 'ready'\(part(bounds, "i.from_ns", "i.to_ns")) ORDER BY i.from_ns"
        case "pending.max", "pending.p50", "pending.p95", "pods.pending", "scheduling.attempts":
            return "SELECT v.* FROM pod_interval_view v JOIN pod_interval i USING (id) "
                + "WHERE v.state IN ('pending', 'starting')\(part(bounds, "i.from_ns", "i.to_ns")) "
                + "ORDER BY v.duration_s DESC LIMIT 20"
        case "pods.evicted":
            let reasons = evictionReasons.map { "'\($0)'" }.joined(separator: ", ")
            return "SELECT namespace, name, controller, node, phase, reason, ended FROM pod_view "
                + "WHERE reason IN (\(reasons)) ORDER BY ended, id"
        case "pods.oomKilled":
            return "SELECT p.namespace, p.name, p.controller, c.value AS container, k.at_ns / 1e9 AS after_s, "
                + "s.value AS signal FROM pressure_kill k JOIN pod_view p ON p.id = k.pod JOIN text c ON c.id = k.container "
                + "JOIN text s ON s.id = k.signal JOIN text r ON r.id = k.reason "
                + "WHERE r.value = 'OOMKilled'\(part(bounds, "k.at_ns + 1", "k.at_ns")) ORDER BY k.id"
        case "recovery.max":
            return "SELECT f.name, f.kind, f.target, v.* FROM recovery_view v JOIN fault f ON f.id = v.fault"
        case _ where name.hasPrefix("work."):
            return "SELECT * FROM lost_work ORDER BY lost_ns DESC"
        case "events.count":
            return "SELECT reason, sum(count) AS events FROM event_view GROUP BY reason ORDER BY events DESC"
        default:
            return "SELECT controller, phase, reason, count(*) AS pods, sum(restarts) AS restarts FROM pod_view "
                + "GROUP BY controller, phase, reason ORDER BY pods DESC"
        }
    }

    private static func part(_ bounds: (from: Instant, to: Instant)?, _ from: String, _ to: String) -> String {
        guard let bounds else { return "" }
        // What happened at the very beginning is written with what ended then.
        return " AND \(to) >= \(bounds.from.nanoseconds) AND \(from) < \(bounds.to.nanoseconds)"
    }

    /// Puts the window in the place of `:from` and `:to`.
    private static func filled(_ sql: String, from: Instant?, to: Instant?) -> String {
        let line = sql.split(whereSeparator: \.isNewline).map { $0.drop(while: \.isWhitespace) }.joined(separator: " ")
        let begin = from.map { String($0.nanoseconds) } ?? "0"
        let end = to.map { String($0.nanoseconds) } ?? "(SELECT reached_ns FROM run)"
        return line.replacing(":from", with: begin).replacing(":to", with: end)
    }
}
