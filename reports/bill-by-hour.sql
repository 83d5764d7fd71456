-- title: Bill by service and hour
-- question: What does the provider bill each hour, for which service, and for how many machines?
-- chart: stacked-bar hour compute commitment_waste storage load_balancers traffic control_plane other
-- column hour: time
-- column compute: usd
-- column commitment_waste: usd
-- column storage: usd
-- column load_balancers: usd
-- column traffic: usd
-- column control_plane: usd
-- column other: usd
-- column total: usd
-- The services are those of bill-by-service-and-day. Hours count from the start of the run. An amount that spans several
-- is spread evenly over its time, that of a machine over the time in which there was one.
WITH RECURSIVE
    -- Amounts are few whose time is long: each is joined with its own hours, and not with all of the run.
    step (number) AS (
        SELECT 0
        UNION ALL
        SELECT number + 1 FROM step
        WHERE number < (SELECT max(to_ns - from_ns) / 3600000000000 + 1 FROM cost_asset)
    ),
    life AS (
        SELECT i.node, max(i.to_ns) AS end_ns
        FROM node_interval i JOIN node_state s ON s.id = i.state
        WHERE s.name NOT IN ('gone', 'failed')
            -- A process that was killed has not told how long its last machines were there.
            AND (SELECT status <> 'running' OR digest IS NOT NULL FROM run)
        GROUP BY i.node
    ),
    asset AS (
        SELECT a.kind, a.node, a.from_ns, max(a.from_ns, min(a.to_ns, coalesce(l.end_ns, a.to_ns))) AS to_ns,
            a.amount_nanousd
        FROM cost_asset a LEFT JOIN life l ON l.node = a.node
        WHERE a.amount_nanousd <> 0
    ),
    piece AS (
        SELECT a.*, a.from_ns / 3600000000000 + s.number AS number
        FROM asset a JOIN step s
            ON s.number <= max(a.from_ns, a.to_ns - 1) / 3600000000000 - a.from_ns / 3600000000000
    ),
    part AS (
        SELECT number, kind, node,
            amount_nanousd / 1e9
                * iif(to_ns > from_ns,
                    1.0 * (min(to_ns, (number + 1) * 3600000000000) - max(from_ns, number * 3600000000000))
                        / (to_ns - from_ns), 1.0) AS usd
        FROM piece
    )
SELECT
    strftime('%Y-%m-%dT%H:%M:%SZ', (SELECT start_date FROM run), number || ' hours') AS hour,
    count(DISTINCT iif(kind = 'node', node, NULL)) AS machines,
    sum(iif(kind IN ('node', 'covered', 'commitment', 'sustained-use'), usd, 0)) AS compute,
    sum(iif(kind = 'commitment-waste', usd, 0)) AS commitment_waste,
    sum(iif(kind = 'storage', usd, 0)) AS storage,
    sum(iif(kind IN ('load-balancer', 'load-balancer-traffic'), usd, 0)) AS load_balancers,
    sum(iif(kind IN ('zone-traffic', 'internet-traffic', 'image-traffic'), usd, 0)) AS traffic,
    sum(iif(kind = 'control-plane', usd, 0)) AS control_plane,
    sum(iif(kind IN ('node', 'covered', 'commitment', 'sustained-use', 'commitment-waste', 'storage', 'load-balancer',
        'control-plane', 'load-balancer-traffic', 'zone-traffic', 'internet-traffic', 'image-traffic'), 0, usd)) AS other,
    sum(usd) AS total
FROM part
GROUP BY number
ORDER BY number
