@preconcurrency import CGSL

/// Returns where a function of several numbers is least near `start`, by Nelder and Mead's simplex.
///
/// - Parameters:
///   - step: The size of the first simplex in each direction.
///   - tolerance: The size of the simplex at which the search ends.
///   - rounds: The most rounds.
func leastPoint(
    near start: [Double], step: Double = 0.5, tolerance: Double = 1e-3, rounds: Int = 200,
    _ function: ([Double]) -> Double
) -> [Double] {
    guard !start.isEmpty, let minimizer = gsl_multimin_fminimizer_alloc(gsl_multimin_fminimizer_nmsimplex2, start.count)
    else { return start }
    defer { gsl_multimin_fminimizer_free(minimizer) }
    guard let point = gsl_vector_alloc(start.count), let steps = gsl_vector_alloc(start.count) else { return start }
    defer {
        gsl_vector_free(point)
        gsl_vector_free(steps)
    }
    for (index, value) in start.enumerated() { gsl_vector_set(point, index, value) }
    gsl_vector_set_all(steps, step)
    return withoutActuallyEscaping(function) { function in
        var function = function
        return withUnsafeMutablePointer(to: &function) { pointer in
            var target = gsl_multimin_function(
                f: { vector, context in
                    guard let vector, let context else { return .infinity }
                    let at = (0..<vector.pointee.size).map { gsl_vector_get(vector, $0) }
                    let value = context.assumingMemoryBound(to: (([Double]) -> Double).self).pointee(at)
                    // The simplex must not end at a point where the function is not a number.
                    return value.isFinite ? value : 1e300
                }, n: start.count, params: UnsafeMutableRawPointer(pointer))
            guard Int(gsl_multimin_fminimizer_set(minimizer, &target, point, steps)) == GSL_SUCCESS else {
                return start
            }
            for _ in 0..<rounds {
                guard Int(gsl_multimin_fminimizer_iterate(minimizer)) == GSL_SUCCESS else { break }
                if gsl_multimin_fminimizer_size(minimizer) < tolerance { break }
            }
            guard let best = gsl_multimin_fminimizer_x(minimizer) else { return start }
            return (0..<start.count).map { gsl_vector_get(best, $0) }
        }
    }
}
