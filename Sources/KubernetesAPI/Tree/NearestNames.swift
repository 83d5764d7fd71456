/// Finds several names in a long list that a misspelt one may have meant; `NearestName` finds the one of a short list.
package enum NearestNames {
    /// Returns up to `count` of `names` by edit distance, then by name; none that differs in more than half its length.
    ///
    /// Capital letters are as good as small ones.
    package static func nearest(to wanted: String, among names: some Sequence<String>, count: Int) -> [String] {
        let target = Array(wanted.lowercased().utf8)
        var best: [(distance: Int, name: String)] = []
        for name in names {
            let candidate = Array(name.lowercased().utf8)
            let limit = max(target.count, candidate.count) / 2
            guard abs(candidate.count - target.count) <= limit else { continue }
            let distance = distance(target, candidate)
            if distance <= limit { best.append((distance, name)) }
        }
        best.sort { ($0.distance, $0.name) < ($1.distance, $1.name) }
        return best.prefix(count).map(\.name)
    }

    /// Returns the least number of inserted, removed or replaced bytes between two texts.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (line, byte) in left.enumerated() {
            var diagonal = row[0]
            row[0] = line + 1
            for (column, other) in right.enumerated() {
                let replaced = diagonal + (byte == other ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, diagonal + 1, row[column] + 1)
            }
        }
        return row[right.count]
    }
}
