-- title: Idle by cause
-- question: Why is money spent on machines that no workload gets, and what would have to change?
-- chart: stacked-bar cause cpu memory gpu
-- parameter by: cluster | pool | node
-- column cpu: usd
-- column memory: usd
-- column gpu: usd
-- column total: usd
-- column share: percent
-- Each idle row of the ledger is split, for each resource, over the time that it covers by what was free of the resource
-- (allocatable less requested) and why; total_nanousd sums to the money that no workload but DaemonSets got. Causes:
--   reservation         what kubelet and system hold back: the account overhead
--   daemons             what pods of DaemonSets were charged
--   unusable            the machine booted, was not ready, or was cordoned
--   headroom            another pod would have fitted
--   unschedulable shape there was enough of the resource for another pod, but not of another one
--   fragmentation       there was something left of the resource, but too little for another pod
--   rounding            nothing was free by requests: what a begun second and rounding cost
--   not known           the process was killed before it had written what nodes and pods were doing
-- "Another pod" is each of the 32 commonest shapes of request that pods of other workloads have, weighed by the time for
-- which they were there, waiting or not: where half of that time is of pods that fit, half of what is free is headroom.
WITH
    known AS MATERIALIZED (
        SELECT status <> 'running' OR digest IS NOT NULL AS is_told FROM run
    ),
    clock AS MATERIALIZED (
        SELECT CAST(strftime('%s', start_date) AS INTEGER) % 86400 * 1000000000 AS offset_ns FROM run
    ),
    -- Shapes by their share of the time of all pods, in millionths.
    shape AS MATERIALIZED (
        SELECT p.request_cpu_milli AS cpu, p.request_memory_bytes AS memory, p.request_gpu AS gpu,
            CAST(1000000.0 * sum((i.to_ns - i.from_ns) / 1e9) / sum(sum((i.to_ns - i.from_ns) / 1e9)) OVER () AS INTEGER)
                AS weight
        FROM pod_interval i JOIN pod p ON p.id = i.pod JOIN pod_state s ON s.id = i.state
            LEFT JOIN controller c ON c.id = p.controller
        WHERE s.name NOT IN ('succeeded', 'failed') AND coalesce(c.kind, '') <> 'DaemonSet'
        GROUP BY 1, 2, 3
        ORDER BY weight DESC, 1, 2, 3
        LIMIT 32
    ),
    -- Accounts are settled at midnight, and what commitments saved is told for the whole of it.
    billed AS MATERIALIZED (
        SELECT node, (to_ns - 1 + (SELECT offset_ns FROM clock)) / 86400000000000 + 1 AS day,
            min(from_ns) AS from_ns, max(to_ns) AS to_ns
        FROM cost_asset WHERE kind = 'node' AND node IS NOT NULL GROUP BY 1, 2
    ),
    entry AS MATERIALIZED (
        SELECT a.node, (a.to_ns - 1 + (SELECT offset_ns FROM clock)) / 86400000000000 + 1 AS day, sum(a.cpu_nanousd) AS cpu,
            sum(a.memory_nanousd) AS memory, sum(a.gpu_nanousd) AS gpu, sum(a.other_nanousd) AS other
        FROM cost_allocation a JOIN text t ON t.id = a.account
        WHERE t.value = 'idle' AND a.node IS NOT NULL GROUP BY 1, 2
    ),
    -- What changed on each node when: what pods hold by request, and whether the node can be used.
    change AS (
        SELECT i.node, i.from_ns AS at, p.request_cpu_milli AS cpu, p.request_memory_bytes AS memory,
            p.request_gpu AS gpu, 1 AS pods, 0 AS ready, 0 AS day, 0 AS until
        FROM pod_interval i JOIN pod p ON p.id = i.pod JOIN pod_state s ON s.id = i.state
        WHERE i.node IS NOT NULL AND s.name NOT IN ('succeeded', 'failed')
        UNION ALL
        SELECT i.node, i.to_ns, -p.request_cpu_milli, -p.request_memory_bytes, -p.request_gpu, -1, 0, 0, 0
        FROM pod_interval i JOIN pod p ON p.id = i.pod JOIN pod_state s ON s.id = i.state
        WHERE i.node IS NOT NULL AND s.name NOT IN ('succeeded', 'failed')
        UNION ALL
        SELECT i.node, i.from_ns, 0, 0, 0, 0, 1, 0, 0
        FROM node_interval i JOIN node_state s ON s.id = i.state WHERE s.name = 'ready'
        UNION ALL
        SELECT i.node, i.to_ns, 0, 0, 0, 0, -1, 0, 0
        FROM node_interval i JOIN node_state s ON s.id = i.state WHERE s.name = 'ready'
        UNION ALL
        SELECT node, from_ns, 0, 0, 0, 0, 0, day, to_ns FROM billed
        UNION ALL
        SELECT node, to_ns, 0, 0, 0, 0, 0, 0, 0 FROM billed
    ),
    moment AS (
        SELECT node, at, sum(cpu) AS cpu, sum(memory) AS memory, sum(gpu) AS gpu, sum(pods) AS pods,
            sum(ready) AS ready, max(day) AS day, max(until) AS until
        FROM change GROUP BY node, at
    ),
    stretch AS (
        SELECT node, at, lead(at) OVER turn - at AS ns, sum(cpu) OVER turn AS cpu, sum(memory) OVER turn AS memory,
            sum(gpu) OVER turn AS gpu, sum(pods) OVER turn AS pods, sum(ready) OVER turn AS ready,
            max(day) OVER turn AS day, max(until) OVER turn AS until
        FROM moment WINDOW turn AS (PARTITION BY node ORDER BY at)
    ),
    -- Free amounts in thousandths of cores, MiB and GPUs, so that sums over a day have room.
    free AS MATERIALIZED (
        SELECT s.node, s.day, s.ready,
            max(0, n.allocatable_cpu_milli - s.cpu) AS cpu, max(0, n.allocatable_memory_bytes - s.memory) AS memory,
            max(0, n.allocatable_gpu - s.gpu) AS gpu, n.allocatable_pods > s.pods AS has_slot,
            sum(s.ns) / 100000000 AS time
        FROM stretch s JOIN node n ON n.id = s.node
        WHERE s.ns > 0 AND s.day > 0 AND s.at < s.until
        GROUP BY 1, 2, 3, 4, 5, 6, 7
    ),
    -- How much of the time of pods would find enough, and on how much of it each resource is short.
    verdict AS (
        SELECT f.node, f.day, f.ready, f.cpu, f.memory, f.gpu, f.time,
            coalesce(sum(s.weight), 1) AS whole,
            iif(count(s.weight) = 0, 1,
                sum(iif(f.has_slot AND f.cpu >= s.cpu AND f.memory >= s.memory AND f.gpu >= s.gpu, s.weight, 0)))
                AS fits,
            coalesce(sum(iif(f.cpu < s.cpu, s.weight, 0)), 0) AS short_cpu,
            coalesce(sum(iif(f.memory < s.memory, s.weight, 0)), 0) AS short_memory,
            coalesce(sum(iif(f.gpu < s.gpu, s.weight, 0)), 0) AS short_gpu
        FROM free f LEFT JOIN shape s ON s.weight > 0
        GROUP BY f.node, f.day, f.ready, f.cpu, f.memory, f.gpu, f.has_slot, f.time
    ),
    part AS (
        SELECT node, day, 'cpu' AS resource, ready, cpu * time AS size, whole, fits, short_cpu AS short FROM verdict
        UNION ALL
        SELECT node, day, 'memory', ready, (memory >> 20) * time, whole, fits, short_memory FROM verdict
        UNION ALL
        SELECT node, day, 'gpu', ready, gpu * time, whole, fits, short_gpu FROM verdict
    ),
    weighed AS (
        SELECT node, day, resource, 'unusable' AS cause, sum(iif(ready > 0, 0, size * whole)) AS weight
        FROM part GROUP BY 1, 2, 3
        UNION ALL
        SELECT node, day, resource, 'headroom', sum(iif(ready > 0, size * fits, 0)) FROM part GROUP BY 1, 2, 3
        UNION ALL
        SELECT node, day, resource, 'unschedulable shape', sum(iif(ready > 0, size * (whole - fits - short), 0))
        FROM part GROUP BY 1, 2, 3
        UNION ALL
        SELECT node, day, resource, 'fragmentation', sum(iif(ready > 0, size * short, 0)) FROM part GROUP BY 1, 2, 3
    ),
    bill AS (
        SELECT node, day, 'cpu' AS resource, cpu AS amount FROM entry
        UNION ALL SELECT node, day, 'memory', memory FROM entry
        UNION ALL SELECT node, day, 'gpu', gpu FROM entry
    ),
    claim AS (
        SELECT b.node, b.day, b.resource, b.amount, w.cause, w.weight,
            sum(w.weight) OVER (PARTITION BY b.node, b.day, b.resource) AS whole
        FROM bill b JOIN weighed w ON w.node = b.node AND w.day = b.day AND w.resource = b.resource
        WHERE w.weight > 0 AND (SELECT is_told FROM known)
    ),
    caused AS (
        SELECT node, day, resource, cause,
            muldiv(amount, weight, whole) + (
                row_number() OVER (
                    PARTITION BY node, day, resource ORDER BY mulmod(amount, weight, whole) DESC, cause)
                <= amount - sum(muldiv(amount, weight, whole)) OVER (PARTITION BY node, day, resource)) AS amount
        FROM claim
    ),
    line AS (
        SELECT node, cause, resource, amount FROM caused
        UNION ALL
        SELECT b.node, iif((SELECT is_told FROM known), 'rounding', 'not known'), b.resource, b.amount FROM bill b
        WHERE NOT EXISTS (
            SELECT 1 FROM claim c WHERE c.node = b.node AND c.day = b.day AND c.resource = b.resource)
        UNION ALL
        SELECT node, 'rounding', 'cpu', other FROM entry
        UNION ALL
        SELECT a.node, iif(t.value = 'overhead', 'reservation', 'daemons'), r.resource,
            CASE r.resource
                WHEN 'cpu' THEN a.cpu_nanousd + a.other_nanousd WHEN 'memory' THEN a.memory_nanousd ELSE a.gpu_nanousd
            END
        FROM cost_allocation a JOIN text t ON t.id = a.account LEFT JOIN controller c ON c.id = a.controller,
            (SELECT 'cpu' AS resource UNION ALL SELECT 'memory' UNION ALL SELECT 'gpu') r
        WHERE t.value = 'overhead' OR (t.value = 'pod' AND c.kind = 'DaemonSet')
    )
SELECT
    CASE :by WHEN 'pool' THEN n.pool WHEN 'node' THEN n.name ELSE '(all)' END AS place, l.cause,
    sum(iif(l.resource = 'cpu', l.amount, 0)) / 1e9 AS cpu,
    sum(iif(l.resource = 'memory', l.amount, 0)) / 1e9 AS memory,
    sum(iif(l.resource = 'gpu', l.amount, 0)) / 1e9 AS gpu,
    sum(l.amount) / 1e9 AS total,
    100.0 * sum(l.amount) / nullif((SELECT sum(amount_nanousd) FROM cost_asset WHERE node IS NOT NULL), 0) AS share,
    sum(l.amount) AS total_nanousd
FROM line l LEFT JOIN node n ON n.id = l.node
GROUP BY 1, 2
HAVING sum(l.amount) <> 0
ORDER BY 1, total_nanousd DESC, 2
