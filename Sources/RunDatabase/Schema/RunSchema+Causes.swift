extension RunSchema {
    /// What followed from what, and its view for people.
    static let causes = """
        CREATE TABLE cause_event (
            id INTEGER PRIMARY KEY,
            parent INTEGER REFERENCES cause_event,
            root INTEGER NOT NULL REFERENCES cause_event,
            delayed_by INTEGER REFERENCES cause_event,
            depth INTEGER NOT NULL,
            at_ns INTEGER NOT NULL,
            kind INTEGER NOT NULL REFERENCES text,
            actor INTEGER NOT NULL REFERENCES text,
            fault INTEGER REFERENCES fault,
            node INTEGER REFERENCES node,
            pod INTEGER REFERENCES pod,
            controller INTEGER REFERENCES controller,
            detail INTEGER NOT NULL REFERENCES text,
            hit INTEGER NOT NULL,
            lost_ns INTEGER NOT NULL,
            lost_nanousd INTEGER NOT NULL
        ) STRICT;
        CREATE VIEW cause_event_view AS
        SELECT e.id, e.parent, e.root, e.delayed_by, e.depth, \(time("e.at_ns")) AS at,
            (e.at_ns - r.at_ns) / 1e9 AS after_s, k.value AS kind, a.value AS actor, f.name AS fault, n.name AS node,
            s.value AS namespace, p.name AS pod, c.title AS controller, d.value AS detail, e.hit,
            e.lost_ns / 1e9 AS lost_s, e.lost_nanousd / 1e9 AS lost_usd
        FROM cause_event e JOIN cause_event r ON r.id = e.root JOIN text k ON k.id = e.kind
            JOIN text a ON a.id = e.actor JOIN text d ON d.id = e.detail LEFT JOIN fault f ON f.id = e.fault
            LEFT JOIN node n ON n.id = e.node LEFT JOIN pod p ON p.id = e.pod LEFT JOIN text s ON s.id = p.namespace
            LEFT JOIN controller_view c ON c.id = e.controller;
        """

    /// How each workload that a fault hit came to be whole again.
    ///
    /// A workload is whole when it has as many ready pods as before, less those that succeeded, or as many as it wants.
    static let workloadRecoveryView = """
        CREATE VIEW workload_recovery_view AS
        WITH step AS (
            SELECT e.fault, e.controller, e.pod, e.hit, e.lost_ns, e.lost_nanousd, k.value AS kind,
                e.at_ns - r.at_ns AS after_ns
            FROM cause_event e JOIN cause_event r ON r.id = e.root JOIN text k ON k.id = e.kind
            WHERE e.fault IS NOT NULL AND e.controller IS NOT NULL
        ),
        sums AS (
            SELECT fault, controller, count(DISTINCT iif(hit, pod, NULL)) AS pods_hit,
                count(DISTINCT iif(kind = 'podDeleted', pod, NULL)) AS pods_evicted,
                count(DISTINCT iif(kind = 'podReplaced', pod, NULL)) AS pods_replaced,
                min(iif(hit, after_ns, NULL)) AS first_hit_ns, max(iif(hit, after_ns, NULL)) AS last_hit_ns,
                max(iif(kind = 'podDeleted', after_ns, NULL)) AS evicted_ns,
                max(iif(kind = 'podBound', after_ns, NULL)) AS bound_ns,
                max(iif(kind = 'podReady', after_ns, NULL)) AS ready_ns,
                max(iif(kind = 'workloadWhole', after_ns, NULL)) AS whole_ns,
                sum(lost_ns) AS lost_ns, sum(lost_nanousd) AS lost_nanousd
            FROM step GROUP BY fault, controller
        )
        SELECT s.fault, s.controller, c.title, s.pods_hit, s.pods_evicted, s.pods_replaced,
            s.first_hit_ns / 1e9 AS first_hit_s, s.evicted_ns / 1e9 AS evicted_s, s.bound_ns / 1e9 AS rescheduled_s,
            s.ready_ns / 1e9 AS ready_s, iif(s.whole_ns >= s.last_hit_ns, s.whole_ns, NULL) / 1e9 AS recovery_s,
            s.lost_ns / 1e9 AS work_lost_s, s.lost_nanousd AS work_lost_nanousd
        FROM sums s JOIN controller_view c ON c.id = s.controller;
        """

    /// What each fault did and what it cost, in place of what the intervals alone told.
    static let faultRecoveryView = """
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
                SELECT s.id, sum(i.failed_milli / 1e3 * (min(i.to_ns, s.until_ns) - max(i.from_ns, s.from_ns))
                        / (i.to_ns - i.from_ns)) AS requests_lost,
                    sum(iif(i.violated, min(i.to_ns, s.until_ns) - max(i.from_ns, s.from_ns), 0)) AS violated_ns
                FROM span s JOIN service v JOIN service_interval i ON i.service = v.id AND i.from_ns < s.until_ns
                    AND i.from_ns >= coalesce(
                        (SELECT max(b.from_ns) FROM service_interval b
                        WHERE b.service = v.id AND b.from_ns <= s.from_ns), 0)
                    AND i.to_ns > s.from_ns
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
