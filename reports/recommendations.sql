-- title: Recommendations
-- question: What did VerticalPodAutoscalers recommend, for how long, and how many pods did they evict for it?
-- column at: time
-- column held: duration
-- One row for each change of a target. evicted counts the pods that the autoscaler evicted while it held.
WITH happening AS (
    SELECT e.id, e.first_ns AS at_ns, substr(o.value, length('VerticalPodAutoscaler ') + 1) AS autoscaler,
        r.value AS reason, e.message
    FROM event e JOIN text o ON o.id = e.object JOIN text r ON r.id = e.reason
    WHERE r.value IN ('RecommendationChanged', 'EvictedPod')
), change AS (
    SELECT *, lead(at_ns, 1, (SELECT reached_ns FROM run)) OVER turn AS until_ns
    FROM happening WHERE reason = 'RecommendationChanged'
    WINDOW turn AS (PARTITION BY autoscaler ORDER BY at_ns, id)
)
SELECT
    strftime('%Y-%m-%dT%H:%M:%fZ', (SELECT start_date FROM run), printf('%.3f seconds', c.at_ns / 1e9)) AS at,
    c.autoscaler, c.message AS target, (c.until_ns - c.at_ns) / 1e9 AS held,
    (SELECT count(*) FROM happening h
        WHERE h.reason = 'EvictedPod' AND h.autoscaler = c.autoscaler
            AND h.at_ns >= c.at_ns AND h.at_ns < c.until_ns) AS evicted
FROM change c
ORDER BY c.at_ns, c.id
