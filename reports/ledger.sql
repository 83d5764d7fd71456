-- title: Ledger
-- question: Does every dollar spent stand against what it was spent on?
-- column debit: usd
-- column credit: usd
-- Debits are what assets cost, credits whom they are for. The difference is that of whole nano-dollars, and must be 0.
WITH entry (side, account, amount) AS (
    SELECT 0, kind, sum(amount_nanousd) FROM cost_asset GROUP BY kind
    UNION ALL
    SELECT 1, t.value, sum(a.cpu_nanousd + a.memory_nanousd + a.gpu_nanousd + a.other_nanousd)
    FROM cost_allocation a JOIN text t ON t.id = a.account GROUP BY t.value
)
SELECT account, debit, credit, difference_nanousd
FROM (
    SELECT side AS place, account, iif(side = 0, amount / 1e9, NULL) AS debit,
        iif(side = 1, amount / 1e9, NULL) AS credit, NULL AS difference_nanousd
    FROM entry
    UNION ALL
    SELECT 2, 'total', coalesce(sum(iif(side = 0, amount, 0)), 0) / 1e9,
        coalesce(sum(iif(side = 1, amount, 0)), 0) / 1e9, coalesce(sum(iif(side = 0, amount, -amount)), 0)
    FROM entry
)
ORDER BY place, account
