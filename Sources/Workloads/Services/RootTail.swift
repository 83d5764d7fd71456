/// The tail of the cube root of a law, with everything worked out beforehand that does not depend on where it is asked.
struct RootTail {
    private let mean: Double
    private let meanRoot: Double
    private let spread: Double
    private let spreadRoot: Double
    /// The share of the law that is lognormal.
    private let share: Double
    private let square: Double
    private let squareRoot: Double

    /// Prepares the tail of `law`.
    init(_ law: LatencyLaw) {
        mean = law.mean
        meanRoot = Elementary.cubeRoot(law.mean)
        spread = law.variability
        spreadRoot = spread.squareRoot()
        share = law.lognormalShare
        square = share > 0 ? Elementary.log(1 + spread) : 0
        squareRoot = square.squareRoot()
    }

    /// Returns the probability that the cube root of a length is above `root`.
    func above(_ root: Double) -> Double {
        guard mean > 0 else { return 0 }
        let scaled = root / meanRoot
        guard spread > 1e-12 else { return scaled < 1 ? 1 : 0 }
        let gamma = Elementary.normalTail((scaled - 1 + spread / 9) * 3 / spreadRoot)
        guard share > 0 else { return gamma }
        guard scaled > 0 else { return 1 }
        let lognormal = Elementary.normalTail((3 * Elementary.log(scaled) + square / 2) / squareRoot)
        return gamma + share * (lognormal - gamma)
    }

    /// Returns the root above which a share of all lengths lies, between 0 and `high`: the lower end of what 24 halvings
    /// leave of it. `place` is the standard normal quantile of the share.
    ///
    /// A few steps of the secant method close in on it. What they have learnt decides the halvings, which give the same
    /// bits as if each asked for the tail.
    func root(at place: Double, below high: Double) -> Double {
        let target = Elementary.normalTail(place)
        let known = bracket(target, from: guess(place), below: high)
        var (low, top) = (0.0, high)
        for _ in 0..<24 {
            let middle = (low + top) / 2
            if middle <= known.low || middle < known.high && above(middle) > target {
                low = middle
            } else {
                top = middle
            }
        }
        return low
    }

    /// Where the root may be: between those of the gamma and the lognormal law.
    private func guess(_ place: Double) -> Double {
        let gamma = max(0, 1 - spread / 9 + place * spreadRoot / 3)
        // Near enough to the exponential function.
        let lognormal = Elementary.power(1 + (place * squareRoot - square / 2) / 48, 16)
        return (gamma + share * (lognormal - gamma)) * meanRoot
    }

    /// Returns a root whose tail is above `target`, or 0, and one whose tail is not, or `high`, close to each other.
    private func bracket(_ target: Double, from start: Double, below high: Double) -> (low: Double, high: Double) {
        var known = (low: 0.0, high: high)
        guard start > 0, start < high else { return known }
        // Nothing is asked for between two ends as near as this.
        let width = high * 0x1p-24
        var (last, lastExcess) = (start, above(start) - target)
        if lastExcess > 0 { known.low = start } else { known.high = start }
        var next = lastExcess > 0 ? start * 1.01 : start * 0.99
        for _ in 0..<8 where known.low < next && next < known.high {
            let excess = above(next) - target
            if excess > 0 { known.low = next } else { known.high = next }
            if known.high - known.low <= width || excess == lastExcess { break }
            var guess = next - excess * (next - last) / (excess - lastExcess)
            // Close to the root it takes a step beyond it, so that both ends come near.
            if abs(guess - next) < 4 * width { guess += excess > 0 ? 0.6 * width : -0.6 * width }
            (last, lastExcess, next) = (next, excess, guess)
        }
        return known
    }
}
