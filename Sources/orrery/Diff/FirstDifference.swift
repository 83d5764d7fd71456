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

    /// The checkpoints that a run recorded.
    struct Series {
        var checkpoints: [CheckpointRow]
        /// Whether the run came to its end, so that no event follows the last of them.
        var isFinished: Bool
    }

    /// Compares two series by halves: digests go on from block to block, so that one that differs differs ever after.
    static func find(_ one: Series, _ other: Series) -> Outcome {
        let (left, right) = (one.checkpoints, other.checkpoints)
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
        // Of a run that broke off nobody knows how it would have gone on.
        let isOver = left.count < right.count ? one.isFinished : other.isFinished
        guard left.count != right.count, isOver else { return Outcome(difference: nil, shared: shared) }
        return Outcome(difference: CheckpointComparison.Difference(event: shared + 1, isMissing: true), shared: shared)
    }
}
