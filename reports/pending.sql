-- title: Pending pods and why
-- question: Which pods could not be placed, what refused them, and which of them still wait?
-- chart: bar controller pods
-- `pods` could not be placed at some time, `still_pending` of them wait at the end; `nodes_refused` is the most nodes
-- that the reason ruled out in one attempt. Of a process that was killed those wait that were never bound.
WITH waiting AS (
    SELECT e.pod FROM pod_end e JOIN text f ON f.id = e.phase WHERE e.alive AND e.node IS NULL AND f.value = 'Pending'
    UNION ALL
    SELECT p.id FROM pod p
    WHERE (SELECT status FROM run) = 'running' AND p.id NOT IN (SELECT pod FROM pod_end)
        AND p.id NOT IN (SELECT a.pod FROM scheduling_attempt a JOIN text o ON o.id = a.outcome WHERE o.value = 'bound')
)
SELECT
    coalesce(c.title, 'Pod ' || s.value || '/' || p.name) AS controller,
    coalesce(g.value, '-') AS plugin,
    coalesce(t.value, m.value) AS reason,
    count(DISTINCT a.pod) AS pods,
    count(DISTINCT w.pod) AS still_pending,
    sum(a.count) AS attempts,
    max(r.nodes) AS nodes_refused
FROM scheduling_attempt a
    JOIN text o ON o.id = a.outcome
    JOIN text m ON m.id = a.message
    JOIN pod p ON p.id = a.pod
    JOIN text s ON s.id = p.namespace
    LEFT JOIN controller_view c ON c.id = p.controller
    LEFT JOIN scheduling_rejection r ON r.attempt = a.id
    LEFT JOIN text g ON g.id = r.plugin
    LEFT JOIN text t ON t.id = r.reason
    LEFT JOIN waiting w ON w.pod = a.pod
WHERE o.value <> 'bound'
GROUP BY 1, 2, 3
ORDER BY still_pending DESC, pods DESC, 1, 2, 3
