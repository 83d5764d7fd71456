package import Chronology
package import RunDatabase
package import Statistics

/// Quantiles of cost, machines and headroom over the runs of a forecast, and when limits are reached.
package struct ForecastAnalysis: Sendable {
    package let rows: [ForecastRow]
    /// The mean cost of the whole horizon with its Student t interval of 95 %; nil for fewer than two runs.
    package let totalMean: MeanInterval?
    package let shares: [VarianceShare]
    /// Runs with figures.
    package let runs: Int

    /// Quantiles that are told.
    package static let quantiles = [50, 100, 250, 500, 750, 900, 950]

    /// How much of the variance of the cost one source makes when all else is left as it is (Jansen's total effect).
    package struct VarianceShare: Sendable {
        package let variant: String
        package let share: Double
    }

    /// Makes the figures of replications; those without an outcome are left out.
    ///
    /// - Parameters:
    ///   - paths: By number, from 1 on.
    ///   - start: When the runs begin.
    package init(
        _ replications: [ReplicationRow], paths: [DemandPath], limits: [ForecastLimit], start: UnixTime,
        design: ForecastDesign
    ) {
        let figures = replications.filter { $0.variant == 1 }.compactMap(ForecastFigures.init)
        runs = figures.count
        totalMean = Self.mean(figures)
        let calendar = ForecastCalendar(start: start)
        var rows: [ForecastRow] = []
        func add(_ measure: String, _ unit: String, day: Int, _ values: [Double]) {
            let sorted = values.filter { !$0.isNaN }.sorted()
            for permille in Self.quantiles {
                guard let value = quantile(sorted: sorted, Double(permille) / 1_000) else { continue }
                rows.append(
                    ForecastRow(
                        variant: 1, measure: measure, unit: unit, at: .days(Int64(day)), permille: permille,
                        value: value))
            }
        }
        let days = figures.map(\.days).max() ?? 0
        let demand = figures.map { paths.indices.contains($0.number - 1) ? paths[$0.number - 1].dailyMeans() : [] }
        for day in 0..<days { add("demand", "rate", day: day, demand.map { day < $0.count ? $0[day] : .nan }) }
        for month in calendar.months(days: days) {
            add(
                "cost.month", "nanodollars", day: month.lowerBound,
                figures.map { Double($0.series("cost.total")[month].reduce(0, +)) })
        }
        add("cost.horizon", "nanodollars", day: 0, figures.map { Double($0.total) })
        for (name, unit) in Self.names(figures) {
            for day in 0..<days { add(name, unit, day: day, figures.map { Double($0.series(name)[day]) }) }
        }
        for limit in limits where runs > 0 {
            let reached = figures.map { limit.day(in: $0, isMonthStart: calendar.isMonthStart) }
            for day in 0..<days {
                let count = reached.count { $0.map { $0 <= day } ?? false }
                rows.append(
                    ForecastRow(
                        variant: 1, measure: "limit.\(limit.name).reached", unit: "permille", at: .days(Int64(day)),
                        permille: 0, value: 1_000 * Double(count) / Double(runs)))
            }
        }
        self.rows = rows
        shares = Self.shares(replications, design)
    }

    /// The metrics that any run has, in name order.
    private static func names(_ figures: [ForecastFigures]) -> [(String, String)] {
        var names: [(String, String)] = []
        for figure in figures {
            for (name, unit) in figure.names where !name.hasSuffix(".time") && !names.contains(where: { $0.0 == name })
            {
                names.append((name, unit))
            }
        }
        return names.sorted { $0.0 < $1.0 }
    }

    private static func mean(_ figures: [ForecastFigures]) -> MeanInterval? {
        var summary = SampleSummary()
        for figure in figures { summary.add(Double(figure.total)) }
        return meanConfidenceInterval(summary)
    }

    /// Returns the mean cost of the runs so far.
    package static func totalMean(of replications: [ReplicationRow]) -> MeanInterval? {
        mean(replications.filter { $0.variant == 1 }.compactMap(ForecastFigures.init))
    }

    private static func shares(_ replications: [ReplicationRow], _ design: ForecastDesign) -> [VarianceShare] {
        guard design.variants.count > 1 else { return [] }
        let base = replications.filter { $0.variant == 1 }.compactMap(ForecastFigures.init)
        let mean = base.reduce(0) { $0 + Double($1.total) } / Double(max(1, base.count))
        let variance =
            base.reduce(0) { $0 + (Double($1.total) - mean) * (Double($1.total) - mean) }
            / Double(max(1, base.count - 1))
        guard base.count > 1, variance > 0 else { return [] }
        return design.variants.enumerated().dropFirst().compactMap { place, variant in
            let sisters = replications.filter { $0.variant == place + 1 }.compactMap(ForecastFigures.init)
            var (sum, count) = (0.0, 0.0)
            for sister in sisters {
                guard let original = base.first(where: { $0.number == sister.number }) else { continue }
                let difference = Double(sister.total - original.total)
                sum += difference * difference
                count += 1
            }
            return count > 0
                ? VarianceShare(variant: variant.rawValue, share: sum / (2 * count) / variance) : nil
        }
    }
}
