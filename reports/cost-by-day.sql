-- title: Cost by day
-- question: How does the bill grow, and how much of each day's money is idle?
-- chart: stacked-bar day pods idle overhead control_plane
-- column pods: usd
-- column idle: usd
-- column overhead: usd
-- column control_plane: usd
-- column other: usd
-- column total: usd
-- Days are those of the calendar in UTC. An amount that spans several days is spread evenly over its time.
WITH RECURSIVE
    clock AS (
        SELECT reached_ns, CAST(strftime('%s', start_date) AS INTEGER) % 86400 * 1000000000 AS offset_ns FROM run
    ),
    day (number, from_ns, to_ns) AS (
        SELECT 0, -offset_ns, 86400000000000 - offset_ns FROM clock
        UNION ALL
        SELECT number + 1, to_ns, to_ns + 86400000000000 FROM day, clock WHERE to_ns < reached_ns
    ),
    part AS (
        SELECT d.number, a.account,
            (a.cpu_nanousd + a.memory_nanousd + a.gpu_nanousd + a.other_nanousd) / 1e9
                * iif(a.to_ns > a.from_ns,
                    1.0 * (min(a.to_ns, d.to_ns) - max(a.from_ns, d.from_ns)) / (a.to_ns - a.from_ns), 1.0) AS usd
        FROM cost_allocation a
            JOIN day d ON (a.from_ns < d.to_ns AND a.to_ns > d.from_ns)
                OR (a.from_ns = a.to_ns AND a.from_ns >= d.from_ns AND a.from_ns < d.to_ns)
    )
SELECT
    date((SELECT start_date FROM run), p.number || ' days') AS day,
    sum(iif(t.value = 'pod', usd, 0)) AS pods,
    sum(iif(t.value = 'idle', usd, 0)) AS idle,
    sum(iif(t.value = 'overhead', usd, 0)) AS overhead,
    sum(iif(t.value = 'control-plane', usd, 0)) AS control_plane,
    sum(iif(t.value IN ('pod', 'idle', 'overhead', 'control-plane'), 0, usd)) AS other,
    sum(usd) AS total
FROM part p JOIN text t ON t.id = p.account
GROUP BY p.number
ORDER BY p.number
