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
    /// leave of it.
    ///
    /// False position comes near it in fewer steps. What it has learnt decides the halvings, which give the same bits as
    /// if each asked for the tail.
    func root(above share: Double, below high: Double) -> Double {
        var (left, right) = (Known(0, above(0) - share), Known(high, above(high) - share))
        if left.excess > 0, right.excess <= 0 { narrow(&left, &right, share: share, until: high * 0x1p-24) }
        var (low, top) = (0.0, high)
        for _ in 0..<24 {
            let middle = (low + top) / 2
            let isBelow = middle <= left.root ? left.excess > 0 : middle < right.root && above(middle) > share
            if isBelow { low = middle } else { top = middle }
        }
        return low
    }

    private struct Known {
        var root: Double
        /// By how much the tail is above the share there.
        var excess: Double

        init(_ root: Double, _ excess: Double) {
            self.root = root
            self.excess = excess
        }
    }

    /// Brings both ends nearer to where the tail is the share, as far as a few steps go.
    private func narrow(_ left: inout Known, _ right: inout Known, share: Double, until width: Double) {
        // An end that stays twice counts half (the Illinois rule).
        var (leftWeight, rightWeight) = (left.excess, right.excess)
        var lastSide = 0
        for _ in 0..<8 where right.root - left.root > width {
            let step = (right.root - left.root) * leftWeight / (leftWeight - rightWeight)
            let root = left.root + min(max(step, width / 2), right.root - left.root - width / 2)
            let excess = above(root) - share
            if excess > 0 {
                left = Known(root, excess)
                leftWeight = excess
                if lastSide == 1 { rightWeight /= 2 }
                lastSide = 1
            } else {
                right = Known(root, excess)
                rightWeight = excess
                if lastSide == -1 { leftWeight /= 2 }
                lastSide = -1
            }
        }
    }
}
