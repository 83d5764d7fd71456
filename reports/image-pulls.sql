-- title: Image pulls
-- question: What do the images cost in traffic and time, and how much was on the nodes already?
-- chart: bar image fetched
-- column fetched: bytes
-- column cached: bytes
-- column cached_share: percent
-- column mean: duration
-- column longest: duration
-- What a container that had started already went on to fetch of its image counts as fetched, and is no pull of its own.
SELECT
    t.value AS image,
    count(*) FILTER (WHERE o.value <> 'streamed') AS pulls,
    sum(o.value NOT IN ('pulled', 'streamed', 'cancelled')) AS failed,
    sum(o.value = 'cancelled') AS cancelled,
    count(DISTINCT i.node) AS nodes,
    sum(i.bytes) AS fetched,
    sum(i.cached_bytes) AS cached,
    100.0 * sum(i.cached_bytes) / nullif(sum(i.bytes + i.cached_bytes), 0) AS cached_share,
    avg((i.to_ns - i.from_ns) / 1e9) FILTER (WHERE o.value <> 'streamed') AS mean,
    max((i.to_ns - i.from_ns) / 1e9) FILTER (WHERE o.value <> 'streamed') AS longest
FROM image_pull i
    JOIN text t ON t.id = i.image
    JOIN text o ON o.id = i.outcome
GROUP BY t.value
ORDER BY fetched DESC, image
