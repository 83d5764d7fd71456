extension Int64 {
    /// Returns the sum, cut to the largest or smallest value: amounts that nobody has must not end a run.
    package func addingCut(_ other: Int64) -> Int64 {
        let (sum, isBeyond) = addingReportingOverflow(other)
        guard isBeyond else { return sum }
        return other > 0 ? .max : .min
    }
}
