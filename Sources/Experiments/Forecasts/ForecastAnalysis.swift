package import Chronology
package import RunDatabase
package import Statistics
import VirtualTime

/// Quantiles of cost, machines and headroom over the runs of a forecast, and when limits are reached.
package struct ForecastAnalysis: Sendable {
    package let rows: [ForecastRow]
    /// The mean cost of the whole horizon with its Student t interval of 95 %; nil for fewer than two runs.
    package let totalMean: MeanInterval?
    /// In the order of the limits; empty when no run has figures.
    package let reaches: [LimitReach]
    /// Where the variance of the cost comes from; nil when that was not asked for, or too few runs tell.
    package let variance: VarianceParts?
    /// Runs with figures, without the sisters.
    package let runs: Int

    /// Quantiles that are told.
    package static let quantiles = [50, 100, 250, 500, 750, 900, 950]

    /// Makes the figures of replications; those without an outcome are left out.
    ///
    /// - Parameters:
    ///   - paths: By number, from 1 on.
    ///   - start: When the runs begin.
    package init(
        _ replications: [ReplicationRow], paths: [DemandPath], limits: [ForecastLimit], start: UnixTime,
        design: ForecastDesign
    ) {
        let figures = Self.figures(replications, variant: 1)
        runs = figures.count
        totalMean = Self.mean(figures)
        let calendar = ForecastCalendar(start: start)
        let days = figures.map(\.days).max() ?? 0
        var fans = Fans()
        let offset = StartDate(unixSeconds: start.seconds).sinceMidnight
        let demand = figures.map {
            paths.indices.contains($0.number - 1) ? paths[$0.number - 1].dailyMeans(offset: offset) : []
        }
        for day in 0..<days { fans.add("demand", "rate", day: day, demand.map { day < $0.count ? $0[day] : .nan }) }
        for month in calendar.months(days: days) {
            fans.add(
                "cost.month", "nanodollars", day: month.lowerBound,
                figures.map { Double($0.series("cost.total")[month].reduce(0, +)) })
        }
        fans.add("cost.horizon", "nanodollars", day: 0, figures.map { Double($0.total) })
        fans.add("cost.sum", "nanodollars", byDay: figures.map { $0.spending { _ in false } })
        if limits.contains(where: { $0.measure == .monthlySpending }) {
            fans.add("cost.monthToDate", "nanodollars", byDay: figures.map { $0.spending(calendar.isMonthStart) })
        }
        for (name, unit) in Self.names(figures) { fans.add(name, unit, byDay: figures.map { $0.series(name) }) }
        reaches =
            figures.isEmpty
            ? [] : limits.map { LimitReach($0, figures, days: days, isMonthStart: calendar.isMonthStart) }
        variance = Self.variance(replications, design)
        rows = fans.rows + reaches.flatMap(\.rows) + Self.rows(variance, design)
    }

    private static func figures(_ replications: [ReplicationRow], variant: Int) -> [ForecastFigures] {
        replications.filter { $0.variant == variant }.compactMap(ForecastFigures.init)
    }

    /// The metrics that any run has, in name order.
    private static func names(_ figures: [ForecastFigures]) -> [(String, String)] {
        var units: [String: String] = [:]
        for figure in figures { for (name, unit) in figure.names { units[name] = unit } }
        return units.filter { !$0.key.hasSuffix(".time") }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    private static func mean(_ figures: [ForecastFigures]) -> MeanInterval? {
        var summary = SampleSummary()
        for figure in figures { summary.add(Double(figure.total)) }
        return meanConfidenceInterval(summary)
    }

    /// Returns the mean cost of the runs so far.
    package static func totalMean(of replications: [ReplicationRow]) -> MeanInterval? {
        mean(figures(replications, variant: 1))
    }

    // MARK: - Variance

    private static func variance(_ replications: [ReplicationRow], _ design: ForecastDesign) -> VarianceParts? {
        let factors = design.settings.factors.count
        guard factors > 0 else { return nil }
        let totals = (0...factors).map { place in
            var totals: [Int: Double] = [:]
            for figure in figures(replications, variant: place + 1) { totals[figure.number] = Double(figure.total) }
            return totals
        }
        let numbers = replications.lazy.filter { $0.variant == 1 && $0.number % 2 == 1 }.map(\.number)
        // A pair of which a run was lost tells nothing.
        let pairs = numbers.compactMap { number -> VarianceParts.Pair? in
            let sisters = (1...factors).compactMap { totals[$0][number] }
            guard let first = totals[0][number], let second = totals[0][number + 1], sisters.count == factors else {
                return nil
            }
            return VarianceParts.Pair(first: first, second: second, sisters: sisters)
        }
        var stream = RandomStream(seed: Seed(design.settings.seed), name: "forecast", purpose: "variance.bootstrap")
        return VarianceParts(Array(pairs)) { stream.integer(below: $0) }
    }

    private static func rows(_ variance: VarianceParts?, _ design: ForecastDesign) -> [ForecastRow] {
        guard let variance else { return [] }
        func rows(_ name: String, _ share: VarianceParts.Share) -> [ForecastRow] {
            [(0, share.value), (25, share.low), (975, share.high)].map { permille, value in
                ForecastRow(
                    variant: 1, measure: "variance.\(name)", unit: "permille", at: .zero, permille: permille,
                    value: 1_000 * value)
            }
        }
        let factors = design.settings.factors
        return factors.indices.flatMap { rows(factors[$0].rawValue, variance.own[$0]) }
            + rows("together", variance.together)
            + factors.indices.flatMap { rows("\(factors[$0].rawValue).total", variance.total[$0]) }
    }
}

/// The quantiles of measures, as rows.
private struct Fans {
    var rows: [ForecastRow] = []

    mutating func add(_ measure: String, _ unit: String, day: Int, _ values: [Double]) {
        let sorted = values.filter { !$0.isNaN }.sorted()
        for permille in ForecastAnalysis.quantiles {
            guard let value = quantile(sorted: sorted, Double(permille) / 1_000) else { continue }
            rows.append(
                ForecastRow(
                    variant: 1, measure: measure, unit: unit, at: .days(Int64(day)), permille: permille, value: value)
            )
        }
    }

    /// Adds the values that each run has by day.
    mutating func add(_ measure: String, _ unit: String, byDay series: [[Int64]]) {
        for day in 0..<(series.map(\.count).max() ?? 0) {
            add(measure, unit, day: day, series.map { day < $0.count ? Double($0[day]) : .nan })
        }
    }
}
