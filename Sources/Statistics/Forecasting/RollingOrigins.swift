/// The points of a series from which a back-test looks ahead.
package enum RollingOrigins {
    /// Returns numbers of values known, ascending: the last one has a whole horizon behind it, and the first at least
    /// `least` values before it. Fewer than `folds` when the series has no room for more; they overlap where it must be.
    ///
    /// - Parameter seen: Steps of the horizon that the last origin has behind it; nil for all.
    package static func origins(count: Int, horizon: Int, folds: Int, least: Int, seen: Int? = nil) -> [Int] {
        let last = count - (seen ?? horizon)
        guard horizon >= 1, folds >= 1, last >= least, least >= 1 else { return [] }
        guard folds > 1, last > least else { return [last] }
        let stride = max(1, min(horizon, (last - least) / (folds - 1)))
        let number = min(folds, (last - least) / stride + 1)
        return (0..<number).map { last - (number - 1 - $0) * stride }
    }
}
