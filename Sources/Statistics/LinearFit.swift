import CGSL

/// A straight line through points, by least squares.
package struct LinearFit: Hashable, Sendable {
    /// The line's value at x = 0.
    package let intercept: Double
    /// The line's rise per unit of x.
    package let slope: Double
    /// The standard error of the intercept.
    package let interceptError: Double
    /// The standard error of the slope.
    package let slopeError: Double
    /// The sum of the squared vertical distances of the points from the line.
    package let residualSquares: Double

    /// Returns the line's value at `x`.
    package func value(at x: Double) -> Double { intercept + slope * x }
}

/// Returns the line that fits points best; nil for fewer than three points or when all have the same `x`.
package func linearRegression(x: [Double], y: [Double]) -> LinearFit? {
    precondition(x.count == y.count, "each x has one y")
    guard x.count >= 3, let first = x.first, x.contains(where: { $0 != first }) else { return nil }
    var (intercept, slope, residualSquares) = (0.0, 0.0, 0.0)
    var (cov00, cov01, cov11) = (0.0, 0.0, 0.0)
    gsl_fit_linear(x, 1, y, 1, x.count, &intercept, &slope, &cov00, &cov01, &cov11, &residualSquares)
    return LinearFit(
        intercept: intercept, slope: slope, interceptError: cov00.squareRoot(), slopeError: cov11.squareRoot(),
        residualSquares: residualSquares)
}
