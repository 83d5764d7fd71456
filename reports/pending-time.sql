-- title: Time until placed
-- question: How long do the pods of each workload wait for a node?
-- chart: bar controller p95
-- column p50: duration
-- column p95: duration
-- column p99: duration
-- column longest: duration
-- column all_together: duration
WITH
    waited AS (
        SELECT i.pod, sum(i.to_ns - i.from_ns) / 1e9 AS seconds
        FROM pod_interval i JOIN pod_state s ON s.id = i.state WHERE s.name = 'pending' GROUP BY i.pod
    ),
    ranked AS (
        SELECT coalesce(c.title, '(no workload)') AS controller, coalesce(w.seconds, 0) AS seconds,
            row_number() OVER (PARTITION BY p.controller ORDER BY coalesce(w.seconds, 0), p.id) AS place,
            count(*) OVER (PARTITION BY p.controller) AS pods
        FROM pod p LEFT JOIN waited w ON w.pod = p.id LEFT JOIN controller_view c ON c.id = p.controller
    )
SELECT
    controller, count(*) AS pods,
    min(iif(place >= 0.50 * pods, seconds, NULL)) AS p50,
    min(iif(place >= 0.95 * pods, seconds, NULL)) AS p95,
    min(iif(place >= 0.99 * pods, seconds, NULL)) AS p99,
    max(seconds) AS longest,
    sum(seconds) AS all_together
FROM ranked
GROUP BY controller
ORDER BY longest DESC, controller
