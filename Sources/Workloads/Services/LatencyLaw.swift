/// How long something takes at random, by mean and variance: a gamma law, which turns into a lognormal one where the
/// variability is large.
///
/// The gamma law is that of E. B. Wilson and M. M. Hilferty (1931): the cube root of a gamma variable is nearly normal.
/// Beyond a squared coefficient of variation of 1 a growing share of the law, and from 4 on all of it, is lognormal: two
/// moments of a long tail say little of its middle, and a gamma law puts far too much of it near zero.
///
/// Beside simulated queues (StationTests) the percentiles are within 10 % for exponential work, and within 25 % for constant
/// and for hyperexponential work; the median of nearly constant work under light load is up to 35 % too high.
package struct LatencyLaw: Hashable, Sendable {
    /// In seconds.
    package var mean: Double
    /// In seconds squared.
    package var variance: Double

    /// The largest squared coefficient of variation that a law is given: beyond it two moments say nothing of a tail.
    package static let variabilityLimit = 9.0
    /// Tails below this count as none.
    static let leastTail = 1e-6
    /// No time at all.
    package static let zero = LatencyLaw(mean: 0, variance: 0)

    /// Creates a law.
    package init(mean: Double, variance: Double) {
        self.mean = mean
        self.variance = variance
    }

    /// The squared coefficient of variation, up to `variabilityLimit`.
    package var variability: Double {
        mean > 0 ? min(Self.variabilityLimit, max(0, variance) / (mean * mean)) : 0
    }

    /// Standard normal quantiles, by the share below.
    package enum Place: Double, Hashable, Sendable, CaseIterable {
        case p50 = 0
        case p95 = 1.644_853_626_951_472_2
        case p99 = 2.326_347_874_040_841_1
    }

    /// Returns the length below which a share of all lengths stays, in seconds.
    package func quantile(_ place: Place) -> Double {
        guard lognormalShare > 0 else {
            let root = rootQuantile(place.rawValue)
            return root * root * root
        }
        let root = RootTail(self).root(at: place.rawValue, below: rootBounds.high)
        return root * root * root
    }

    /// Returns the probability of a length above `seconds`.
    package func tail(_ seconds: Double) -> Double {
        let tail = RootTail(self).above(Elementary.cubeRoot(seconds))
        return tail < Self.leastTail ? 0 : tail
    }

    /// The share of the law that is lognormal.
    var lognormalShare: Double { min(1, max(0, (variability - 1) / 3)) }

    /// The cube root of the gamma law's quantile at a standard normal place.
    private func rootQuantile(_ place: Double) -> Double {
        let spread = variability
        let root = 1 - spread / 9 + place * spread.squareRoot() / 3
        return max(0, root) * Elementary.cubeRoot(mean)
    }

    /// Cube roots below and above which hardly any length lies.
    private var rootBounds: (low: Double, high: Double) {
        guard lognormalShare > 0 else { return (rootQuantile(-4.5), rootQuantile(5.5)) }
        // Chebyshev's inequality: less than one in 3,600.
        return (0, Elementary.cubeRoot(mean * (1 + 60 * variability.squareRoot())))
    }
}

// MARK: - Laws made of laws

extension LatencyLaw {
    /// Returns the law of one after the other.
    package static func + (left: LatencyLaw, right: LatencyLaw) -> LatencyLaw {
        LatencyLaw(mean: left.mean + right.mean, variance: left.variance + right.variance)
    }

    /// Returns the law of `count` lengths one after the other; a fraction is the chance of one more.
    package func repeated(_ count: Double) -> LatencyLaw {
        let chance = count - count.rounded(.down)
        return LatencyLaw(mean: count * mean, variance: count * variance + chance * (1 - chance) * mean * mean)
    }

    /// Returns the law of lengths that are known not to be above `seconds`.
    func cut(at seconds: Double) -> LatencyLaw {
        let law = RootTail(self)
        let top = Elementary.cubeRoot(seconds)
        let tail = law.above(top)
        guard tail >= Self.leastTail else { return self }
        guard tail < 1 - Self.leastTail else { return LatencyLaw(mean: seconds, variance: 0) }
        let low = min(top, rootBounds.low)
        return Self.law(from: low, to: top) { max(0, law.above($0) - tail) / (1 - tail) }
    }

    /// Returns the law of the longest of independent lengths; a fraction of a count is the chance of one more.
    ///
    /// The product of the laws is integrated for its first two moments: 32 steps of Simpson's rule in the cube root.
    static func longest(of parts: [(law: LatencyLaw, count: Double)]) -> LatencyLaw {
        let parts = parts.filter { $0.count > 0 && $0.law.mean > 0 }
        if parts.count == 1, parts[0].count <= 1 { return parts[0].law.repeated(parts[0].count) }
        var (low, high) = (0.0, 0.0)
        for part in parts {
            let bounds = part.law.rootBounds
            if part.count >= 1 { low = max(low, bounds.low) }
            high = max(high, bounds.high)
        }
        let tails = parts.map { RootTail($0.law) }
        return law(from: low, to: high) { root in
            var below = 1.0
            for (part, law) in zip(parts, tails) {
                let tail = law.above(root)
                let whole = part.count.rounded(.down)
                below *= Elementary.power(1 - tail, Int64(whole)) * (1 - (part.count - whole) * tail)
            }
            return 1 - below
        }
    }

    /// Integrates the tail of a cube root, which is 1 below `low` and 0 above `high`.
    private static func law(from low: Double, to high: Double, tail: (Double) -> Double) -> LatencyLaw {
        let steps = 32
        let width = (high - low) / Double(steps)
        var (first, second) = (0.0, 0.0)
        for step in 0...steps where width > 0 {
            let root = low + Double(step) * width
            let weight = step == 0 || step == steps ? 1.0 : step & 1 == 1 ? 4 : 2
            let square = root * root
            let part = weight * tail(root) * square
            first += 3 * part
            second += 6 * part * square * root
        }
        let cube = low * low * low
        let mean = cube + first * width / 3
        return LatencyLaw(mean: mean, variance: max(0, cube * cube + second * width / 3 - mean * mean))
    }
}
