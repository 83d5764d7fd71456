-- title: Services by hour
-- question: In which hours did requests fail or take long?
-- chart: line hour p99 failed_share
-- column hour: time
-- column failed_share: percent
-- column p50: duration
-- column p95: duration
-- column p99: duration
-- Hours of the clock in UTC, as far as the run covers them. What was counted over several hours is shared out by time;
-- requests that were lost in flight belong to the hour in which they were.
WITH RECURSIVE
    clock AS (
        SELECT reached_ns, CAST(strftime('%s', start_date) AS INTEGER) % 3600 * 1000000000 AS offset_ns FROM run
    ),
    hour (number, from_ns, to_ns) AS (
        SELECT 0, -offset_ns, 3600000000000 - offset_ns FROM clock
        UNION ALL
        SELECT number + 1, to_ns, to_ns + 3600000000000 FROM hour, clock WHERE to_ns < reached_ns
    ),
    part AS (
        SELECT h.number, h.from_ns AS hour_ns, i.service, i.p50_ns, i.p95_ns, i.p99_ns, i.endpoints, i.violated,
            (min(i.to_ns, h.to_ns) - max(i.from_ns, h.from_ns)) / 1e9 AS seconds,
            1.0 * (min(i.to_ns, h.to_ns) - max(i.from_ns, h.from_ns)) / (i.to_ns - i.from_ns) AS portion,
            i.requests_milli, i.failed_milli - i.lost_milli AS failed_milli,
            iif(i.to_ns <= h.to_ns, i.lost_milli, 0) AS lost_milli
        FROM service_interval i JOIN hour h ON i.from_ns < h.to_ns AND i.to_ns > h.from_ns
    )
SELECT
    s.namespace || '/' || s.name AS service,
    strftime('%Y-%m-%dT%H:00:00Z', (SELECT start_date FROM run), printf('%.3f seconds', p.hour_ns / 1e9)) AS hour,
    round(sum(p.requests_milli * p.portion) / 1e3, 1) AS requests,
    round(sum(p.failed_milli * p.portion + p.lost_milli) / 1e3, 1) AS failed,
    100.0 * sum(p.failed_milli * p.portion + p.lost_milli) / nullif(sum(p.requests_milli * p.portion), 0) AS failed_share,
    sum(p.p50_ns / 1e9 * p.requests_milli * p.portion) / nullif(sum(p.requests_milli * p.portion), 0) AS p50,
    sum(p.p95_ns / 1e9 * p.requests_milli * p.portion) / nullif(sum(p.requests_milli * p.portion), 0) AS p95,
    sum(p.p99_ns / 1e9 * p.requests_milli * p.portion) / nullif(sum(p.requests_milli * p.portion), 0) AS p99,
    round(sum(p.endpoints * p.seconds) / sum(p.seconds), 2) AS endpoints,
    round(sum(iif(p.violated, p.seconds, 0)) / 60, 2) AS slo_minutes
FROM part p JOIN service s ON s.id = p.service
GROUP BY p.service, p.number
ORDER BY p.service, p.number
