/// Splits whole amounts so that the parts sum to the whole.
package enum Apportionment {
    /// Returns `total` split in proportion to `weights` by the method of largest remainders.
    ///
    /// Each part is its exact share rounded down, and what is left goes one unit each to the largest remainders; equal
    /// remainders in order of index. Weights that are all zero count as equal. `total` and weights must not be
    /// negative, and there must be a weight unless `total` is zero.
    package static func largestRemainder(total: Int64, weights: [Int64]) -> [Int64] {
        precondition(total >= 0, "only amounts that are not negative can be split")
        guard !weights.isEmpty else {
            precondition(total == 0, "an amount cannot be split over no weights")
            return []
        }
        var sum: Int128 = 0
        for weight in weights {
            precondition(weight >= 0, "a weight must not be negative")
            sum += Int128(weight)
        }
        if sum == 0 { return largestRemainder(total: total, weights: [Int64](repeating: 1, count: weights.count)) }

        var parts: [Int64] = []
        var remainders: [Int128] = []
        var left = total
        for weight in weights {
            let (quotient, remainder) = (Int128(total) * Int128(weight)).quotientAndRemainder(dividingBy: sum)
            parts.append(Int64(quotient))
            remainders.append(remainder)
            left -= Int64(quotient)
        }
        guard left > 0 else { return parts }
        let order = remainders.indices.sorted {
            remainders[$0] != remainders[$1] ? remainders[$0] > remainders[$1] : $0 < $1
        }
        for index in order.prefix(Int(left)) { parts[index] += 1 }
        return parts
    }
}
