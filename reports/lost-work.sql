-- title: Lost work
-- question: How much work was cut short and has to be done again, and what did checkpoints save?
-- chart: bar controller lost
-- column done: duration
-- column lost: duration
-- column overhead: duration
SELECT
    coalesce(c.title, '(no workload)') AS controller, r.value AS reason, l.exit_code, count(*) AS runs,
    sum(l.done_ns) / 1e9 AS done, sum(l.lost_ns) / 1e9 AS lost,
    round(sum(l.lost_ns / 3.6e12 * coalesce(p.request_cpu_milli, 0) / 1e3), 3) AS lost_core_hours,
    sum(l.overhead_ns) / 1e9 AS overhead
FROM lost_work l JOIN text r ON r.id = l.reason LEFT JOIN pod p ON p.id = l.pod
    LEFT JOIN controller_view c ON c.id = p.controller
GROUP BY c.title, r.value, l.exit_code
ORDER BY lost DESC, controller, r.value, l.exit_code
