/// Returns p-values adjusted by Holm's step-down procedure: below a level, the chance of any false finding among them
/// all is at most that level, however they depend on each other.
package func holmAdjusted(_ pValues: [Double]) -> [Double] {
    precondition(pValues.allSatisfy { (0...1).contains($0) }, "a p-value is between 0 and 1")
    var adjusted = pValues
    var largest = 0.0
    for (rank, place) in order(pValues).enumerated() {
        largest = max(largest, min(1, pValues[place] * Double(pValues.count - rank)))
        adjusted[place] = largest
    }
    return adjusted
}

/// Returns p-values adjusted by the procedure of Benjamini and Hochberg: below a level, false findings are at most that
/// share of all on average, for comparisons that are independent or depend on each other positively.
package func benjaminiHochbergAdjusted(_ pValues: [Double]) -> [Double] {
    precondition(pValues.allSatisfy { (0...1).contains($0) }, "a p-value is between 0 and 1")
    var adjusted = pValues
    var least = 1.0
    for (rank, place) in order(pValues).enumerated().reversed() {
        least = min(least, pValues[place] * Double(pValues.count) / Double(rank + 1))
        adjusted[place] = least
    }
    return adjusted
}

/// The places of the values in ascending order; equal ones in order of place.
private func order(_ values: [Double]) -> [Int] {
    values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
}
