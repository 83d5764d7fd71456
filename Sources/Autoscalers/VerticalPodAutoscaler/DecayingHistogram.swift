// Kubernetes counterpart: vertical-pod-autoscaler/pkg/recommender/util (histogram, decaying histogram, v1.5).
// Deliberate differences: the age of a sample is counted in whole minutes, so that the weights are the same on every
// machine; bounds of buckets are multiplied out instead of taken from a logarithm.

package import Chronology

/// Weights of samples by size, in buckets that grow by a twentieth each, where a sample of a day ago weighs half.
package struct DecayingHistogram: Sendable {
    /// What the buckets are.
    package struct Buckets: Hashable, Sendable {
        /// Where each begins.
        let starts: [Double]

        /// Creates buckets from 0 on, the first one `first` wide and each following one 5 % wider, until one begins above
        /// `largest`.
        package init(first: Double, largest: Double) {
            var starts = [0.0]
            var (start, width) = (0.0, first)
            while start <= largest {
                start += width
                width *= 1.05
                starts.append(start)
            }
            self.starts = starts
        }

        /// Cores: from a hundredth to a thousand.
        package static let cores = Buckets(first: 0.01, largest: 1_000)
        /// Bytes: from ten million to a trillion.
        package static let bytes = Buckets(first: 1e7, largest: 1e12)

        /// Returns the bucket of a value; the last one has no upper end.
        func place(of value: Double) -> Int {
            var (low, high) = (0, starts.count)
            while high - low > 1 {
                let middle = (low + high) / 2
                if starts[middle] <= value { low = middle } else { high = middle }
            }
            return low
        }
    }

    package static let halfLifeMinutes: Int64 = 24 * 60
    /// Below this a bucket counts as empty: a thousandth of the least weight of a sample.
    private static let epsilon = 0.001 * 0.1
    /// Half-lives after which all weights are scaled down, long before they lose precision.
    private static let mostHalfLives: Int64 = 100
    /// 2 to the power of minutes of a half-life.
    private static let powers: [Double] = {
        var powers = [1.0]
        for _ in 1..<halfLifeMinutes { powers.append(powers[powers.count - 1] * 1.000481468077287) }
        return powers
    }()

    private let buckets: Buckets
    private var weights: [Double]
    private var total = 0.0
    // Minutes from which weights are counted: a sample of then weighs as it says.
    private var reference: Int64 = 0

    /// Creates an empty histogram.
    package init(_ buckets: Buckets) {
        self.buckets = buckets
        weights = [Double](repeating: 0, count: buckets.starts.count)
    }

    /// Whether nothing of weight is in it.
    package var isEmpty: Bool { !weights.contains { $0 >= Self.epsilon } }

    /// Adds a sample of an instant.
    package mutating func add(_ value: Double, weight: Double, at instant: Instant) {
        let scaled = weight * factor(at: instant)
        weights[buckets.place(of: value)] += scaled
        total += scaled
    }

    /// Takes away a sample that was added with the same weight and instant.
    package mutating func subtract(_ value: Double, weight: Double, at instant: Instant) {
        let place = buckets.place(of: value)
        let scaled = min(weights[place], weight * factor(at: instant))
        weights[place] -= scaled
        total = max(0, total - scaled)
    }

    /// Returns the end of the bucket up to which `share` of all weight is; 0 when there is none.
    package func percentile(_ share: Double) -> Double {
        guard !isEmpty else { return 0 }
        let first = weights.firstIndex { $0 >= Self.epsilon } ?? 0
        let last = weights.lastIndex { $0 >= Self.epsilon } ?? 0
        let threshold = share * total
        var sum = 0.0
        var place = first
        while place < last {
            sum += weights[place]
            if sum >= threshold { break }
            place += 1
        }
        return buckets.starts[min(place + 1, buckets.starts.count - 1)]
    }

    /// Returns 2 to the power of the age in half-lives, counted from the reference on, which may move.
    private mutating func factor(at instant: Instant) -> Double {
        let minute = instant.nanoseconds / 60_000_000_000
        let halfLife = Self.halfLifeMinutes
        if minute > reference + Self.mostHalfLives * halfLife {
            let moved = (minute + halfLife / 2) / halfLife * halfLife
            let scale = Double(sign: .plus, exponent: Int((reference - moved) / halfLife), significand: 1)
            for place in weights.indices { weights[place] *= scale }
            total *= scale
            reference = moved
        }
        let age = minute - reference
        let whole = age >= 0 ? age / halfLife : (age - halfLife + 1) / halfLife
        return Double(sign: .plus, exponent: Int(whole), significand: Self.powers[Int(age - whole * halfLife)])
    }
}
