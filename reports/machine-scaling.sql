-- title: Machines added and taken away
-- question: When did autoscalers add machines or take some away, why, and what did that do to the bill?
-- chart: step at to_size pool
-- column at: time
-- column usd_per_hour: usd
-- usd_per_hour is the change of the bill: negative for a saving, and empty where no price is known.
SELECT
    strftime('%Y-%m-%dT%H:%M:%fZ', (SELECT start_date FROM run), printf('%.3f seconds', at_ns / 1e9)) AS at,
    component, target AS pool, machine_type, from_size, to_size, reason,
    price_change_nanousd_per_hour / 1e9 AS usd_per_hour, message
FROM scaling_action
WHERE machine_type <> ''
ORDER BY at_ns, id
