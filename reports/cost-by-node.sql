-- title: Cost by node
-- question: Which machines cost what, and how much of each one works?
-- chart: stacked-bar node pods idle overhead
-- column billed: duration
-- column cost: usd
-- column pods: usd
-- column idle: usd
-- column overhead: usd
-- column idle_share: percent
WITH
    asset AS (
        SELECT node, sum(amount_nanousd) AS amount, 
            sum(iif(kind = 'node', to_ns - from_ns, 0)) AS billed
        FROM cost_asset WHERE node IS NOT NULL GROUP BY node
    ),
    share AS (
        SELECT a.node,
            sum(iif(t.value = 'pod', a.cpu_nanousd + a.memory_nanousd + a.gpu_nanousd + a.other_nanousd, 0)) AS pods,
            sum(iif(t.value = 'idle', a.cpu_nanousd + a.memory_nanousd + a.gpu_nanousd + a.other_nanousd, 0)) AS idle,
            sum(iif(t.value = 'overhead', a.cpu_nanousd + a.memory_nanousd + a.gpu_nanousd + a.other_nanousd, 0))
                AS overhead
        FROM cost_allocation a JOIN text t ON t.id = a.account
        WHERE a.node IS NOT NULL GROUP BY a.node
    )
SELECT
    n.name AS node, n.machine_type, n.pool, n.zone, n.purchase,
    asset.billed / 1e9 AS billed,
    asset.amount / 1e9 AS cost,
    share.pods / 1e9 AS pods,
    share.idle / 1e9 AS idle,
    share.overhead / 1e9 AS overhead,
    100.0 * share.idle / asset.amount AS idle_share
FROM node n
    LEFT JOIN asset ON asset.node = n.id
    LEFT JOIN share ON share.node = n.id
ORDER BY asset.amount DESC, n.name
