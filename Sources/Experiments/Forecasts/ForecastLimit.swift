/// Something that can be reached, and when a run reached it.
package struct ForecastLimit: Hashable, Sendable {
    /// What is compared with the limit.
    package enum Measure: Hashable, Sendable {
        /// Money since the start.
        case spending
        /// Money since the beginning of the calendar month.
        case monthlySpending
        /// Machines of a pool at a time.
        case pool(String)
    }

    package let name: String
    package let measure: Measure
    /// In nano-dollars, or machines.
    package let value: Int64

    /// Creates a limit.
    package init(name: String, measure: Measure, value: Int64) {
        (self.name, self.measure, self.value) = (name, measure, value)
    }

    /// Returns the first day on which a run reaches it; nil when it never does.
    ///
    /// - Parameter isMonthStart: Whether a calendar month begins on a day.
    func day(in figures: ForecastFigures, isMonthStart: (Int) -> Bool) -> Int? {
        switch measure {
        case .spending, .monthlySpending:
            var sum: Int64 = 0
            for (day, cost) in figures.series("cost.total").enumerated() {
                if measure == .monthlySpending, isMonthStart(day) { sum = 0 }
                sum += cost
                if sum >= value { return day }
            }
            return nil
        case .pool(let pool):
            return figures.series("pool.\(pool).max").firstIndex { $0 >= value }
        }
    }
}
