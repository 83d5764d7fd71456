-- title: Bill by service and day
-- question: What does the provider bill each day, and for which service?
-- chart: stacked-bar day compute commitment_waste storage load_balancers traffic control_plane other
-- column compute: usd
-- column commitment_waste: usd
-- column storage: usd
-- column load_balancers: usd
-- column traffic: usd
-- column control_plane: usd
-- column other: usd
-- column total: usd
-- Compute is machines at what they cost with all discounts: what commitments cover costs its part of their price. What load
-- balancers process stands with them; traffic is between zones, to the internet and of images. Days are those of the calendar in UTC. An amount that spans several days is spread evenly over its time.
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
        SELECT d.number, a.kind,
            a.amount_nanousd / 1e9
                * iif(a.to_ns > a.from_ns,
                    1.0 * (min(a.to_ns, d.to_ns) - max(a.from_ns, d.from_ns)) / (a.to_ns - a.from_ns), 1.0) AS usd
        FROM cost_asset a
            JOIN day d ON (a.from_ns < d.to_ns AND a.to_ns > d.from_ns)
                OR (a.from_ns = a.to_ns AND a.from_ns >= d.from_ns AND a.from_ns < d.to_ns)
    )
SELECT
    date((SELECT start_date FROM run), number || ' days') AS day,
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
