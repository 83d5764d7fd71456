@preconcurrency import CGSL

/// Returns where a continuous function of positive numbers, below zero at the lower end and above zero at the upper one,
/// crosses zero; the search begins at `start`, which is above zero.
func rootOfIncreasing(near start: Double, _ function: (Double) -> Double) -> Double {
    var (low, high) = (start, start)
    // 2^±300 is past any parameter that numbers of this kind can have.
    for _ in 0..<300 where function(low) > 0 { low /= 2 }
    for _ in 0..<300 where function(high) < 0 { high *= 2 }
    guard low < high, function(low) < 0, function(high) > 0 else { return low < high ? high : low }
    return withoutActuallyEscaping(function) { function in
        var function = function
        return withUnsafeMutablePointer(to: &function) { pointer in
            var target = gsl_function(
                function: { x, context in
                    context?.assumingMemoryBound(to: ((Double) -> Double).self).pointee(x) ?? .nan
                }, params: UnsafeMutableRawPointer(pointer))
            guard let solver = gsl_root_fsolver_alloc(gsl_root_fsolver_brent) else { return low }
            defer { gsl_root_fsolver_free(solver) }
            gsl_root_fsolver_set(solver, &target, low, high)
            for _ in 0..<200 {
                gsl_root_fsolver_iterate(solver)
                let (from, to) = (gsl_root_fsolver_x_lower(solver), gsl_root_fsolver_x_upper(solver))
                if to - from <= 1e-14 * abs(from) { break }
            }
            return gsl_root_fsolver_root(solver)
        }
    }
}
