-- title: Traffic between zones and out
-- question: What do workloads send to other zones and to the internet, and what does that cost?
-- chart: bar controller zones internet load_balancers images
-- column between_services: bytes
-- column crossing: percent
-- column to_internet: bytes
-- column zones: usd
-- column internet: usd
-- column load_balancers: usd
-- column images: usd
-- column total: usd
-- Bytes are counted where they are sent, of runs in which traffic has a price (prices.traffic). crossing is the part of what
-- goes from service to service that goes to another zone; its price is for both ends.
SELECT
    coalesce(c.title, '(no workload)') AS controller,
    sum(iif(t.line IN ('within-zone', 'zone-out'), t.bytes, 0)) AS between_services,
    100.0 * sum(iif(t.line = 'zone-out', t.bytes, 0))
        / nullif(sum(iif(t.line IN ('within-zone', 'zone-out'), t.bytes, 0)), 0) AS crossing,
    sum(iif(t.line = 'internet', t.bytes, 0)) AS to_internet,
    sum(iif(t.line IN ('zone-out', 'zone-in'), t.amount_nanousd, 0)) / 1e9 AS zones,
    sum(iif(t.line = 'internet', t.amount_nanousd, 0)) / 1e9 AS internet,
    sum(iif(t.line = 'load-balancer', t.amount_nanousd, 0)) / 1e9 AS load_balancers,
    sum(iif(t.line LIKE 'image-%', t.amount_nanousd, 0)) / 1e9 AS images,
    sum(t.amount_nanousd) / 1e9 AS total
FROM network_traffic t
    LEFT JOIN controller_view c ON c.id = t.controller
GROUP BY 1
ORDER BY sum(t.amount_nanousd) DESC, 1
