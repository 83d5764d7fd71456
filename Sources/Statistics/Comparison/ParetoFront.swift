/// Returns for each point the places of those that are nowhere worse and somewhere better, where less is better; a
/// point with none is on the Pareto front.
///
/// All points have the same number of coordinates.
package func dominators(of points: [[Double]]) -> [[Int]] {
    precondition(points.allSatisfy { $0.count == points.first?.count }, "all points have the same coordinates")
    return points.map { point in
        points.indices.filter { other in
            let pairs = zip(points[other], point)
            return pairs.allSatisfy { $0 <= $1 } && pairs.contains { $0 < $1 }
        }
    }
}
