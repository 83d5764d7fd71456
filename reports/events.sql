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
    v.type, v.reason, v.source, k.events, k.objects, v.first,
    strftime('%Y-%m-%dT%H:%M:%fZ', (SELECT start_date FROM run), printf('%.3f seconds', k.last_ns / 1e9)) AS last,
    v.object AS example, v.message
FROM kind k JOIN event_view v ON v.id = k.example
ORDER BY v.type DESC, k.events DESC, v.reason, v.source
