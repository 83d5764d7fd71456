-- title: Kubernetes Events
-- question: What did the cluster report, and how often?
-- chart: bar reason events
-- column first: time
-- column last: time
WITH kind AS (
    SELECT warning, reason, source, sum(count) AS events, count(DISTINCT object) AS objects,
        min(first_ns) AS first_ns, max(last_ns) AS last_ns, min(id) AS example
    FROM event GROUP BY warning, reason, source
)
SELECT
    v.type, v.reason, v.source, k.events, k.objects, v.first, l.last, v.object AS example, v.message
FROM kind k
    JOIN event_view v ON v.id = k.example
    JOIN (SELECT max(id) AS id, warning, reason, source, last_ns FROM event GROUP BY warning, reason, source, last_ns)
        AS e ON e.warning = k.warning AND e.reason = k.reason AND e.source = k.source AND e.last_ns = k.last_ns
    JOIN event_view l ON l.id = e.id
ORDER BY v.type DESC, k.events DESC, v.reason, v.source
