import Observations

/// Finds the first event at which two runs part, by the digests that both recorded.
enum FirstDifference {
    /// What two series of checkpoints have in common.
    struct Outcome: Hashable {
        /// The first event that differs; nil when all that both recorded is the same.
        var difference: CheckpointComparison.Difference?
        /// How many events are known to be the same.
        var shared: Int64
    }

    /// Compares two series by halves: digests go on from block to block, so that one that differs differs ever after.
    static func find(_ left: [CheckpointRow], _ right: [CheckpointRow]) -> Outcome {
        let count = min(left.count, right.count)
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            let isSame = left[middle].digest == right[middle].digest && left[middle].events == right[middle].events
            if isSame { low = middle + 1 } else { high = middle }
        }
        let shared = low > 0 ? left[low - 1].events : 0
        if low < count {
            let difference = CheckpointComparison.difference(left[low], right[low])
            return Outcome(difference: difference, shared: max(shared, (difference?.event ?? shared + 1) - 1))
        }
        guard left.count != right.count else { return Outcome(difference: nil, shared: shared) }
        return Outcome(difference: CheckpointComparison.Difference(event: shared + 1, isMissing: true), shared: shared)
    }
}
