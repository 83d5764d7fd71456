-- title: Autoscaling
-- question: When did autoscalers change the number of replicas, from how many to how many, and why?
-- chart: step at replicas autoscaler
-- column at: time
-- column held: duration
-- The first change of an autoscaler has no number before it. ready counts the pods that were ready just before, of the
-- workload that has the autoscaler's name; it is empty when there is none.
WITH rescale AS (
    SELECT e.id, e.first_ns AS at_ns, substr(o.value, length('HorizontalPodAutoscaler ') + 1) AS autoscaler,
        CAST(substr(e.message, length('New size: ') + 1) AS INTEGER) AS replicas,
        substr(e.message, instr(e.message, 'reason: ') + length('reason: ')) AS reason
    FROM event e JOIN text o ON o.id = e.object JOIN text r ON r.id = e.reason
    WHERE r.value = 'SuccessfulRescale'
), workload AS (
    SELECT id, namespace || '/' || name AS title FROM controller
), present AS (
    SELECT s.id, count(i.id) AS ready
    FROM rescale s JOIN workload w ON w.title = s.autoscaler JOIN pod p ON p.controller = w.id
        LEFT JOIN pod_interval i ON i.pod = p.id AND i.from_ns <= s.at_ns AND i.to_ns > s.at_ns
            AND i.state = (SELECT id FROM pod_state WHERE name = 'ready')
    GROUP BY s.id
)
SELECT
    strftime('%Y-%m-%dT%H:%M:%fZ', (SELECT start_date FROM run), printf('%.3f seconds', s.at_ns / 1e9)) AS at,
    s.autoscaler, lag(s.replicas) OVER turn AS before, s.replicas,
    r.ready,
    (lead(s.at_ns, 1, (SELECT reached_ns FROM run)) OVER turn - s.at_ns) / 1e9 AS held, s.reason
FROM rescale s LEFT JOIN present r ON r.id = s.id
WINDOW turn AS (PARTITION BY s.autoscaler ORDER BY s.at_ns, s.id)
ORDER BY s.at_ns, s.id
