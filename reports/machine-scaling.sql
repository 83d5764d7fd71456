-- title: Machines added and taken away
-- question: When did autoscalers add machines or take some away, why, and what did each step cost or save?
-- chart: step at to_size pool
-- column at: time
-- column usd_per_hour: usd
-- column held: duration
-- column usd: usd
-- column billed: usd
-- usd_per_hour is the change of the bill, negative for a saving; usd is what it came to at that price: each machine counts
-- until the first later step that takes its pool back below (or, for one that was taken away, above) the size that it
-- made, or until the end of the run, and held is the mean of that time. billed is what the machines were billed in the
-- whole run that were launched by the step, discounts and waiting for the cloud included. All are empty where no price is
-- known.
WITH RECURSIVE
    step AS (
        SELECT *, iif(to_size > from_size, 1, -1) AS direction,
            muldiv(price_change_nanousd_per_hour, 1, nullif(abs(to_size - from_size), 0)) AS price
        FROM scaling_action WHERE machine_type <> ''
    ),
    -- One row for each machine, by the size of the pool that it made, or that was there before it went.
    level (id, target, at_ns, direction, price, size, last) AS (
        SELECT id, target, at_ns, direction, price, min(from_size, to_size) + 1, max(from_size, to_size)
        FROM step WHERE from_size <> to_size
        UNION ALL
        SELECT id, target, at_ns, direction, price, size + 1, last FROM level WHERE size < last
    ),
    undone AS (
        SELECT l.id, l.price,
            coalesce(
                (SELECT min(s.at_ns) FROM step s
                WHERE s.target = l.target AND s.id > l.id
                    AND iif(l.direction > 0, s.to_size < l.size, s.to_size >= l.size)),
                (SELECT reached_ns FROM run)) - l.at_ns AS ns
        FROM level l
    ),
    effect AS (
        SELECT id, sum(muldiv(price, ns, 3600000000000)) AS amount, avg(ns) / 1e9 AS held FROM undone GROUP BY id
    ),
    -- Of what was launched at an instant for a pool, each step in turn has as many machines of its type as it added.
    share AS (
        SELECT id, target, at_ns, machine_type, to_size - from_size AS size,
            sum(to_size - from_size) OVER (PARTITION BY target, at_ns, machine_type ORDER BY id) AS last
        FROM step WHERE direction > 0
    ),
    launched AS (
        SELECT id, pool, launched_ns, machine_type,
            row_number() OVER (PARTITION BY pool, launched_ns, machine_type ORDER BY id) AS place
        FROM node
    ),
    billed AS (
        SELECT s.id, sum(a.amount_nanousd) AS amount
        FROM share s
            JOIN launched n ON n.pool = s.target AND n.launched_ns = s.at_ns AND n.machine_type = s.machine_type
                AND n.place > s.last - s.size AND n.place <= s.last
            JOIN cost_asset a ON a.node = n.id
        GROUP BY s.id
    )
SELECT
    strftime('%Y-%m-%dT%H:%M:%fZ', (SELECT start_date FROM run), printf('%.3f seconds', s.at_ns / 1e9)) AS at,
    s.component, s.target AS pool, s.machine_type, s.from_size, s.to_size, s.reason,
    s.price_change_nanousd_per_hour / 1e9 AS usd_per_hour, e.held, e.amount / 1e9 AS usd, b.amount / 1e9 AS billed,
    s.message
FROM step s LEFT JOIN effect e ON e.id = s.id LEFT JOIN billed b ON b.id = s.id
ORDER BY s.at_ns, s.id
