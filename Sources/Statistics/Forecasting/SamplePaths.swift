/// Ways in which a series may go on, drawn with the errors of the past.
struct SamplePaths {
    /// Returns paths of the members' mean from the origin with number `place` among those that they were led to.
    ///
    /// All members of a path take the errors of the same past steps.
    static func draw(
        _ members: [LedForecast], _ mean: MemberMean, place: Int, origin: Int, bootstrap: BlockBootstrap, horizon: Int,
        count: Int, isPositive: Bool, uniform: () -> Double
    ) -> [[Double]] {
        (0..<count).map { _ in
            let steps = bootstrap.draw(from: origin, horizon: horizon, uniform: uniform)
            var path = Array(repeating: 0.0, count: horizon)
            for (member, weight) in zip(members, mean.weights) {
                var state = member.states[place]
                for ahead in 0..<horizon {
                    let error = member.errors[steps[ahead]]
                    let value = member.transform.backward(state.advance(by: error.isNaN ? 0 : error))
                    path[ahead] += weight * mean.transform.forward(isPositive ? max(0, value) : value)
                }
            }
            return path.map(mean.transform.backward)
        }
    }

    /// Returns the quantiles at each step ahead, one row for each of `shares`.
    static func quantiles(_ paths: [[Double]], _ shares: [Double]) -> [[Double]] {
        guard let horizon = paths.first?.count else { return [] }
        var rows = shares.map { _ in Array(repeating: 0.0, count: horizon) }
        for step in 0..<horizon {
            let sorted = paths.map { $0[step] }.sorted()
            for (row, share) in shares.enumerated() { rows[row][step] = quantile(sorted: sorted, share) ?? .nan }
        }
        return rows
    }
}
