-- title: Requests that follow usage
-- question: What did the pods of a workload ask for before and after a VerticalPodAutoscaler changed it, and which were evicted for that?
-- column since: time
-- column request_cores: cores
-- column request_memory: bytes
-- One row for each size that pods of a workload had, in the order in which the first of them was made. changed counts those
-- that got their size from the autoscaler, evicted those that it evicted to give their successors another, and refused
-- those that a disruption budget kept for the time being.
WITH happening AS (
    SELECT substr(o.value, length('Pod ') + 1) AS name, r.value AS reason, e.first_ns AS at_ns
    FROM event e JOIN text o ON o.id = e.object JOIN text r ON r.id = e.reason JOIN text s ON s.id = e.source
    WHERE s.value IN ('vpa-admission-controller', 'vpa-updater') AND substr(o.value, 1, length('Pod ')) = 'Pod '
), sized AS (
    SELECT p.controller, p.request_cpu_milli, p.request_memory_bytes, p.created_ns,
        EXISTS (SELECT 1 FROM happening h WHERE h.name = n.value || '/' || p.name AND h.reason = 'RequestsFromVPA'
            AND h.at_ns = p.created_ns) AS changed,
        EXISTS (SELECT 1 FROM happening h WHERE h.name = n.value || '/' || p.name AND h.reason = 'EvictedByVPA'
            AND h.at_ns BETWEEN p.created_ns AND e.ended_ns) AS evicted,
        EXISTS (SELECT 1 FROM happening h WHERE h.name = n.value || '/' || p.name AND h.reason = 'FailedEviction'
            AND h.at_ns BETWEEN p.created_ns AND e.ended_ns) AS refused
    FROM pod p JOIN text n ON n.id = p.namespace JOIN pod_end e ON e.pod = p.id
)
SELECT
    strftime('%Y-%m-%dT%H:%M:%fZ', (SELECT start_date FROM run), printf('%.3f seconds', min(s.created_ns) / 1e9)) AS since,
    c.kind || ' ' || c.namespace || '/' || c.name AS workload, s.request_cpu_milli / 1e3 AS request_cores,
    s.request_memory_bytes AS request_memory, count(*) AS pods, sum(s.changed) AS changed, sum(s.evicted) AS evicted,
    sum(s.refused) AS refused
FROM sized s JOIN controller c ON c.id = s.controller
WHERE s.controller IN (SELECT controller FROM sized WHERE changed OR evicted OR refused)
GROUP BY c.id, s.request_cpu_milli, s.request_memory_bytes
ORDER BY c.id, min(s.created_ns), s.request_cpu_milli, s.request_memory_bytes
