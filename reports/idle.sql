-- title: Idle by node
-- question: Which machines are paid for and not asked for, and why?
-- chart: bar node idle
-- column idle: usd
-- column idle_cpu: usd
-- column idle_memory: usd
-- column idle_gpu: usd
-- column cpu_requested: percent
-- column memory_requested: percent
-- column gpu_requested: percent
-- Requested is the mean over the time in which the node was up, ready or not: pods hold their part of it all the while.
-- Of a process that was killed it is not known, as what goes on is written when it ends.
WITH
    known AS MATERIALIZED (
        SELECT status <> 'running' OR digest IS NOT NULL AS is_told FROM run
    ),
    up AS (
        SELECT i.node, sum(i.to_ns - i.from_ns) AS ns
        FROM node_interval i JOIN node_state s ON s.id = i.state
        WHERE s.name IN ('ready', 'cordoned', 'notReady') GROUP BY i.node
    ),
    asked AS (
        SELECT i.node, sum(p.request_cpu_milli * ((i.to_ns - i.from_ns) / 1e9)) AS cpu,
            sum(p.request_memory_bytes * ((i.to_ns - i.from_ns) / 1e9)) AS memory,
            sum(p.request_gpu * ((i.to_ns - i.from_ns) / 1e9)) AS gpu,
            count(DISTINCT i.pod) AS pods
        FROM pod_interval i JOIN pod p ON p.id = i.pod JOIN pod_state s ON s.id = i.state
        WHERE i.node IS NOT NULL AND s.name NOT IN ('succeeded', 'failed')
        GROUP BY i.node
    ),
    idle AS (
        SELECT a.node, sum(a.cpu_nanousd) AS cpu, sum(a.memory_nanousd) AS memory, sum(a.gpu_nanousd) AS gpu,
            sum(a.cpu_nanousd + a.memory_nanousd + a.gpu_nanousd + a.other_nanousd) AS total
        FROM cost_allocation a JOIN text t ON t.id = a.account WHERE t.value = 'idle' GROUP BY a.node
    ),
    level AS (
        SELECT n.id, n.name, n.machine_type, idle.cpu, idle.memory, idle.gpu, idle.total, asked.pods, up.ns,
            known.is_told,
            iif(known.is_told,
                100.0 * coalesce(asked.cpu, 0) / nullif(n.allocatable_cpu_milli * (up.ns / 1e9), 0), NULL) AS cpu_level,
            iif(known.is_told,
                100.0 * coalesce(asked.memory, 0) / nullif(n.allocatable_memory_bytes * (up.ns / 1e9), 0), NULL)
                AS memory_level,
            iif(known.is_told,
                100.0 * coalesce(asked.gpu, 0) / nullif(n.allocatable_gpu * (up.ns / 1e9), 0), NULL) AS gpu_level
        FROM idle JOIN node n ON n.id = idle.node CROSS JOIN known
            LEFT JOIN up ON up.node = n.id LEFT JOIN asked ON asked.node = n.id
    )
SELECT
    name AS node, machine_type,
    total / 1e9 AS idle, cpu / 1e9 AS idle_cpu, memory / 1e9 AS idle_memory, gpu / 1e9 AS idle_gpu,
    cpu_level AS cpu_requested, memory_level AS memory_requested, gpu_level AS gpu_requested,
    CASE
        WHEN NOT is_told THEN 'not known: the run broke off'
        WHEN ns IS NULL THEN 'it never came up'
        WHEN pods IS NULL THEN 'no pod was ever placed on it'
        WHEN gpu_level >= 80 AND cpu_level < 80 AND memory_level < 80
            THEN 'its GPUs are taken: the CPU and the memory beside them cannot be used'
        WHEN memory_level >= 80 AND cpu_level < 80 THEN 'its memory is taken: the CPU beside it cannot be used'
        WHEN cpu_level >= 80 AND memory_level < 80 THEN 'its CPU is taken: the memory beside it cannot be used'
        WHEN cpu_level >= 80 THEN 'little is left'
        ELSE 'too few pods ask for it'
    END AS why
FROM level
ORDER BY total DESC, name
