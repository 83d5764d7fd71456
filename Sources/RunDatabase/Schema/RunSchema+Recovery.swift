extension RunSchema {
    /// What each fault did, and when the workloads it hit were whole again.
    ///
    /// A pod counts as hit when it stopped being ready, other than by success, while the fault lasted. A workload is
    /// whole again once it has as many ready pods as before.
    static let firstRecoveryView = """
        CREATE VIEW recovery_view AS
        WITH
            span AS (
                SELECT f.id, f.from_ns, coalesce(f.to_ns, r.reached_ns) AS to_ns, r.reached_ns FROM fault f, run r
            ),
            steady AS (
                SELECT i.id, i.pod, p.controller, i.from_ns, i.to_ns
                FROM pod_interval i JOIN pod_state s ON s.id = i.state JOIN pod p ON p.id = i.pod
                WHERE s.name = 'ready'
            ),
            hit AS (
                SELECT f.id AS fault, r.pod, r.controller, max(r.to_ns) AS at_ns
                FROM span f JOIN steady r ON r.to_ns >= f.from_ns AND r.to_ns <= f.to_ns AND r.to_ns < f.reached_ns
                    AND r.from_ns <= f.from_ns
                WHERE NOT EXISTS (
                    SELECT 1 FROM pod_interval n JOIN pod_state s ON s.id = n.state
                    WHERE n.pod = r.pod AND n.from_ns = r.to_ns AND s.name = 'succeeded')
                GROUP BY f.id, r.pod
            ),
            harmed AS (
                SELECT h.fault, h.controller, max(h.at_ns) AS last_ns, f.from_ns,
                    (SELECT count(*) FROM steady r
                    WHERE r.controller = h.controller AND r.from_ns <= f.from_ns AND r.to_ns >= f.from_ns
                        AND r.to_ns > r.from_ns) AS before
                FROM hit h JOIN span f ON f.id = h.fault
                WHERE h.controller IS NOT NULL
                GROUP BY h.fault, h.controller
            ),
            change AS (
                SELECT controller, from_ns AS at_ns, 1 AS step FROM steady
                    WHERE controller IN (SELECT controller FROM harmed)
                UNION ALL
                SELECT controller, to_ns, -1 FROM steady
                    WHERE controller IN (SELECT controller FROM harmed) AND to_ns < (SELECT reached_ns FROM run)
            ),
            level AS (
                SELECT controller, at_ns,
                    sum(sum(step)) OVER (PARTITION BY controller ORDER BY at_ns) AS pods
                FROM change GROUP BY controller, at_ns
            ),
            healed AS (
                SELECT h.fault, h.controller,
                    (SELECT min(l.at_ns) FROM level l
                    WHERE l.controller = h.controller AND l.at_ns >= h.last_ns AND l.pods >= h.before) AS at_ns
                FROM harmed h
            )
        SELECT s.id AS fault,
            (SELECT count(*) FROM hit h WHERE h.fault = s.id) AS pods_hit,
            (SELECT count(*) FROM harmed h WHERE h.fault = s.id) AS workloads_hit,
            (SELECT count(*) FROM healed h WHERE h.fault = s.id AND h.at_ns IS NULL) AS not_recovered,
            (SELECT iif(count(*) = count(h.at_ns), (max(h.at_ns) - s.from_ns) / 1e9, NULL)
            FROM healed h WHERE h.fault = s.id) AS recovery_s
        FROM span s;
        """
}
