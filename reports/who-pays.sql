-- title: Who pays
-- question: Who pays how much of the bill, once what is idle and what is shared has been passed on?
-- chart: stacked-bar payer cpu memory gpu storage load_balancers traffic other idle shared
-- parameter by: namespace | controller | label | team
-- parameter label:
-- parameter idle:  | separate | shareByCost | shareByNode
-- parameter sharedNamespaces:
-- parameter sharedLabels:
-- parameter sharedOverhead:  | true | false
-- parameter sharedPolicy:  | proportional | even
-- column cpu: usd
-- column memory: usd
-- column gpu: usd
-- column storage: usd
-- column load_balancers: usd
-- column traffic: usd
-- column other: usd
-- column idle: usd
-- column shared: usd
-- column total: usd
-- column share: percent
-- An empty parameter is that of the run, prices.allocation. total_nanousd sums to the bill, whatever is set: what is split
-- is split in whole nano-dollars, by largest remainder. What nobody can be asked for stands in parentheses.
WITH
    policy AS (
        SELECT
            coalesce(nullif(:idle, ''), (SELECT value FROM parameter WHERE name = 'prices.allocation.idle'), 'separate')
                AS idle,
            coalesce(nullif(:sharedPolicy, ''),
                (SELECT value FROM parameter WHERE name = 'prices.allocation.shared.policy'), 'proportional') AS split,
            coalesce(nullif(:sharedOverhead, ''),
                (SELECT value FROM parameter WHERE name = 'prices.allocation.shared.overhead'), 'false') AS overhead,
            ',' || coalesce(nullif(:sharedNamespaces, ''),
                (SELECT value FROM parameter WHERE name = 'prices.allocation.shared.namespaces'), '') || ',' AS spaces,
            ',' || coalesce(nullif(:sharedLabels, ''),
                (SELECT value FROM parameter WHERE name = 'prices.allocation.shared.labels'), '') || ',' AS labels,
            CASE :by
                WHEN 'label' THEN :label
                WHEN 'team' THEN coalesce(
                    (SELECT value FROM parameter WHERE name = 'prices.allocation.teamLabel'), 'team')
                ELSE ''
            END AS key
    ),
    -- Money that is written for a workload and for no pod goes by the labels of its latest pod.
    latest AS (
        SELECT controller, labels FROM pod
        WHERE id IN (SELECT max(id) FROM pod WHERE controller IS NOT NULL GROUP BY controller)
    ),
    entry AS (
        SELECT t.value AS account, coalesce(a.node, -1) AS node, coalesce(c.namespace, s.value) AS namespace,
            c.title, l.value AS labels, sum(a.cpu_nanousd) AS cpu, sum(a.memory_nanousd) AS memory,
            sum(a.gpu_nanousd) AS gpu, sum(a.other_nanousd) AS other
        FROM cost_allocation a
            JOIN text t ON t.id = a.account
            LEFT JOIN controller_view c ON c.id = a.controller
            LEFT JOIN text s ON s.id = a.namespace
            LEFT JOIN pod p ON p.id = a.pod
            LEFT JOIN latest w ON w.controller = a.controller
            LEFT JOIN text l ON l.id = coalesce(p.labels, w.labels, a.labels)
        GROUP BY 1, 2, 3, 4, 5
    ),
    cell AS (
        SELECT row_number() OVER (ORDER BY account, namespace, title, e.labels, node) AS id, e.*,
            namespace IS NOT NULL AS is_tenant,
            CASE
                WHEN namespace IS NOT NULL
                    THEN instr(policy.spaces, ',' || namespace || ',') > 0
                        OR EXISTS (
                            SELECT 1 FROM json_each(coalesce(e.labels, '{}')) pair
                            WHERE instr(policy.labels, ',' || pair.key || '=' || pair.value || ',') > 0)
                ELSE policy.overhead = 'true' AND account IN ('overhead', 'control-plane', 'commitment-waste')
            END AS is_shared,
            CASE
                WHEN namespace IS NULL THEN '(' || account || ')'
                WHEN :by = 'namespace' THEN namespace
                WHEN :by = 'controller' THEN coalesce(title, '(' || account || ' of ' || namespace || ')')
                WHEN policy.key = '' THEN '(no label was named)'
                ELSE coalesce(json_extract(e.labels, '$."' || policy.key || '"'), '(no ' || policy.key || ')')
            END AS payer
        FROM entry e, policy
    ),
    -- Idle money by resource, of one node each or of all, against what pods were charged for the same resource.
    held AS (
        SELECT id, node, 'cpu' AS resource, cpu AS weight FROM cell WHERE account = 'pod'
        UNION ALL SELECT id, node, 'memory', memory FROM cell WHERE account = 'pod'
        UNION ALL SELECT id, node, 'gpu', gpu FROM cell WHERE account = 'pod'
    ),
    pool AS (
        SELECT iif(policy.idle = 'shareByNode', i.node, -1) AS place, i.resource, sum(i.amount) AS amount
        FROM (
            SELECT node, 'cpu' AS resource, cpu AS amount FROM cell WHERE account = 'idle'
            UNION ALL SELECT node, 'memory', memory FROM cell WHERE account = 'idle'
            UNION ALL SELECT node, 'gpu', gpu FROM cell WHERE account = 'idle'
        ) i, policy
        WHERE policy.idle <> 'separate'
        GROUP BY 1, 2
    ),
    claim AS (
        SELECT h.id, p.place, p.resource, p.amount, h.weight,
            sum(h.weight) OVER (PARTITION BY p.place, p.resource) AS whole
        FROM pool p, policy JOIN held h ON h.resource = p.resource
            AND (policy.idle = 'shareByCost' OR h.node = p.place)
        WHERE h.weight > 0
    ),
    idle_part AS (
        SELECT id,
            muldiv(amount, weight, whole) + (
                row_number() OVER (PARTITION BY place, resource ORDER BY mulmod(amount, weight, whole) DESC, id)
                <= amount - sum(muldiv(amount, weight, whole)) OVER (PARTITION BY place, resource)) AS amount
        FROM claim
    ),
    whole AS (
        SELECT c.*, coalesce((SELECT sum(amount) FROM idle_part i WHERE i.id = c.id), 0) AS idle FROM cell c
    ),
    tenant AS (
        SELECT payer, sum(cpu) AS cpu, sum(memory) AS memory, sum(gpu) AS gpu,
            sum(iif(account = 'storage', other, 0)) AS storage,
            sum(iif(account = 'load-balancer', other, 0)) AS load_balancers,
            sum(iif(account LIKE '%-traffic', other, 0)) AS traffic,
            sum(iif(account IN ('storage', 'load-balancer') OR account LIKE '%-traffic', 0, other)) AS other,
            sum(idle) AS idle,
            sum(cpu + memory + gpu + other + idle) AS own
        FROM whole WHERE is_tenant AND NOT is_shared GROUP BY payer
    ),
    burden AS (SELECT coalesce(sum(cpu + memory + gpu + other + idle), 0) AS amount FROM whole WHERE is_shared),
    duty AS (
        SELECT t.payer, b.amount, iif(policy.split = 'even', 1, t.own) AS weight,
            sum(iif(policy.split = 'even', 1, t.own)) OVER () AS whole
        FROM tenant t, burden b, policy
        WHERE policy.split = 'even' OR t.own > 0
    ),
    shared_part AS (
        SELECT payer,
            muldiv(amount, weight, whole) + (
                row_number() OVER (ORDER BY mulmod(amount, weight, whole) DESC, payer)
                <= amount - sum(muldiv(amount, weight, whole)) OVER ()) AS amount
        FROM duty
    ),
    line AS (
        SELECT t.payer, cpu, memory, gpu, storage, load_balancers, traffic, other, idle, coalesce(s.amount, 0) AS shared
        FROM tenant t LEFT JOIN shared_part s ON s.payer = t.payer
        UNION ALL
        SELECT '(shared)', 0, 0, 0, 0, 0, 0, 0, 0, amount - coalesce((SELECT sum(amount) FROM shared_part), 0)
        FROM burden WHERE amount <> coalesce((SELECT sum(amount) FROM shared_part), 0)
        UNION ALL
        SELECT payer, 0, 0, 0, 0, 0, 0, 0, sum(cpu + memory + gpu + other)
            - coalesce((SELECT sum(amount) FROM idle_part), 0), 0
        FROM whole WHERE account = 'idle' GROUP BY payer
        HAVING sum(cpu + memory + gpu + other) <> coalesce((SELECT sum(amount) FROM idle_part), 0)
        UNION ALL
        SELECT payer, sum(cpu), sum(memory), sum(gpu), 0, 0, sum(iif(account LIKE '%-traffic', other, 0)),
            sum(iif(account LIKE '%-traffic', 0, other)), 0, 0
        FROM whole WHERE NOT is_tenant AND NOT is_shared AND account <> 'idle' GROUP BY payer
    )
SELECT
    payer, cpu / 1e9 AS cpu, memory / 1e9 AS memory, gpu / 1e9 AS gpu, storage / 1e9 AS storage,
    load_balancers / 1e9 AS load_balancers, traffic / 1e9 AS traffic, other / 1e9 AS other, idle / 1e9 AS idle, shared / 1e9 AS shared,
    (cpu + memory + gpu + storage + load_balancers + traffic + other + idle + shared) / 1e9 AS total,
    100.0 * (cpu + memory + gpu + storage + load_balancers + traffic + other + idle + shared)
        / nullif((SELECT sum(amount_nanousd) FROM cost_asset), 0) AS share,
    cpu + memory + gpu + storage + load_balancers + traffic + other + idle + shared AS total_nanousd
FROM line
ORDER BY total_nanousd DESC, payer
