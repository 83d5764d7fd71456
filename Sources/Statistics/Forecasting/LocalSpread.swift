import CGSL

/// How restless a series is of late, as a multiple of what it was before: what a forecast's interval is widened by at a
/// time of changes, and narrowed by at a calm one.
///
/// It is the mean distance of one value from the next, weighed exponentially (as RiskMetrics does with squares), over the
/// mean of all such distances so far; its square root is taken, as half of what is unusual now will be over soon.
struct LocalSpread {
    /// For each number of values known, from 0 on.
    private let factors: [Double]

    /// Steps after which a distance counts half.
    private static let halfLife = 24.0
    /// The power that the multiple is taken to, and what it is held within.
    private static let power = 0.5
    private static let bounds = 0.2...5.0
    /// Distances below which there is no telling.
    private static let least = 4

    init(_ series: DemandSeries) {
        let kept = powerOfHalf(1 / Self.halfLife)
        var (recent, recentWeight, all, count) = (0.0, 0.0, 0.0, 0)
        var factors = [1.0]
        factors.reserveCapacity(series.count + 1)
        for step in series.values.indices {
            let distance = step > 0 ? abs(series.values[step] - series.values[step - 1]) : .nan
            (recent, recentWeight) = (recent * kept, recentWeight * kept)
            if !distance.isNaN {
                recent += distance
                recentWeight += 1
                all += distance
                count += 1
            }
            let multiple = count > Self.least && all > 0 ? recent / recentWeight / (all / Double(count)) : 1
            factors.append(min(max(pow(multiple, Self.power), Self.bounds.lowerBound), Self.bounds.upperBound))
        }
        self.factors = factors
    }

    /// Returns the factor after so many values.
    func factor(after known: Int) -> Double { factors[min(max(known, 0), factors.count - 1)] }
}
