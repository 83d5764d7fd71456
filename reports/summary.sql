-- title: Summary
-- question: What was simulated, how did it end, and what came out?
-- A process that was killed has not told how its pods stood; one that was stopped has, when any of them lived.
WITH known AS (SELECT status <> 'running' OR digest IS NOT NULL AS is_told FROM run)
SELECT 'scenario' AS item, scenario AS value FROM run
UNION ALL SELECT 'seed', seed FROM run
UNION ALL SELECT 'version', version FROM run
UNION ALL SELECT 'start date', start_date FROM run
UNION ALL SELECT 'status', iif(status = 'running', 'incomplete', status) FROM run
UNION ALL SELECT 'reached, % of horizon', printf('%.1f', 100.0 * reached_ns / max(horizon_ns, 1)) FROM run
UNION ALL SELECT 'digest', iif(status = 'running', '-', coalesce(digest, '-')) FROM run
UNION ALL SELECT 'events', CAST(events AS TEXT) FROM run
UNION ALL SELECT 'warnings', CAST(count(*) AS TEXT) FROM warning
UNION ALL SELECT 'nodes registered', CAST(count(*) AS TEXT) FROM node WHERE id NOT IN (
    SELECT i.node FROM node_interval i JOIN node_state s ON s.id = i.state GROUP BY i.node
    HAVING sum(s.name IN ('ready', 'cordoned', 'notReady')) = 0
        AND (sum(s.name = 'failed') > 0 OR (SELECT is_told FROM known)))
UNION ALL SELECT 'pods found at the start', CAST(count(*) AS TEXT)
    FROM pod WHERE created_ns < 0 HAVING count(*) > 0
UNION ALL SELECT 'pods created', CAST(count(*) AS TEXT) FROM pod WHERE created_ns >= 0
UNION ALL SELECT 'pods succeeded', CAST(count(*) AS TEXT)
    FROM pod_end e JOIN text f ON f.id = e.phase WHERE f.value = 'Succeeded'
UNION ALL SELECT 'pods failed', CAST(count(*) AS TEXT)
    FROM pod_end e JOIN text f ON f.id = e.phase WHERE f.value = 'Failed'
UNION ALL SELECT 'pods running at the end', CAST(count(*) AS TEXT)
    FROM pod_end e JOIN text f ON f.id = e.phase WHERE f.value = 'Running' AND e.alive
    HAVING (SELECT is_told FROM known)
UNION ALL SELECT 'pods pending at the end', CAST(count(*) AS TEXT)
    FROM pod_end e JOIN text f ON f.id = e.phase WHERE f.value = 'Pending' AND e.alive
    HAVING (SELECT is_told FROM known)
-- Otherwise what is known is the mean of the last hour.
UNION ALL SELECT 'pods on nodes in the last hour known', CAST(pods AS TEXT) FROM (
    SELECT pods FROM capacity_interval WHERE NOT (SELECT is_told FROM known) ORDER BY to_ns DESC, id DESC LIMIT 1)
UNION ALL SELECT 'pods on no node in the last hour known', CAST(pending AS TEXT) FROM (
    SELECT pending FROM capacity_interval WHERE NOT (SELECT is_told FROM known) ORDER BY to_ns DESC, id DESC
    LIMIT 1)
UNION ALL SELECT 'faults', CAST(count(*) AS TEXT) FROM fault
UNION ALL SELECT 'assertions broken', CAST(count(*) AS TEXT) FROM assertion WHERE NOT held
UNION ALL SELECT 'cost, dollars',
    iif(count(*) = 0 AND (SELECT status FROM run) = 'running', '-',
        printf('%.2f', coalesce(sum(amount_nanousd), 0) / 1e9))
    FROM cost_asset
UNION ALL SELECT 'cost known up to',
    strftime('%Y-%m-%dT%H:%M:%SZ', start_date,
        iif((SELECT is_told FROM known), printf('%.3f seconds', reached_ns / 1e9),
            printf('%d seconds',
                max(0, ((reached_ns - 1) / 1000000000 + c.offset) / 86400 * 86400 - c.offset))))
    FROM run, (SELECT CAST(strftime('%s', start_date) AS INTEGER) % 86400 AS offset FROM run) c
    WHERE status = 'running' AND EXISTS (SELECT 1 FROM cost_asset)
