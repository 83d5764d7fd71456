/// Regression on time: a trend that may change its slope at regular points, waves for every season, a constant for each
/// holiday, and an error that fades (`ErrorFilter`).
///
/// Slopes change as little as the data let them (ridge), the past counts the less the older it is, and beyond the last
/// value the trend fades as far ahead as change points lie apart.
package struct RegressionModel: DemandModel, Hashable {
    package let hasTrend: Bool
    /// The number of steps after which a value counts half; nil when all count the same.
    package let halfLife: Double?

    /// Creates a kind of regression.
    package init(hasTrend: Bool, halfLife: Double? = nil) {
        self.hasTrend = hasTrend
        self.halfLife = halfLife
    }

    package func learned(from series: DemandSeries) -> (any DemandState)? {
        let basis = RegressionBasis(series, hasTrend: hasTrend)
        let known = series.count - series.missing
        guard known >= 8, known >= 2 * (series.seasons.first ?? 1) else { return nil }
        let start = RegressionState(basis: basis, discount: halfLife.map { powerOfHalf(1 / $0) } ?? 1)
        var state = start
        for value in series.values { _ = state.observe(value) }
        guard state.solve() else { return nil }
        var learned = start
        learned.coefficients = state.coefficients
        learned.filter = ErrorFilter(
            fittedTo: series.values.indices.map { series.values[$0] - state.value(at: $0) })
        return learned
    }

    package func parameters(for series: DemandSeries) -> Int {
        // Bends are held so near to a line that twelve of them count, and the error has two parameters and a variance.
        RegressionBasis(series, hasTrend: false).count + 3 + (hasTrend ? 12 : 0)
    }
}

/// The columns of a regression on time.
struct RegressionBasis: Sendable {
    /// For each season, the sines and cosines of each phase, one phase after the other.
    private let waves: [(season: Int, width: Int, table: [Double])]
    private let holidays: [Int?]
    private let holidayKinds: Int
    /// Steps between two points at which the slope may change.
    let spacing: Int
    private let knots: Int
    let count: Int

    /// The most waves of a season.
    private static let wavesMax = 8
    private static let longWavesMax = 20
    private static let knotsMax = 24

    init(_ series: DemandSeries, hasTrend: Bool) {
        var waves: [(season: Int, width: Int, table: [Double])] = []
        for (index, season) in series.seasons.enumerated() where 2 * season <= series.count {
            let most = min(season / 2, index == 0 ? Self.wavesMax : Self.longWavesMax)
            // A wave of a shorter season is there already.
            let numbers = (1...max(1, most)).filter { number in
                !series.seasons[..<index].contains { shorter in
                    (number * shorter) % season == 0 && number * shorter / season <= Self.wavesMax
                }
            }
            var table: [Double] = []
            for phase in 0..<season {
                for number in numbers {
                    let (sine, cosine) = sineAndCosine(turns: Double(number * phase % season) / Double(season))
                    table += [sine, cosine]
                }
            }
            waves.append((season, 2 * numbers.count, table))
        }
        self.waves = waves
        holidays = series.holidays
        holidayKinds = (series.holidays.lazy.compactMap { $0 }.max() ?? -1) + 1
        spacing = max(series.seasons.last(where: { 4 * $0 <= series.count }) ?? 1, series.count / 12, 4)
        // Points beyond what is learned from are there for the steps that are observed later.
        knots = hasTrend ? Self.knotsMax : 0
        count = 1 + knots + waves.reduce(0) { $0 + $1.width } + holidayKinds
    }

    /// Writes the columns of a step to `row`; the trend stays where it was at `end`, plus `ahead` steps.
    func fill(_ row: inout [Double], at step: Int, trendAt time: Double) {
        row[0] = 1
        var place = 1
        for knot in 0..<knots {
            row[place] = max(0, time - Double(knot * spacing)) / Double(spacing)
            place += 1
        }
        for wave in waves {
            let from = step % wave.season * wave.width
            for offset in 0..<wave.width { row[place + offset] = wave.table[from + offset] }
            place += wave.width
        }
        for kind in 0..<holidayKinds { row[place + kind] = 0 }
        if holidays.indices.contains(step), let kind = holidays[step] { row[place + kind] = 1 }
    }

    /// What is added to the diagonal of the normal equations for a column.
    func penalty(of column: Int) -> Double {
        switch column {
        case 0: 1e-9
        case 1: 0.01 * Double(spacing)
        case 2...max(2, knots): knots > 0 ? 0.3 * Double(spacing) : 0.1
        case _: 0.1
        }
    }
}
