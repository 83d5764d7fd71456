extension RunSchema {
    /// Requests that were lost in flight, which is at an instant and not over a stretch of time, and those of users.
    static let ninthServices = """
        ALTER TABLE service_interval ADD COLUMN lost_milli INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE service_interval ADD COLUMN users_milli INTEGER NOT NULL DEFAULT 0;
        DROP VIEW service_interval_view;
        CREATE VIEW service_interval_view AS
        SELECT i.id, s.namespace || '/' || s.name AS service, \(time("i.from_ns")) AS began,
            \(time("i.to_ns")) AS ended, \(seconds("i.from_ns", "i.to_ns")) AS duration_s,
            i.requests_milli / 1e3 AS requests, i.users_milli / 1e3 AS of_users, i.failed_milli / 1e3 AS failed, i.lost_milli / 1e3 AS lost,
            i.retries_milli / 1e3 AS retries,
            i.requests_milli * 1e6 / (i.to_ns - i.from_ns) AS requests_per_s, i.p50_ns / 1e9 AS p50_s,
            i.p95_ns / 1e9 AS p95_s, i.p99_ns / 1e9 AS p99_s, i.endpoints, i.cpu_milli / 1e3 AS cores,
            i.in_flight_milli / 1e3 AS in_flight, i.violated
        FROM service_interval i JOIN service s ON s.id = i.service;
        """

    /// What each fault did and what it cost.
    ///
    /// Requests that failed are those of users, each once however many services it failed in on its way; those that were
    /// in flight when the fault struck are among them.
    static let ninthRecoveryView = """
        DROP VIEW recovery_view;
        CREATE VIEW recovery_view AS
        WITH
            loss AS (
                SELECT fault, sum(pods_hit) AS pods_hit, sum(pods_hit > 0) AS workloads_hit,
                    sum(pods_hit > 0 AND recovery_s IS NULL) AS not_recovered, sum(pods_evicted) AS pods_evicted,
                    sum(pods_replaced) AS pods_replaced, max(evicted_s) AS evicted_s, max(rescheduled_s) AS rescheduled_s,
                    max(ready_s) AS ready_s, max(recovery_s) AS recovery_s, sum(work_lost_s) AS work_lost_s,
                    sum(work_lost_nanousd) AS work_lost_nanousd
                FROM workload_recovery_view GROUP BY fault
            ),
            span AS (
                SELECT f.id, f.from_ns,
                    iif(l.not_recovered > 0, r.reached_ns,
                        min(r.reached_ns, max(
                            coalesce(f.to_ns, iif(l.workloads_hit > 0, 0, r.reached_ns)),
                            f.from_ns + coalesce(CAST(round(l.recovery_s * 1e9) AS INTEGER), 0)))) AS until_ns
                FROM fault f JOIN run r LEFT JOIN loss l ON l.fault = f.id
            ),
            node_step AS (
                SELECT e.fault, min(iif(k.value = 'nodeNotReady', e.at_ns - r.at_ns, NULL)) AS detected_ns,
                    count(DISTINCT iif(k.value = 'machineLaunched', e.node, NULL)) AS machines_launched,
                    sum(iif(k.value = 'machineLaunched',
                        n.price_per_hour_nanousd * ((s.until_ns - e.at_ns) / 1000000000) / 3600, 0)) AS machines_nanousd
                FROM cause_event e JOIN cause_event r ON r.id = e.root JOIN text k ON k.id = e.kind
                    JOIN node n ON n.id = e.node JOIN span s ON s.id = e.fault
                WHERE e.fault IS NOT NULL GROUP BY e.fault
            ),
            harm AS (
                SELECT s.id, sum(iif(i.requests_milli > 0, 1.0 * i.users_milli / i.requests_milli, 0)
                        * ((i.failed_milli - i.lost_milli) / 1e3
                        * (min(i.to_ns, s.until_ns) - max(i.from_ns, s.from_ns)) / (i.to_ns - i.from_ns)
                        + iif(i.to_ns < s.until_ns + (s.until_ns IN (s.from_ns, r.reached_ns)), i.lost_milli / 1e3, 0)))
                        AS requests_lost,
                    sum(iif(i.violated, min(i.to_ns, s.until_ns) - max(i.from_ns, s.from_ns), 0)) AS violated_ns
                FROM span s JOIN run r JOIN service v JOIN service_interval i ON i.service = v.id
                    AND i.from_ns < s.until_ns
                    AND i.from_ns >= coalesce(
                        (SELECT max(b.from_ns) FROM service_interval b
                        WHERE b.service = v.id AND b.from_ns < s.from_ns), 0)
                    AND i.to_ns >= s.from_ns
                GROUP BY s.id
            ),
            late AS (
                SELECT r.fault, count(*) AS steps, max(e.at_ns - r.at_ns) AS until_ns
                FROM cause_event e JOIN cause_event r ON r.id = e.delayed_by GROUP BY r.fault
            )
        SELECT s.id AS fault, coalesce(l.pods_hit, 0) AS pods_hit, coalesce(l.workloads_hit, 0) AS workloads_hit,
            coalesce(l.not_recovered, 0) AS not_recovered,
            iif(coalesce(l.not_recovered, 0) = 0, l.recovery_s, NULL) AS recovery_s,
            n.detected_ns / 1e9 AS detected_s, l.evicted_s, l.rescheduled_s, l.ready_s,
            coalesce(l.pods_evicted, 0) AS pods_evicted, coalesce(l.pods_replaced, 0) AS pods_replaced,
            coalesce(d.steps, 0) AS steps_delayed, d.until_ns / 1e9 AS delayed_until_s, (s.until_ns - s.from_ns) / 1e9 AS window_s,
            coalesce(h.requests_lost, 0.0) AS requests_lost, coalesce(h.violated_ns, 0) / 1e9 AS violated_s,
            coalesce(l.work_lost_s, 0.0) AS work_lost_s, coalesce(l.work_lost_nanousd, 0) AS work_lost_nanousd,
            coalesce(n.machines_launched, 0) AS machines_launched, coalesce(n.machines_nanousd, 0) AS machines_nanousd
        FROM span s LEFT JOIN loss l ON l.fault = s.id LEFT JOIN node_step n ON n.fault = s.id
            LEFT JOIN late d ON d.fault = s.id LEFT JOIN harm h ON h.id = s.id;
        """
}
