import RunDatabase

/// The figures of one run, day by day.
struct ForecastFigures {
    let number: Int
    let total: Int64
    private let byName: [String: [Int64]]
    let names: [(name: String, unit: String)]
    let days: Int

    /// nil for a run without figures.
    init?(_ row: ReplicationRow) {
        guard let outcome = row.outcome, outcome.digest != nil else { return nil }
        number = row.number
        days = (outcome.days.map(\.day).max() ?? -1) + 1
        var byName: [String: [Int64]] = [:]
        var names: [(name: String, unit: String)] = []
        for day in outcome.days {
            if byName[day.metric.name] == nil {
                byName[day.metric.name] = Array(repeating: 0, count: days)
                names.append((day.metric.name, day.metric.unit))
            }
            byName[day.metric.name]?[day.day] = day.metric.value
        }
        self.byName = byName
        self.names = names
        total = byName["cost.total"]?.reduce(0, +) ?? 0
    }

    /// Returns the money spent up to the end of each day, since the start or since the last day that `isBeginning`.
    func spending(_ isBeginning: (Int) -> Bool) -> [Int64] {
        var sum: Int64 = 0
        return series("cost.total").enumerated().map { day, cost in
            sum = isBeginning(day) ? cost : sum + cost
            return sum
        }
    }

    /// Returns the values of a metric by day; zeros where the run has none, such as a machine type that it never used.
    func series(_ name: String) -> [Int64] { byName[name] ?? Array(repeating: 0, count: days) }
}
