import CGSL

/// Where a smoothing begins: its level, trend and seasons before the first step, such that its squared errors are least.
///
/// Without a factor among its parts the errors of a smoothing are linear in where it begins, so that the best beginning is
/// a least-squares solution; with factors it is one step of Gauss and Newton towards it.
enum SmoothingStart {
    /// The longest season whose parts are estimated: the effort grows with the square.
    static let seasonMax = 64
    /// What a part may move from where it was read off the first cycles, in squares of one error: hardly anything holds it.
    private static let ridge = 0.05

    /// Returns the state with a better beginning, the weights left as they are; nil when none is found.
    static func improved(_ state: SmoothingState, _ values: [Double]) -> SmoothingState? {
        let origin = state.parts
        let base = errors(state, origin, values)
        let places = origin.indices.filter { $0 != 1 || state.trendKind != .none }
        let level = max(abs(origin[0]), 1e-9)
        // A factor of a season counts as much as the level times it.
        let units = places.map { state.isMultiplicative && $0 > 1 ? 1 / level : 1 }
        let jump = state.isMultiplicative ? 1e-3 * level : 1
        let columns = zip(places, units).map { place, unit in
            var parts = origin
            parts[place] += jump * unit
            return zip(errors(state, parts, values), base).map { ($0 - $1) / jump }
        }
        guard let moves = leastSquares(columns, base) else { return nil }
        let before = state.squaredErrors(values, skipping: 0)
        var better = state
        for share in [1, 0.5, 0.25] {
            var parts = origin
            for (index, place) in places.enumerated() { parts[place] += share * units[index] * moves[index] }
            better.parts = parts
            if better.squaredErrors(values, skipping: 0) < before { return better }
        }
        return nil
    }

    private static func errors(_ state: SmoothingState, _ parts: [Double], _ values: [Double]) -> [Double] {
        var run = state
        run.parts = parts
        return values.map { run.observe($0) }
    }

    /// Returns the coefficients that bring `base` plus the columns nearest to zero; steps without an error are left out.
    private static func leastSquares(_ columns: [[Double]], _ base: [Double]) -> [Double]? {
        let count = columns.count
        guard let left = gsl_matrix_alloc(count, count), let right = gsl_vector_alloc(count) else { return nil }
        defer {
            gsl_matrix_free(left)
            gsl_vector_free(right)
        }
        let known = base.indices.filter { !base[$0].isNaN }
        for first in 0..<count {
            var side = 0.0
            for step in known { side -= columns[first][step] * base[step] }
            gsl_vector_set(right, first, side)
            for second in first..<count {
                var sum = first == second ? ridge : 0
                for step in known { sum += columns[first][step] * columns[second][step] }
                gsl_matrix_set(left, first, second, sum)
                gsl_matrix_set(left, second, first, sum)
            }
        }
        guard Int(gsl_linalg_cholesky_decomp1(left)) == GSL_SUCCESS,
            Int(gsl_linalg_cholesky_svx(left, right)) == GSL_SUCCESS
        else { return nil }
        let moves = (0..<count).map { gsl_vector_get(right, $0) }
        return moves.allSatisfy(\.isFinite) ? moves : nil
    }
}
