/// Finds the valid name that somebody who wrote a wrong one probably meant.
package enum NearestName {
    /// Returns the candidate nearest to `name`, or nil when none is near; ties go to the earlier candidate.
    package static func of(_ name: String, among candidates: [String]) -> String? {
        let length = name.unicodeScalars.count
        guard length > 0, length <= 64 else { return nil }
        let limit = max(1, length / 3)
        var best: (name: String, distance: Int)?
        for candidate in candidates where candidate != name {
            if candidate.lowercased() == name.lowercased() { return candidate }
            guard abs(candidate.unicodeScalars.count - length) <= limit else { continue }
            let distance = distance(name, candidate)
            if distance <= limit, distance < best?.distance ?? Int.max { best = (candidate, distance) }
        }
        return best?.name
    }

    /// Returns the Damerau–Levenshtein distance (optimal string alignment): insertions, deletions, replacements and
    /// swaps of neighbours.
    package static func distance(_ left: String, _ right: String) -> Int {
        let a = Array(left.unicodeScalars)
        let b = Array(right.unicodeScalars)
        if a.isEmpty { return b.count }
        if b.isEmpty { return a.count }
        var beforeLast = [Int](repeating: 0, count: b.count + 1)
        var last = Array(0...b.count)
        for i in 1...a.count {
            var row = [i] + [Int](repeating: 0, count: b.count)
            for j in 1...b.count {
                let cost = a[i - 1] == b[j - 1] ? 0 : 1
                row[j] = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + cost)
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
                    row[j] = min(row[j], beforeLast[j - 2] + 1)
                }
            }
            beforeLast = last
            last = row
        }
        return last[b.count]
    }
}
