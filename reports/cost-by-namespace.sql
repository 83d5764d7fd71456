-- title: Cost by namespace
-- question: Who spends the money, and how much of it buys nothing?
-- chart: bar namespace total
-- column cpu: usd
-- column memory: usd
-- column gpu: usd
-- column other: usd
-- column total: usd
-- column share: percent
-- What no namespace caused stands in parentheses, so that the rows add up to the whole bill.
SELECT
    coalesce(c.namespace, s.value, '(' || t.value || ')') AS namespace,
    sum(a.cpu_nanousd) / 1e9 AS cpu,
    sum(a.memory_nanousd) / 1e9 AS memory,
    sum(a.gpu_nanousd) / 1e9 AS gpu,
    sum(a.other_nanousd) / 1e9 AS other,
    sum(a.cpu_nanousd + a.memory_nanousd + a.gpu_nanousd + a.other_nanousd) / 1e9 AS total,
    100.0 * sum(a.cpu_nanousd + a.memory_nanousd + a.gpu_nanousd + a.other_nanousd)
        / (SELECT sum(amount_nanousd) FROM cost_asset) AS share
FROM cost_allocation a
    JOIN text t ON t.id = a.account
    LEFT JOIN controller c ON c.id = a.controller
    LEFT JOIN text s ON s.id = a.namespace
GROUP BY 1
ORDER BY total DESC, 1
