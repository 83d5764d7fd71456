-- title: Services
-- question: How many requests did each service answer, how fast, and for how long did it miss its objective?
-- chart: bar service failed
-- column failed_share: percent
-- column p50: duration
-- column p95: duration
-- column p99: duration
-- column worst_p99: duration
-- column cores: cores
-- Requests count once, however often they were retried. Latencies are means over all requests; objectives are judged
-- over time.
WITH part AS (
    SELECT i.*, (i.to_ns - i.from_ns) / 1e9 AS seconds FROM service_interval i
)
SELECT
    s.namespace || '/' || s.name AS service,
    coalesce(sum(p.requests_milli), 0) / 1000 AS requests,
    coalesce(sum(p.failed_milli), 0) / 1000 AS failed,
    100.0 * sum(p.failed_milli) / nullif(sum(p.requests_milli), 0) AS failed_share,
    coalesce(sum(p.retries_milli), 0) / 1000 AS retries,
    sum(p.p50_ns / 1e9 * p.requests_milli) / nullif(sum(p.requests_milli), 0) AS p50,
    sum(p.p95_ns / 1e9 * p.requests_milli) / nullif(sum(p.requests_milli), 0) AS p95,
    sum(p.p99_ns / 1e9 * p.requests_milli) / nullif(sum(p.requests_milli), 0) AS p99,
    max(p.p99_ns) / 1e9 AS worst_p99,
    sum(p.cpu_milli * p.seconds) / sum(p.seconds) / 1e3 AS cores,
    round(sum(p.endpoints * p.seconds) / sum(p.seconds), 2) AS endpoints,
    round(coalesce(sum(iif(p.violated, p.seconds, 0)), 0) / 60, 2) AS slo_minutes
FROM service s LEFT JOIN part p ON p.service = s.id
GROUP BY s.id
ORDER BY s.id
