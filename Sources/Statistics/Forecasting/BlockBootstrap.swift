/// Draws sequences of past steps whose one-step errors are used again as innovations, in blocks, so that errors that came
/// one after the other stay together.
///
/// With a season, a block comes from about the phase of the season at which it is used: errors of the night stay in the
/// night. A few steps of tolerance keep the draws of few cycles from being always the same.
struct BlockBootstrap {
    /// Steps that may be drawn.
    let steps: Range<Int>
    let length: Int
    /// 1 without a season.
    let season: Int
    /// Steps that a block may lie off its phase.
    let tolerance: Int

    /// Prepares to draw from the first `count` steps of a series, without the first cycles.
    init(series: DemandSeries, count: Int, horizon: Int) {
        let warm = min(count / 3, 2 * (series.seasons.last(where: { 6 * $0 <= count }) ?? 4))
        steps = warm..<max(count, warm + 1)
        let season = series.seasons.first(where: { 3 * $0 <= count - warm }) ?? 1
        self.season = season
        tolerance = season / 8
        length = season > 1 ? max(1, season / 4) : max(1, min(horizon / 2, 12))
    }

    /// Returns a step for each step ahead of `origin`.
    func draw(from origin: Int, horizon: Int, uniform: () -> Double) -> [Int] {
        var drawn: [Int] = []
        drawn.reserveCapacity(horizon)
        while drawn.count < horizon {
            let start = start(forPhaseOf: origin + drawn.count, uniform)
            for step in start..<min(start + length, steps.upperBound) where drawn.count < horizon { drawn.append(step) }
        }
        return drawn
    }

    private func start(forPhaseOf step: Int, _ uniform: () -> Double) -> Int {
        let last = steps.upperBound - 1
        guard season > 1 else {
            // A block that begins near the end would be short: all but the shortest pools leave those out.
            let places = max(1, steps.count - length + 1)
            return steps.lowerBound + min(places - 1, Int(uniform() * Double(places)))
        }
        // The first step of the pool with this phase, and how many there are.
        let first = steps.lowerBound + ((step - steps.lowerBound) % season + season) % season
        let places = max(1, (last - first) / season + 1)
        let start = first + season * min(places - 1, Int(uniform() * Double(places)))
        let shift = Int(uniform() * Double(2 * tolerance + 1)) - tolerance
        return min(max(start + shift, steps.lowerBound), last)
    }
}
