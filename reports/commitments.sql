-- title: Commitments
-- question: How much of what was promised to the provider was used, what did it cover, and was it worth it?
-- chart: bar commitment saved
-- column paid: usd
-- column used: usd
-- column waste: usd
-- column utilization: percent
-- column covered: usd
-- column coverage: percent
-- column saved: usd
-- Paid is the amortised price of a commitment, used and waste are its parts. Covered is what the machine time that it paid
-- for costs on demand; coverage is that as a part of all on-demand machine time. Saved is covered less paid, and negative
-- when the list price would have been cheaper. What sustained use saves is a line of its own.
WITH
    demand AS (
        SELECT sum(a.amount_nanousd) / 1e9 AS usd
        FROM cost_asset a JOIN node n ON n.id = a.node WHERE a.kind = 'node' AND n.purchase = 'on-demand'
    ),
    entry AS (
        SELECT iif(kind = 'sustained-use', '(sustained use)', name) AS commitment, kind, amount_nanousd / 1e9 AS usd
        FROM cost_asset WHERE kind IN ('covered', 'commitment', 'commitment-waste', 'sustained-use')
    ),
    line AS (
        SELECT commitment,
            sum(iif(kind IN ('commitment', 'commitment-waste'), usd, 0)) AS paid,
            sum(iif(kind = 'commitment', usd, 0)) AS used,
            sum(iif(kind = 'commitment-waste', usd, 0)) AS waste,
            -sum(iif(kind = 'covered', usd, 0)) AS covered,
            -sum(usd) AS saved,
            0 AS place
        FROM entry GROUP BY commitment
        UNION ALL
        SELECT 'all',
            coalesce(sum(iif(kind IN ('commitment', 'commitment-waste'), usd, 0)), 0),
            coalesce(sum(iif(kind = 'commitment', usd, 0)), 0),
            coalesce(sum(iif(kind = 'commitment-waste', usd, 0)), 0),
            coalesce(-sum(iif(kind = 'covered', usd, 0)), 0),
            coalesce(-sum(usd), 0),
            1
        FROM entry
    )
SELECT commitment, paid, used, waste,
    iif(paid > 0, 100.0 * used / paid, NULL) AS utilization,
    covered,
    100.0 * covered / nullif((SELECT usd FROM demand), 0) AS coverage,
    saved
FROM line
ORDER BY place, commitment
