-- title: Nodes over time
-- question: When did each node boot, become ready, fail and leave?
-- chart: timeline node state began ended
-- column began: time
-- column ended: time
-- column duration: duration
-- What goes on is written when it ends: of a process that was killed the last state of each node is not known.
WITH
    told AS (SELECT node, max(to_ns) AS to_ns FROM node_interval GROUP BY node),
    stretch AS (
        SELECT i.node, s.name AS state, i.from_ns, i.to_ns, i.id
        FROM node_interval i JOIN node_state s ON s.id = i.state
        UNION ALL
        SELECT n.id, 'not known', coalesce(t.to_ns, n.launched_ns), r.reached_ns, NULL
        FROM run r CROSS JOIN node n LEFT JOIN told t ON t.node = n.id
        WHERE r.status = 'running' AND r.digest IS NULL
            AND coalesce(t.to_ns, n.launched_ns) < r.reached_ns
    )
SELECT
    n.name AS node, n.machine_type, n.pool, n.zone, i.state,
    strftime('%Y-%m-%dT%H:%M:%fZ', (SELECT start_date FROM run), printf('%.3f seconds', i.from_ns / 1e9)) AS began,
    strftime('%Y-%m-%dT%H:%M:%fZ', (SELECT start_date FROM run), printf('%.3f seconds', i.to_ns / 1e9)) AS ended,
    (i.to_ns - i.from_ns) / 1e9 AS duration
FROM node n JOIN stretch i ON i.node = n.id
ORDER BY n.id, i.from_ns, i.id
