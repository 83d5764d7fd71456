/// What the queueing formulas need beyond the four operations and the square root, in plain arithmetic: the digits of a
/// mathematical library differ from one machine to the next, and these do not.
enum Elementary {
    /// Returns the cube root of a number that is not negative, by Newton's method.
    static func cubeRoot(_ value: Double) -> Double {
        guard value > 0, value.isFinite else { return value > 0 ? value : 0 }
        let shift = value.exponent / 3
        let scaled = value / Double(sign: .plus, exponent: 3 * shift, significand: 1)
        var root = scaled > 1 ? 0.5 + scaled / 4 : 1.0
        for _ in 0..<8 { root = (2 * root + scaled / (root * root)) / 3 }
        return root * Double(sign: .plus, exponent: shift, significand: 1)
    }

    /// Returns the natural logarithm of a number above zero: its binary exponent, and a series for the rest.
    static func log(_ value: Double) -> Double {
        guard value > 0, value.isFinite else { return value > 0 ? .infinity : -.infinity }
        var (exponent, rest) = (Double(value.exponent), value.significand)
        if rest > 1.414_213_562_373_095 {
            rest /= 2
            exponent += 1
        }
        let ratio = (rest - 1) / (rest + 1)
        let square = ratio * ratio
        var (sum, power) = (0.0, ratio)
        for odd in stride(from: 1.0, through: 23, by: 2) {
            sum += power / odd
            power *= square
        }
        return 2 * sum + exponent * 0.693_147_180_559_945_3
    }

    /// Returns the probability that a standard normal variable is above `place`.
    ///
    /// M. Abramowitz and I. Stegun, 26.2.19: the error is below 1.5e-7.
    static func normalTail(_ place: Double) -> Double {
        let x = abs(place)
        if x > 8 { return place > 0 ? 0 : 1 }
        let inner =
            1 + x
            * (0.049_867_347_0 + x
                * (0.021_141_006_1 + x
                    * (0.003_277_626_3 + x
                        * (0.000_038_003_6 + x * (0.000_048_890_6 + x * 0.000_005_383_0)))))
        var power = inner * inner
        power *= power
        power *= power
        power *= power
        let tail = 0.5 / power
        return place >= 0 ? tail : 1 - tail
    }

    /// Returns `base` to a whole power that is not negative.
    static func power(_ base: Double, _ exponent: Int64) -> Double {
        var (result, factor, rest) = (1.0, base, exponent)
        while rest > 0 {
            if rest & 1 == 1 { result *= factor }
            factor *= factor
            rest >>= 1
        }
        return result
    }
}
