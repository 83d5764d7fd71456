-- title: Disruption and money
-- question: What does each workload cost, and what did it go through for that?
-- chart: bar controller usd
-- column usd: usd
-- column lost_usd: usd
-- column lost_work: duration
-- column pending: duration
-- column longest_pending: duration
-- column throttled: duration
-- evictions counts pods that others than their own workload took away before they had succeeded: drains, taints,
-- preemption, kubelets; pods of DaemonSets that went with their node are left out. lost_usd is
-- what the work had cost that was lost in chains of cause and effect. pending sums over pods the time without a node,
-- throttled the processor time that was wanted and not given, slo_minutes the minutes in which services missed
-- their objective that the workload answers for, each service on its own.
WITH
    money AS (
        SELECT coalesce(controller, -1) AS id,
            sum(cpu_nanousd + memory_nanousd + gpu_nanousd + other_nanousd) AS amount
        FROM cost_allocation WHERE controller IS NOT NULL GROUP BY 1
    ),
    life AS (
        SELECT p.controller AS id, count(*) AS pods, coalesce(sum(e.restarts), 0) AS restarts,
            sum(
                coalesce(f.value, '') <> 'Succeeded' AND coalesce(r.value, '') IN (
                    'EvictionByEvictionAPI', 'DeletionByTaintManager', 'PreemptionByScheduler',
                    'TerminationByKubelet', 'DeletionByPodGC', 'Evicted')
                AND NOT (coalesce(c.kind, '') = 'DaemonSet' AND r.value = 'DeletionByPodGC')) AS evictions
        FROM pod p LEFT JOIN pod_end e ON e.pod = p.id LEFT JOIN text r ON r.id = e.reason
            LEFT JOIN text f ON f.id = e.phase LEFT JOIN controller c ON c.id = p.controller
        GROUP BY 1
    ),
    waited AS (
        SELECT p.controller AS id, p.id AS pod, sum(i.to_ns - i.from_ns) / 1e9 AS seconds
        FROM pod_interval i JOIN pod_state s ON s.id = i.state JOIN pod p ON p.id = i.pod
        WHERE s.name = 'pending' GROUP BY 1, 2
    ),
    pending AS (SELECT id, sum(seconds) AS seconds, max(seconds) AS longest FROM waited GROUP BY 1),
    lost AS (
        SELECT p.controller AS id, sum(l.lost_ns) / 1e9 AS seconds
        FROM lost_work l JOIN pod p ON p.id = l.pod GROUP BY 1
    ),
    lost_money AS (
        SELECT controller AS id, sum(lost_nanousd) AS amount FROM cause_event WHERE controller IS NOT NULL GROUP BY 1
    ),
    killed AS (
        SELECT p.controller AS id, count(*) AS kills
        FROM pressure_kill k JOIN pod p ON p.id = k.pod JOIN text r ON r.id = k.reason
        WHERE r.value = 'OOMKilled' GROUP BY 1
    ),
    throttled AS (
        SELECT p.controller AS id,
            sum((t.wanted_cpu_milli - t.granted_cpu_milli) / 1e3 * ((t.to_ns - t.from_ns) / 1e9)) AS seconds
        FROM throttle_interval t JOIN pod p ON p.id = t.pod GROUP BY 1
    ),
    missed AS (
        SELECT b.controller AS id, sum(iif(i.violated, i.to_ns - i.from_ns, 0)) / 60e9 AS minutes
        FROM service_backend b JOIN service_interval i ON i.service = b.service GROUP BY 1
    )
SELECT
    c.title AS controller, coalesce(m.amount, 0) / 1e9 AS usd, coalesce(l.pods, 0) AS pods,
    coalesce(l.evictions, 0) AS evictions, coalesce(l.restarts, 0) AS restarts, coalesce(k.kills, 0) AS oom_kills,
    coalesce(w.seconds, 0) AS lost_work, coalesce(n.amount, 0) / 1e9 AS lost_usd, coalesce(p.seconds, 0) AS pending,
    coalesce(p.longest, 0) AS longest_pending, coalesce(t.seconds, 0) AS throttled,
    round(s.minutes, 2) AS slo_minutes
FROM controller_view c
    LEFT JOIN money m ON m.id = c.id
    LEFT JOIN life l ON l.id = c.id
    LEFT JOIN pending p ON p.id = c.id
    LEFT JOIN lost w ON w.id = c.id
    LEFT JOIN lost_money n ON n.id = c.id
    LEFT JOIN killed k ON k.id = c.id
    LEFT JOIN throttled t ON t.id = c.id
    LEFT JOIN missed s ON s.id = c.id
ORDER BY usd DESC, controller
