-- title: Faults and recovery
-- question: What broke, which pods did it hit, and how long until every workload was whole again?
-- chart: bar fault recovery
-- column began: time
-- column lasted: duration
-- column detected: duration
-- column evicted: duration
-- column rescheduled: duration
-- column ready: duration
-- column recovery: duration
-- column held_up_until: duration
-- column objective_missed: duration
-- column work_lost: duration
-- column work_lost_cost: usd
-- column machines_cost: usd
-- A pod counts as hit when it stopped being ready by what the fault led to. All lengths run from the strike: until the
-- first node was seen not to be ready, the last pod was deleted, the last successor bound, the last pod ready again, and
-- every workload had as many ready pods as before, or as it wants; empty when one never had. What a fault that is about
-- no machine held up stands in held_up. Requests are those of users that failed until it had healed and all was whole,
-- each once however many services it failed in; objectives are those of all services until then.
SELECT
    f.name || iif(count(*) OVER (PARTITION BY f.name) > 1,
        '#' || row_number() OVER (PARTITION BY f.name ORDER BY f.from_ns, f.id), '') AS fault,
    f.kind, f.target, w.began, w.duration_s AS lasted, v.pods_hit, v.workloads_hit, v.not_recovered,
    v.detected_s AS detected, v.evicted_s AS evicted, v.rescheduled_s AS rescheduled, v.ready_s AS ready,
    v.recovery_s AS recovery, v.steps_delayed AS held_up, v.delayed_until_s AS held_up_until,
    CAST(round(v.requests_lost) AS INTEGER) AS requests_lost, v.violated_s AS objective_missed,
    v.work_lost_s AS work_lost, v.work_lost_nanousd / 1e9 AS work_lost_cost, v.machines_launched AS machines,
    v.machines_nanousd / 1e9 AS machines_cost
FROM fault f JOIN fault_view w ON w.id = f.id JOIN recovery_view v ON v.fault = f.id
ORDER BY f.from_ns, f.id
