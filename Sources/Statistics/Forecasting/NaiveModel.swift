/// The last value, the value one season before, or the line through the first and the last value goes on.
package struct NaiveModel: DemandModel, Hashable {
    /// Steps back to the value that repeats.
    package let lag: Int
    package let hasDrift: Bool

    /// Creates the naive model of a lag (1: the last value).
    package init(lag: Int = 1, hasDrift: Bool = false) {
        self.lag = lag
        self.hasDrift = hasDrift
    }

    package func learned(from series: DemandSeries) -> (any DemandState)? {
        guard series.count > lag, series.values.contains(where: { !$0.isNaN }) else { return nil }
        return State(model: self, recent: Array(repeating: .nan, count: lag))
    }

    package func parameters(for series: DemandSeries) -> Int { 1 }

    struct State: DemandState {
        let model: NaiveModel
        /// The values that repeat; the oldest stands at `place`.
        var recent: [Double]
        var place = 0
        /// The first value, and how many steps were seen from it to the last one.
        var first = Double.nan
        var last = Double.nan
        var sinceFirst = 0
        var lastAt = 0
        var slope = 0.0

        mutating func observe(_ value: Double) -> Double {
            let forecast = recent[place] + (model.hasDrift ? drift : 0)
            if !first.isNaN { sinceFirst += 1 }
            if first.isNaN { first = value }
            if !value.isNaN { (last, lastAt) = (value, sinceFirst) }
            store(value.isNaN ? recent[place] : value)
            return value - forecast
        }

        private var drift: Double { lastAt > 0 ? (last - first) / Double(lastAt) : 0 }

        mutating func prepare() {
            slope = model.hasDrift ? drift : 0
            // A phase that never had a value takes the last one there was.
            for index in recent.indices where recent[index].isNaN { recent[index] = last }
        }

        mutating func advance(by innovation: Double) -> Double {
            let value = recent[place] + slope + innovation
            store(value)
            return value
        }

        private mutating func store(_ value: Double) {
            recent[place] = value
            place = place + 1 == recent.count ? 0 : place + 1
        }
    }
}
