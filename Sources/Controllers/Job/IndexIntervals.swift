/// A set of completion indexes kept as ranges, as `status.completedIndexes` writes it ("0-3,5").
package struct IndexIntervals: Hashable, Sendable {
    /// Disjoint, ascending, not adjacent.
    private var ranges: [ClosedRange<Int64>] = []

    /// Creates an empty set.
    package init() {}

    /// Reads a list of indexes and ranges, dropping what is not below `limit` and what cannot be read.
    package init(parsing text: String, limit: Int64) {
        for part in text.split(separator: ",") {
            let ends = part.split(separator: "-", maxSplits: 1).compactMap { Int64($0) }
            guard let first = ends.first, let last = ends.last, first >= 0, first <= last, first < limit else {
                continue
            }
            insert(first...min(last, limit - 1))
        }
    }

    /// The number of indexes in the set.
    package var total: Int64 { ranges.reduce(0) { $0 + Int64($1.count) } }

    /// Returns whether `index` is in the set.
    package func contains(_ index: Int64) -> Bool {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < index { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].contains(index)
    }

    /// Adds `index` to the set.
    package mutating func insert(_ index: Int64) { insert(index...index) }

    /// Adds all indexes of `other` to the set.
    package mutating func formUnion(_ other: IndexIntervals) {
        for range in other.ranges { insert(range) }
    }

    /// Returns the number of indexes that both sets hold.
    package func overlap(with other: IndexIntervals) -> Int64 {
        var shared: Int64 = 0
        var left = 0
        var right = 0
        while left < ranges.count, right < other.ranges.count {
            let first = ranges[left]
            let second = other.ranges[right]
            if first.overlaps(second) { shared += Int64(first.clamped(to: second).count) }
            if first.upperBound < second.upperBound { left += 1 } else { right += 1 }
        }
        return shared
    }

    /// Returns the lowest indexes that the set does not hold, at most `count`, all below `limit`.
    package func firstMissing(_ count: Int64, below limit: Int64) -> [Int64] {
        var missing: [Int64] = []
        var candidate: Int64 = 0
        for range in ranges + [limit...max(limit, Int64.max - 1)] {
            while candidate < min(range.lowerBound, limit), missing.count < count {
                missing.append(candidate)
                candidate += 1
            }
            candidate = max(candidate, range.upperBound + 1)
        }
        return missing
    }

    private mutating func insert(_ range: ClosedRange<Int64>) {
        var merged = range
        let first = ranges.firstIndex { $0.upperBound >= range.lowerBound - 1 } ?? ranges.count
        var end = first
        while end < ranges.count, ranges[end].lowerBound <= range.upperBound + 1 {
            merged = min(merged.lowerBound, ranges[end].lowerBound)...max(merged.upperBound, ranges[end].upperBound)
            end += 1
        }
        ranges.replaceSubrange(first..<end, with: [merged])
    }
}

extension IndexIntervals: CustomStringConvertible {
    /// The set as the API writes it: two neighbours are a list, three a range.
    package var description: String {
        var parts: [String] = []
        for range in ranges {
            switch range.count {
            case 1: parts.append("\(range.lowerBound)")
            case 2: parts.append("\(range.lowerBound),\(range.upperBound)")
            default: parts.append("\(range.lowerBound)-\(range.upperBound)")
            }
        }
        return parts.joined(separator: ",")
    }
}
