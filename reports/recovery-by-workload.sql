-- title: Recovery by workload
-- question: How long did each fault keep each workload from being whole, and what did that take?
-- chart: bar workload recovery
-- column first_hit: duration
-- column evicted: duration
-- column rescheduled: duration
-- column ready: duration
-- column recovery: duration
-- column work_lost: duration
-- column work_lost_cost: usd
-- All lengths run from the strike: until the first ready pod was lost, the last was deleted, the last successor bound,
-- the last pod ready again, and as many pods ready as before, or as the workload wants; empty when that never came.
SELECT
    f.name || iif(f.strikes > 1, '#' || f.number, '') AS fault, v.title AS workload, v.pods_hit, v.pods_evicted,
    v.pods_replaced, v.first_hit_s AS first_hit, v.evicted_s AS evicted, v.rescheduled_s AS rescheduled,
    v.ready_s AS ready, v.recovery_s AS recovery, v.work_lost_s AS work_lost,
    v.work_lost_nanousd / 1e9 AS work_lost_cost
FROM workload_recovery_view v JOIN (
    SELECT id, name, from_ns, count(*) OVER (PARTITION BY name) AS strikes,
        row_number() OVER (PARTITION BY name ORDER BY from_ns, id) AS number
    FROM fault) f ON f.id = v.fault
ORDER BY f.from_ns, f.id, v.controller
