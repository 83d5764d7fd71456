import Chronology

/// How much of something there was at once, by name: the most of it on each day.
struct PeakTally {
    private var places: [String: Int] = [:]
    /// In order of first mention.
    private(set) var names: [String] = []
    /// What the level changes by, for each name and instant; what cancels out is not kept.
    private var changes: [[Int64: Int64]] = []

    /// Notes that there is so much more of a name from an instant on.
    mutating func change(_ name: String, by amount: Int64, at instant: Instant) {
        guard amount != 0 else { return }
        let place = place(of: name)
        let sum = changes[place][instant.nanoseconds, default: 0] + amount
        changes[place][instant.nanoseconds] = sum == 0 ? nil : sum
    }

    /// Notes that there was so much more of a name for a while.
    mutating func hold(_ name: String, _ amount: Int64 = 1, from: Instant, to: Instant) {
        guard from < to else { return }
        change(name, by: amount, at: from)
        change(name, by: -amount, at: to)
    }

    private mutating func place(of name: String) -> Int {
        if let place = places[name] { return place }
        places[name] = names.count
        names.append(name)
        changes.append([:])
        return names.count - 1
    }

    /// Returns when the level of a name becomes another, in order, and what it is from then on.
    func levels(of name: String) -> [(at: Int64, level: Int64)] {
        guard let place = places[name] else { return [] }
        var level: Int64 = 0
        return changes[place].sorted { $0.key < $1.key }.map { at, change in
            level += change
            return (at, level)
        }
    }

    /// Returns the highest level of a name on each day since the start.
    func peaks(of name: String, days: Int) -> [Int64] { Self.peaks(levels(of: name), days: days) }

    /// Returns the highest of levels on each day since the start; before the first of them it is 0.
    static func peaks(_ levels: [(at: Int64, level: Int64)], days: Int) -> [Int64] {
        let length = Duration.days(1).nanoseconds
        var peaks = Array(repeating: Int64(0), count: days)
        for (place, entry) in levels.enumerated() {
            let end = place + 1 < levels.count ? levels[place + 1].at : Int64.max
            guard end > 0, days > 0 else { continue }
            let first = Int(max(0, entry.at) / length)
            let last = end == .max ? days - 1 : Int((end - 1) / length)
            guard first < days else { break }
            for day in first...min(days - 1, max(first, last)) { peaks[day] = max(peaks[day], entry.level) }
        }
        return peaks
    }
}
