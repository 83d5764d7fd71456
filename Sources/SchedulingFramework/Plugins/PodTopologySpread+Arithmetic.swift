// Kubernetes counterpart: podtopologyspread filtering.go and scoring.go (v1.36); in floating point where upstream is.

extension PodTopologySpread {
    /// Returns what a domain's count is compared with: the lowest of `domains` counts, or 0 when there are fewer than
    /// `minDomains` (`minMatchNum`).
    @inlinable
    package static func globalMinimum(lowest: Int64, domains: Int, minDomains: Int64) -> Int64 {
        Int64(domains) < minDomains ? 0 : lowest
    }

    /// Returns whether one more pod in a domain of `count` would be too far above the global minimum.
    ///
    /// `selfMatch` is 1 when the constraint selects the incoming pod, else 0. A domain that is not accounted for has 0.
    @inlinable
    package static func isTooSkewed(count: Int64, selfMatch: Int64, minimum: Int64, maxSkew: Int64) -> Bool {
        count + selfMatch - minimum > maxSkew
    }

    /// Returns the weight of counts over so many domains, so that few domains are not drowned by many
    /// (`topologyNormalizingWeight`).
    package static func topologyWeight(domains: Int) -> Double { naturalLogarithm(Double(domains + 2)) }

    /// Returns what one constraint adds to a node's score; a higher score is worse (`scoreForCount`).
    ///
    /// Add the credits of all constraints in their order, starting at 0, and give the sum to `rawScore`.
    @inlinable
    package static func credit(count: Int64, maxSkew: Int64, weight: Double) -> Double {
        Double(count) * weight + Double(maxSkew - 1)
    }

    /// Returns the raw score of a node whose credits add up to `credits`: rounded, halves away from zero.
    @inlinable
    package static func rawScore(_ credits: Double) -> Int64 { Int64(credits.rounded()) }

    /// Returns the score, 0 to 100, of a node with this raw score, given the bounds over all nodes that are not ignored;
    /// `highest` is at least 0. An ignored node scores 0.
    @inlinable
    package static func normalized(_ raw: Int64, lowest: Int64, highest: Int64) -> Int64 {
        highest == 0 ? NodeScore.max : NodeScore.max * (highest + lowest - raw) / highest
    }
}

// MARK: - The logarithm

extension PodTopologySpread {
    private static let ln2High = 6.931_471_803_691_238_164_90e-01
    private static let ln2Low = 1.908_214_929_270_587_700_02e-10

    /// Returns ln `x` for a normal number of at least 1, by the method of the FreeBSD library that Go follows: the same
    /// bits on every machine, and the same as upstream's.
    static func naturalLogarithm(_ x: Double) -> Double {
        precondition(x >= 1 && x.isFinite, "the logarithm is for counts")
        // x = fraction · 2^exponent with √½ ≤ fraction < √2.
        var fraction = x.significand / 2
        var exponent = Double(x.exponent + 1)
        if fraction < 0.5.squareRoot() {
            fraction *= 2
            exponent -= 1
        }
        let f = fraction - 1
        let s = f / (2 + f)
        let s2 = s * s
        let s4 = s2 * s2
        let odd =
            s2
            * (6.666_666_666_666_735_130e-01 + s4
                * (2.857_142_874_366_239_149e-01 + s4
                    * (1.818_357_216_161_805_012e-01 + s4 * 1.479_819_860_511_658_591e-01)))
        let even =
            s4
            * (3.999_999_999_940_941_908e-01 + s4
                * (2.222_219_843_214_978_396e-01 + s4 * 1.531_383_769_920_937_332e-01))
        let halfSquare = 0.5 * f * f
        return exponent * ln2High - ((halfSquare - (s * (halfSquare + (odd + even)) + exponent * ln2Low)) - f)
    }
}
