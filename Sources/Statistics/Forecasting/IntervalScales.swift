import CGSL

/// How much wider or narrower than the bootstrap the errors of a back-test were, for groups of steps ahead, above and
/// below the middle.
package struct IntervalScales: Hashable, Sendable {
    /// The last step of each group, from 0.
    let ends: [Int]
    private(set) var above: [Double]
    private(set) var below: [Double]
    /// Factors beyond this are left at it: so far off is not a matter of scale.
    private static let factors = 0.25...8.0

    /// The groups of a horizon: each about twice as long as the one before.
    static func ends(horizon: Int) -> [Int] {
        var ends: [Int] = []
        var end = max(1, horizon / 16)
        while end < horizon {
            ends.append(end - 1)
            end *= 2
        }
        return ends + [horizon - 1]
    }

    /// Scales of 1.
    init(horizon: Int) {
        ends = Self.ends(horizon: horizon)
        above = ends.map { _ in 1 }
        below = above
    }

    /// Creates scales from a back-test's ratios of errors to the interval's half-widths (`ratio`).
    ///
    /// Few horizons do not tell much: the scales keep the more of 1, the bootstrap's own width, the fewer were tried. The
    /// scales of each origin are first tried with what was known there: as often as they missed more than they should, the
    /// final ones are made wider, and narrower in the other case (the idea of adaptive conformal inference).
    ///
    /// - Parameters:
    ///   - ratios: For each origin and step ahead; NaN where nothing came.
    ///   - origins: Ascending; the number of values known at each.
    ///   - tail: The share of values that may lie above, and below.
    init(horizon: Int, ratios: [[Double]], origins: [Int], tail: Double) {
        /// How many horizons lie between the first origin and this one.
        func horizons(_ origin: Int?) -> Double {
            Double((origin ?? 0) - (origins.first ?? 0)) / Double(max(1, horizon))
        }
        self = Self.quantiles(horizon: horizon, ratios, tail).held(by: horizons(origins.last))
        var widening = 0.0
        for place in origins.indices.dropFirst(4) {
            let known = (0..<place).map { ratios[$0].prefix(max(0, origins[place] - origins[$0])) }
            let trial = Self.quantiles(horizon: horizon, known.map(Array.init), tail)
                .held(by: horizons(origins[place]))
            var (missed, count) = (0.0, 0.0)
            let factor = exp(widening)
            for (step, ratio) in ratios[place].enumerated() where !ratio.isNaN {
                let group = trial.group(of: step)
                if ratio > trial.above[group] * factor || ratio < -trial.below[group] * factor { missed += 1 }
                count += 1
            }
            if count > 0 {
                let next = widening + Self.gain * (missed / count - 2 * tail)
                widening = min(max(next, -Self.wideningMax), Self.wideningMax)
            }
        }
        // Steps of one horizon go wrong together: scales that few horizons made are as sure as so small a sample.
        let freedom = max(2, Self.freedomOfHorizon * horizons(origins.last))
        let factor = exp(widening) * gsl_cdf_tdist_Qinv(tail, freedom) / gsl_cdf_ugaussian_Qinv(tail)
        above = above.map { $0 * factor }
        below = below.map { $0 * factor }
    }

    /// Returns the scales with the share that this many horizons say of their distance from 1 (on the logarithm).
    private func held(by horizons: Double) -> IntervalScales {
        let share = horizons / (horizons + Self.horizonsOfBootstrap)
        var held = self
        held.above = above.map { pow($0, share) }
        held.below = below.map { pow($0, share) }
        return held
    }

    /// How much one origin counts in the widening, and the most that it can come to (logarithms).
    private static let gain = 0.1
    private static let wideningMax = 0.7
    /// Degrees of freedom of Student's t that a horizon counts for.
    private static let freedomOfHorizon = 2.0
    /// Horizons that must have been tried before their errors count as much as the bootstrap does.
    private static let horizonsOfBootstrap = 4.0
    /// Steps of a group that are looked at for each origin, at least.
    private static let enough = 24
    /// Origins after which one counts half.
    private static let halfLife = 12.0
    /// How much of a side's scale comes from both sides together: one side alone has few far errors.
    private static let shared = 0.3

    private static func quantiles(horizon: Int, _ ratios: [[Double]], _ tail: Double) -> IntervalScales {
        var scales = IntervalScales(horizon: horizon)
        for group in scales.ends.indices {
            let from = group == 0 ? 0 : scales.ends[group - 1] + 1
            let length = scales.ends[group] + 1 - from
            // Errors next to each other say nearly the same: some of a long group are enough.
            let stride = max(1, length / enough)
            var pairs: [(ratio: Double, weight: Double)] = []
            for (place, row) in ratios.enumerated() {
                let weight = powerOfHalf(Double(ratios.count - 1 - place) / halfLife)
                for step in Swift.stride(from: from, to: min(row.count, from + length), by: stride)
                where !row[step].isNaN { pairs.append((row[step], weight)) }
            }
            guard let (low, high) = Self.quantiles(pairs, tail, 1 - tail),
                let (_, both) = Self.quantiles(pairs.map { (abs($0.ratio), $0.weight) }, tail, 1 - 2 * tail)
            else { continue }
            func bounded(_ side: Double) -> Double {
                let scale = (1 - shared) * min(max(side, factors.lowerBound), factors.upperBound) + shared * both
                return min(max(scale, factors.lowerBound), factors.upperBound)
            }
            scales.above[group] = bounded(high)
            scales.below[group] = bounded(-low)
        }
        return scales
    }

    private static func quantiles(
        _ pairs: [(ratio: Double, weight: Double)], _ first: Double, _ second: Double
    ) -> (Double, Double)? {
        let sorted = pairs.sorted { ($0.ratio, $0.weight) < ($1.ratio, $1.weight) }
        let (values, weights) = (sorted.map(\.ratio), sorted.map(\.weight))
        guard let low = weightedQuantile(sorted: values, weights: weights, first),
            let high = weightedQuantile(sorted: values, weights: weights, second)
        else { return nil }
        return (low, high)
    }

    /// Returns how far a value lies from the middle as a multiple of the interval's half-width on that side.
    static func ratio(_ value: Double, middle: Double, low: Double, high: Double) -> Double {
        let distance = value - middle
        let least = 1e-6 * max(abs(middle), abs(value), 1e-300)
        return distance / max(distance > 0 ? high - middle : middle - low, least)
    }

    func group(of step: Int) -> Int { ends.firstIndex { step <= $0 } ?? ends.count - 1 }

    /// Returns a path's value with its distance from the middle scaled, and taken so many times.
    func scaled(_ value: Double, middle: Double, group: Int, times factor: Double = 1) -> Double {
        let distance = (value - middle) * factor
        return middle + distance * (distance > 0 ? above[group] : below[group])
    }
}
