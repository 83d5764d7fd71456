import Statistics

/// What makes the variance of a figure: the share of each factor alone, and what is left for factors together.
///
/// With a pair a, b of independent runs and the sister s of a that has one factor from b, half of the mean of (a - s)² is
/// the factor's total effect (Jansen), the variance less half of the mean of (b - s)², and the mean of (b - μ)(s - a),
/// are its own (Jansen; Saltelli). The first of these two is exact for a factor that is everything and the second for one
/// that is nothing, so they are weighted by how far the sister is from a and from b.
package struct VarianceParts: Sendable {
    /// A share of the variance with the interval that holds 95 % of bootstrap samples of the pairs.
    package struct Share: Hashable, Sendable {
        package var value: Double
        package var low: Double
        package var high: Double
    }

    /// A pair of runs and the sisters of the first, in the order of the factors.
    package struct Pair: Sendable {
        package var first: Double
        package var second: Double
        package var sisters: [Double]

        /// Creates a pair.
        package init(first: Double, second: Double, sisters: [Double]) {
            (self.first, self.second, self.sisters) = (first, second, sisters)
        }
    }

    /// Of each factor by itself, in order; noise may put one below zero.
    package let own: [Share]
    /// Of each factor with all that it does together with others.
    package let total: [Share]
    /// The rest to one: what factors do together, and what the estimates leave open.
    package let together: Share
    package let variance: Double
    package let pairs: Int

    /// Bootstrap samples.
    package static let resamples = 1_000
    private static let pairsLeast = 3

    /// Finds the shares; nil for fewer than three pairs, or where nothing varies.
    ///
    /// - Parameter integer: A draw below a bound.
    package init?(_ pairs: [Pair], integer: (Int) -> Int) {
        guard pairs.count >= Self.pairsLeast, let found = Estimate(pairs, Array(pairs.indices)) else { return nil }
        var samples: [Estimate] = []
        for _ in 0..<Self.resamples {
            let places = pairs.indices.map { _ in integer(pairs.count) }
            if let sample = Estimate(pairs, places) { samples.append(sample) }
        }
        func share(_ value: (Estimate) -> Double) -> Share {
            let sorted = samples.map(value).sorted()
            return Share(
                value: value(found), low: quantile(sorted: sorted, 0.025) ?? value(found),
                high: quantile(sorted: sorted, 0.975) ?? value(found))
        }
        own = found.own.indices.map { place in share { $0.own[place] } }
        total = found.total.indices.map { place in share { $0.total[place] } }
        together = share { 1 - $0.own.reduce(0, +) }
        variance = found.variance
        self.pairs = pairs.count
    }

    private struct Estimate {
        var own: [Double] = []
        var total: [Double] = []
        let variance: Double

        init?(_ pairs: [Pair], _ places: [Int]) {
            let count = Double(places.count)
            var summary = SampleSummary()
            for place in places {
                summary.add(pairs[place].first)
                summary.add(pairs[place].second)
            }
            guard let variance = summary.variance, variance > 0 else { return nil }
            self.variance = variance
            for factor in pairs[0].sisters.indices {
                var (toFirst, toSecond, product) = (0.0, 0.0, 0.0)
                for place in places {
                    let (a, b, s) = (pairs[place].first, pairs[place].second, pairs[place].sisters[factor])
                    toFirst += (a - s) * (a - s) / (2 * count)
                    toSecond += (b - s) * (b - s) / (2 * count)
                    product += (b - summary.mean) * (s - a) / count
                }
                let sum = toFirst + toSecond
                let weight = sum > 0 ? toSecond / sum : 1
                own.append((weight * product + (1 - weight) * (variance - toSecond)) / variance)
                total.append(toFirst / variance)
            }
        }
    }
}
