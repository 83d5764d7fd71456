-- title: Where the bytes of images come from
-- question: What does the traffic of images cost, from registries, caches, peers and other zones?
-- chart: bar source bytes
-- column bytes: bytes
-- column usd_per_gb: usd
-- column usd: usd
WITH traffic (place, source, parameter, bytes) AS (
    SELECT 1, 'registry', 'prices.egress.registry', sum(bytes - cache_bytes - peer_bytes - cross_zone_bytes)
    FROM image_pull
    UNION ALL SELECT 2, 'zone cache', 'prices.egress.cache', sum(cache_bytes) FROM image_pull
    UNION ALL SELECT 3, 'peer in the zone', 'prices.egress.peer', sum(peer_bytes) FROM image_pull
    UNION ALL SELECT 4, 'peer in another zone', 'prices.egress.crossZone', sum(cross_zone_bytes) FROM image_pull
)
SELECT
    t.source,
    coalesce(t.bytes, 0) AS bytes,
    -- A gigabyte is 10^9 bytes; a price that nobody gave is nothing.
    coalesce(CAST(p.value AS REAL), 0.0) AS usd_per_gb,
    coalesce(t.bytes, 0) / 1e9 * coalesce(CAST(p.value AS REAL), 0.0) AS usd
FROM traffic t
    LEFT JOIN parameter p ON p.name = t.parameter
ORDER BY t.place
