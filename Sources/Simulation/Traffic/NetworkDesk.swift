import Chronology
import Costs

/// What the traffic of a run costs; there is none in runs that ask for no price of it.
struct NetworkDesk {
    var meter: TrafficMeter
    let prices: TrafficPrices
    var total = NanoDollars.zero

    init(_ prices: TrafficPrices, startDate: StartDate) {
        self.prices = prices
        meter = TrafficMeter(prices, startDate: startDate)
    }
}

/// The requests that one workload answers in one zone for one service.
struct ZoneShare {
    let controller: Int32
    let zone: String
    /// Requests a second that got in.
    var admitted: Double
}
