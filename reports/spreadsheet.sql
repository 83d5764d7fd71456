-- title: What a spreadsheet would have said
-- question: What would replicas × request × price have come to, and what did the workloads really cost?
-- chart: bar workload spreadsheet really
-- column cpu_each: cores
-- column spreadsheet: usd
-- column allocated: usd
-- column really: usd
-- A spreadsheet multiplies the replicas that there are on average by the processors that each asks for and by what a
-- processor of these machines costs an hour, and stops there. `allocated` is what pods were charged, and `really` what that
-- is with its part of everything else that the bill has: idle machines, overhead, fees. A process that was killed has not
-- told how long its last pods were there: then there are no replicas to multiply by.
WITH
    known AS MATERIALIZED (
        SELECT status <> 'running' OR digest IS NOT NULL AS is_told FROM run
    ),
    price AS (
        SELECT (SELECT sum(amount_nanousd) / 1e9 FROM cost_asset WHERE kind = 'node')
            / sum((i.to_ns - i.from_ns) / 3.6e12 * n.capacity_cpu_milli / 1000.0) AS core_hour
        FROM node_interval i JOIN node n ON n.id = i.node JOIN node_state s ON s.id = i.state
        WHERE s.name NOT IN ('gone', 'failed')
    ),
    run_time AS (SELECT reached_ns / 3.6e12 AS hours FROM run),
    workload AS (
        SELECT p.controller, iif((SELECT is_told FROM known), sum(i.to_ns - i.from_ns) / 3.6e12, NULL) AS pod_hours,
            iif((SELECT is_told FROM known), sum((i.to_ns - i.from_ns) / 3.6e12 * p.request_cpu_milli / 1000.0), NULL)
                AS core_hours
        FROM pod_interval i JOIN pod p ON p.id = i.pod JOIN pod_state s ON s.id = i.state
        WHERE i.node IS NOT NULL AND s.name NOT IN ('succeeded', 'failed')
        GROUP BY p.controller
    ),
    charged AS (
        SELECT controller,
            sum(cpu_nanousd + memory_nanousd + gpu_nanousd + other_nanousd) / 1e9 AS usd
        FROM cost_allocation WHERE controller IS NOT NULL GROUP BY controller
    ),
    bill AS (
        SELECT (SELECT sum(amount_nanousd) / 1e9 FROM cost_asset) AS total, (SELECT sum(usd) FROM charged) AS charged
    )
SELECT
    c.title AS workload,
    round(w.pod_hours / r.hours, 2) AS replicas,
    w.core_hours / w.pod_hours AS cpu_each,
    w.core_hours * p.core_hour AS spreadsheet,
    coalesce(g.usd, 0) AS allocated,
    coalesce(g.usd, 0) * b.total / b.charged AS really
FROM workload w
    JOIN controller_view c ON c.id = w.controller
    LEFT JOIN charged g ON g.controller = w.controller
    CROSS JOIN price p CROSS JOIN run_time r CROSS JOIN bill b
UNION ALL
SELECT '(all)', round(sum(w.pod_hours) / max(r.hours), 2), NULL, sum(w.core_hours) * max(p.core_hour), max(b.charged),
    max(b.total)
FROM workload w CROSS JOIN price p CROSS JOIN run_time r CROSS JOIN bill b
ORDER BY 6 DESC, 1
