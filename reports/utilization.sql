-- title: Utilization by day
-- question: How full are the machines: of what can be allocated, how much is requested and how much is used?
-- chart: line day cpu_requested cpu_used memory_requested memory_used
-- column allocatable_cores: cores
-- column requested_cores: cores
-- column used_cores: cores
-- column cpu_requested: percent
-- column cpu_used: percent
-- column allocatable_memory: bytes
-- column requested_memory: bytes
-- column used_memory: bytes
-- column memory_requested: percent
-- column memory_used: percent
-- column gpus_requested: percent
-- Means over each calendar day in UTC, as far as the run covers it. Used is empty without a model of the demand;
-- containers of which no usage is given are taken to use what they request.
-- A process that was killed has not told which nodes were ready: of its run the rounded means of each hour count.
WITH RECURSIVE
    known AS MATERIALIZED (
        SELECT status <> 'running' OR digest IS NOT NULL AS is_told FROM run
    ),
    clock AS (
        SELECT reached_ns, CAST(strftime('%s', start_date) AS INTEGER) % 86400 * 1000000000 AS offset_ns FROM run
    ),
    day (number, from_ns, to_ns) AS (
        SELECT 0, -offset_ns, 86400000000000 - offset_ns FROM clock
        UNION ALL
        SELECT number + 1, to_ns, to_ns + 86400000000000 FROM day, clock WHERE to_ns < reached_ns
    ),
    capacity AS (
        SELECT d.number, sum(part) AS seconds, sum(c.nodes * part) AS node_seconds,
            sum(c.allocatable_cpu_milli * part) AS cpu, sum(c.requested_cpu_milli * part) AS cpu_asked,
            sum(c.allocatable_memory_bytes * part) AS memory, sum(c.requested_memory_bytes * part) AS memory_asked,
            sum(c.allocatable_gpu * part) AS gpu, sum(c.requested_gpu * part) AS gpu_asked
        FROM (
            SELECT d.number, c.*, (min(c.to_ns, d.to_ns) - max(c.from_ns, d.from_ns)) / 1e9 AS part
            FROM capacity_interval c JOIN day d ON c.from_ns < d.to_ns AND c.to_ns > d.from_ns
        ) AS c JOIN day d ON d.number = c.number
        GROUP BY d.number
    ),
    -- Nodes are few, and whole numbers of an hour would lose those that were there for a part of it.
    machines AS (
        SELECT d.number, sum((min(i.to_ns, d.to_ns) - max(i.from_ns, d.from_ns)) / 1e9) AS seconds
        FROM node_interval i JOIN node_state s ON s.id = i.state
            JOIN day d ON i.from_ns < d.to_ns AND i.to_ns > d.from_ns
        WHERE s.name IN ('ready', 'cordoned') GROUP BY d.number
    ),
    demand AS (
        SELECT d.number,
            sum(u.cpu_milli * u.pods * ((min(u.to_ns, d.to_ns) - max(u.from_ns, d.from_ns)) / 1e9)) AS cpu,
            sum(u.memory_bytes * u.pods * ((min(u.to_ns, d.to_ns) - max(u.from_ns, d.from_ns)) / 1e9)) AS memory
        FROM demand_interval u JOIN day d ON u.from_ns < d.to_ns AND u.to_ns > d.from_ns
        GROUP BY d.number
    )
SELECT
    date((SELECT start_date FROM run), c.number || ' days') AS day,
    round(iif((SELECT is_told FROM known), coalesce(m.seconds, 0), c.node_seconds) / c.seconds, 1) AS nodes,
    c.cpu / c.seconds / 1e3 AS allocatable_cores,
    c.cpu_asked / c.seconds / 1e3 AS requested_cores,
    u.cpu / c.seconds / 1e3 AS used_cores,
    100.0 * c.cpu_asked / nullif(c.cpu, 0) AS cpu_requested,
    100.0 * u.cpu / nullif(c.cpu, 0) AS cpu_used,
    c.memory / c.seconds AS allocatable_memory,
    c.memory_asked / c.seconds AS requested_memory,
    u.memory / c.seconds AS used_memory,
    100.0 * c.memory_asked / nullif(c.memory, 0) AS memory_requested,
    100.0 * u.memory / nullif(c.memory, 0) AS memory_used,
    c.gpu / c.seconds AS allocatable_gpus,
    100.0 * c.gpu_asked / nullif(c.gpu, 0) AS gpus_requested
FROM capacity c LEFT JOIN demand u ON u.number = c.number LEFT JOIN machines m ON m.number = c.number
ORDER BY c.number
