-- title: Scheduling
-- question: How often does the scheduler succeed, and what stands in its way?
-- chart: bar outcome attempts
-- column mean_wait: duration
-- column longest_wait: duration
-- `nodes_refused` sums over the attempts.
SELECT
    o.value AS outcome,
    g.value AS plugin,
    t.value AS reason,
    sum(a.count) AS attempts,
    count(DISTINCT a.pod) AS pods,
    sum(r.nodes * a.count) AS nodes_refused,
    avg(a.waited_ns / 1e9) AS mean_wait,
    max(a.waited_ns / 1e9) AS longest_wait
FROM scheduling_attempt a
    JOIN text o ON o.id = a.outcome
    LEFT JOIN scheduling_rejection r ON r.attempt = a.id
    LEFT JOIN text g ON g.id = r.plugin
    LEFT JOIN text t ON t.id = r.reason
GROUP BY 1, 2, 3
ORDER BY attempts DESC, 1, 2, 3
