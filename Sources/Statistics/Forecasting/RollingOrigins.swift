/// The points of a series from which a back-test looks ahead.
package enum RollingOrigins {
    /// Returns numbers of values known, ascending: the last one has a whole horizon behind it, and the first at least
    /// `least` values before it. Fewer than `folds` when the series has no room for more; they overlap where it must be.
    package static func origins(count: Int, horizon: Int, folds: Int, least: Int) -> [Int] {
        origins(last: count - horizon, horizon: horizon, folds: folds, least: least)
    }

    /// Returns the same for a trial, whose last origin has only `seen` steps of the horizon behind it, but knows of a change
    /// that has just come.
    ///
    /// Where there is room the others lie whole horizons before the end, and look ahead from the same hour of the day.
    static func trialOrigins(count: Int, horizon: Int, folds: Int, least: Int, seen: Int) -> [Int] {
        if count - horizon - least >= horizon * (folds - 1), seen < horizon {
            return origins(count: count, horizon: horizon, folds: folds, least: least) + [count - seen]
        }
        return origins(last: count - seen, horizon: horizon, folds: folds, least: least)
    }

    private static func origins(last: Int, horizon: Int, folds: Int, least: Int) -> [Int] {
        guard horizon >= 1, folds >= 1, last >= least, least >= 1 else { return [] }
        guard folds > 1, last > least else { return [last] }
        let stride = max(1, min(horizon, (last - least) / (folds - 1)))
        let number = min(folds, (last - least) / stride + 1)
        return (0..<number).map { last - (number - 1 - $0) * stride }
    }
}
