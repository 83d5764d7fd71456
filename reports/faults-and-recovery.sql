-- title: Faults and recovery
-- question: What broke, which pods did it hit, and how long until every workload was whole again?
-- chart: bar fault recovery
-- column began: time
-- column lasted: duration
-- column recovery: duration
-- A pod counts as hit when it stopped being ready, other than by success, while the fault lasted. Recovery runs from
-- the fault's beginning until every workload hit has as many ready pods as before; it is empty when one never has.
SELECT
    f.name AS fault, f.kind, f.target, f.began, f.duration_s AS lasted,
    v.pods_hit, v.workloads_hit, v.not_recovered, v.recovery_s AS recovery
FROM fault_view f JOIN recovery_view v ON v.fault = f.id
ORDER BY f.began, f.id
