/// The sums of j^k r^j over j from 0 to below a count, for k of 0, 1 and 2.
///
/// A stretch is doubled again and again, so that only positive terms are added: the closed forms lose all their digits
/// where the ratio is near 1, which is where a queue is most interesting.
struct GeometricSums {
    private(set) var zeroth = 0.0
    private(set) var first = 0.0
    private(set) var second = 0.0

    /// Sums `count` terms with a ratio from 0 to 1.
    init(ratio: Double, count: Int64) {
        var length = 0.0
        // The ratio to the power of `length`.
        var power = 1.0
        var bit = Int64.bitWidth - max(0, count).leadingZeroBitCount - 1
        while bit >= 0 {
            second += power * (second + 2 * length * first + length * length * zeroth)
            first += power * (first + length * zeroth)
            zeroth += power * zeroth
            power *= power
            length *= 2
            if count >> Int64(bit) & 1 == 1 {
                zeroth += power
                first += power * length
                second += power * length * length
                power *= ratio
                length += 1
            }
            bit -= 1
        }
    }
}
