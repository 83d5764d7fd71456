-- title: Pressure
-- question: Which workloads are slowed, killed or evicted because their machines have too little?
-- chart: bar workload throttled
-- column throttled: duration
-- column lost: duration
-- column share: percent
-- `throttled` is the time that pods spent with less CPU than they would have used, `lost` the CPU time that they did not
-- get, `share` its part of what they wanted in that time. Kills are by the kernel, at a container's limit or because the
-- machine was full; evictions are by the kubelet.
WITH slow AS (
    SELECT p.controller,
        sum(t.to_ns - t.from_ns) / 1e9 AS throttled,
        sum((t.wanted_cpu_milli - t.granted_cpu_milli) / 1e3 * ((t.to_ns - t.from_ns) / 1e9)) AS lost,
        sum(t.wanted_cpu_milli / 1e3 * ((t.to_ns - t.from_ns) / 1e9)) AS wanted
    FROM throttle_interval t JOIN pod p ON p.id = t.pod
    GROUP BY p.controller
),
gone AS (
    SELECT p.controller,
        count(*) FILTER (WHERE r.value = 'OOMKilled' AND s.value = 'limit') AS killed_at_limit,
        count(*) FILTER (WHERE r.value = 'OOMKilled' AND s.value = 'system') AS killed_by_system,
        count(*) FILTER (WHERE r.value = 'Evicted' AND s.value = 'memory.available') AS evicted_memory,
        count(*) FILTER (WHERE r.value = 'Evicted' AND s.value IN ('nodefs.available', 'imagefs.available'))
            AS evicted_disk,
        count(*) FILTER (WHERE r.value = 'Evicted' AND s.value NOT LIKE '%.available') AS evicted_own_limit
    FROM pressure_kill k JOIN pod p ON p.id = k.pod JOIN text r ON r.id = k.reason JOIN text s ON s.id = k.signal
    GROUP BY p.controller
)
SELECT
    c.title AS workload,
    coalesce(slow.throttled, 0.0) AS throttled, coalesce(slow.lost, 0.0) AS lost,
    iif(slow.wanted > 0, 100.0 * slow.lost / slow.wanted, 0.0) AS share,
    coalesce(gone.killed_at_limit, 0) AS killed_at_limit, coalesce(gone.killed_by_system, 0) AS killed_by_system,
    coalesce(gone.evicted_memory, 0) AS evicted_memory, coalesce(gone.evicted_disk, 0) AS evicted_disk,
    coalesce(gone.evicted_own_limit, 0) AS evicted_own_limit
FROM controller_view c LEFT JOIN slow ON slow.controller = c.id LEFT JOIN gone ON gone.controller = c.id
WHERE slow.controller IS NOT NULL OR gone.controller IS NOT NULL
ORDER BY lost DESC, killed_at_limit + killed_by_system + evicted_memory + evicted_disk + evicted_own_limit DESC,
    c.title
