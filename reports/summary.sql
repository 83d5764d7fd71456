-- title: Summary
-- question: What was simulated, how did it end, and what came out?
SELECT 'scenario' AS item, scenario AS value FROM run
UNION ALL SELECT 'seed', seed FROM run
UNION ALL SELECT 'version', version FROM run
UNION ALL SELECT 'start date', start_date FROM run
UNION ALL SELECT 'status', iif(status = 'running', 'incomplete', status) FROM run
UNION ALL SELECT 'reached, % of horizon', printf('%.1f', 100.0 * reached_ns / max(horizon_ns, 1)) FROM run
UNION ALL SELECT 'digest', coalesce(digest, '-') FROM run
UNION ALL SELECT 'events', CAST(events AS TEXT) FROM run
UNION ALL SELECT 'warnings', CAST(count(*) AS TEXT) FROM warning
UNION ALL SELECT 'nodes registered', CAST(count(*) AS TEXT) FROM node
UNION ALL SELECT 'pods found at the start', CAST(count(*) AS TEXT)
    FROM pod WHERE created_ns < 0 HAVING count(*) > 0
UNION ALL SELECT 'pods created', CAST(count(*) AS TEXT) FROM pod WHERE created_ns >= 0
UNION ALL SELECT 'pods succeeded', CAST(count(*) AS TEXT)
    FROM pod_end e JOIN text f ON f.id = e.phase WHERE f.value = 'Succeeded'
UNION ALL SELECT 'pods failed', CAST(count(*) AS TEXT)
    FROM pod_end e JOIN text f ON f.id = e.phase WHERE f.value = 'Failed'
UNION ALL SELECT 'pods running at the end', CAST(count(*) AS TEXT)
    FROM pod_end e JOIN text f ON f.id = e.phase WHERE f.value = 'Running' AND e.alive
UNION ALL SELECT 'pods pending at the end', CAST(count(*) AS TEXT)
    FROM pod_end e JOIN text f ON f.id = e.phase WHERE f.value = 'Pending' AND e.alive
UNION ALL SELECT 'faults', CAST(count(*) AS TEXT) FROM fault
UNION ALL SELECT 'assertions broken', CAST(count(*) AS TEXT) FROM assertion WHERE NOT held
UNION ALL SELECT 'cost, dollars', printf('%.2f', coalesce(sum(amount_nanousd), 0) / 1e9) FROM cost_asset
