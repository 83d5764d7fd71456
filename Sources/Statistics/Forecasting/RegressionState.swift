import CGSL

/// A regression at one point of its series: the normal equations of all that was seen.
package struct RegressionState: DemandState {
    private let basis: RegressionBasis
    private let discount: Double
    var coefficients: [Double]
    var filter = ErrorFilter()
    /// The upper triangle of the normal equations' matrix, row by row, and their right side.
    private var matrix: [Double]
    private var side: [Double]
    private var row: [Double]
    private var recent: [Double] = []
    private var step = 0
    private var last = 0
    /// Steps from which the error is found anew when the coefficients have changed.
    private static let recentMax = 256

    init(basis: RegressionBasis, discount: Double) {
        self.basis = basis
        self.discount = discount
        coefficients = Array(repeating: 0, count: basis.count)
        matrix = Array(repeating: 0, count: basis.count * (basis.count + 1) / 2)
        side = coefficients
        row = coefficients
    }

    package mutating func observe(_ value: Double) -> Double {
        basis.fill(&row, at: step, trendAt: Double(step))
        let error = filter.observe(value - dot(row))
        recent.append(value)
        if recent.count > 2 * Self.recentMax { recent.removeFirst(Self.recentMax) }
        step += 1
        last = step - 1
        guard !value.isNaN else { return error }
        var place = 0
        for first in row.indices {
            let left = row[first]
            side[first] = discount * side[first] + left * value
            for second in first..<row.count {
                matrix[place] = discount * matrix[place] + left * row[second]
                place += 1
            }
        }
        return error
    }

    package mutating func prepare() {
        guard solve() else { return }
        filter.forget()
        for (offset, value) in recent.enumerated() {
            let at = step - recent.count + offset
            _ = filter.observe(value - self.value(at: at))
        }
    }

    package mutating func advance(by innovation: Double) -> Double {
        // The trend fades: its slope is half of the last one as far ahead as change points lie apart.
        let ahead = Double(step - last)
        let half = 1.4427 * Double(basis.spacing)
        let time = Double(last) + half * (1 - powerOfHalf(ahead / Double(basis.spacing)))
        basis.fill(&row, at: step, trendAt: time)
        let value = dot(row) + filter.advance(by: innovation)
        step += 1
        return value
    }

    /// Returns what the coefficients make of a step seen.
    mutating func value(at step: Int) -> Double {
        basis.fill(&row, at: step, trendAt: Double(step))
        return dot(row)
    }

    private func dot(_ row: [Double]) -> Double {
        var sum = 0.0
        for index in row.indices { sum += row[index] * coefficients[index] }
        return sum
    }

    /// Finds the coefficients of all that was seen; false when the equations have no solution.
    mutating func solve() -> Bool {
        let count = basis.count
        guard let left = gsl_matrix_alloc(count, count), let right = gsl_vector_alloc(count) else { return false }
        defer {
            gsl_matrix_free(left)
            gsl_vector_free(right)
        }
        var place = 0
        for first in 0..<count {
            gsl_vector_set(right, first, side[first])
            for second in first..<count {
                let value = matrix[place] + (first == second ? basis.penalty(of: first) : 0)
                gsl_matrix_set(left, first, second, value)
                gsl_matrix_set(left, second, first, value)
                place += 1
            }
        }
        guard Int(gsl_linalg_cholesky_decomp1(left)) == GSL_SUCCESS,
            Int(gsl_linalg_cholesky_svx(left, right)) == GSL_SUCCESS
        else { return false }
        coefficients = (0..<count).map { gsl_vector_get(right, $0) }
        return true
    }
}

/// Returns 2 to the power of minus `exponent`.
func powerOfHalf(_ exponent: Double) -> Double { exp2(-exponent) }

/// Returns the sine and cosine of a number of turns.
func sineAndCosine(turns: Double) -> (Double, Double) {
    let angle = 2 * Double.pi * turns
    return (sin(angle), cos(angle))
}
