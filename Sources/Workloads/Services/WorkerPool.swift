/// How fast a number of workers gets requests done that share processors, and hold their worker while they wait.
///
/// Exact mean value analysis of the closed network of a processor-sharing station and a delay (M. Reiser and S. S.
/// Lavenberg, 1980); like all product-form networks it depends on the means alone.
struct WorkerPool {
    /// Requests that are done in a second when this many are at work, by that number from 0.
    let rates: [Double]

    /// Creates the pool.
    ///
    /// - Parameters:
    ///   - workers: at least 1.
    ///   - service: seconds of a processor that a request needs; above zero.
    ///   - servers: processors that the workers share, at least 1; a request uses one at most.
    ///   - delay: seconds that a request holds its worker without a processor.
    init(workers: Int, service: Double, servers: Double, delay: Double) {
        var rates = [0.0]
        rates.reserveCapacity(workers + 1)
        if delay <= 0 {
            for number in 1...workers { rates.append(min(Double(number), servers) / service) }
            self.rates = rates
            return
        }
        // Chances of so many requests at the processors, for the numbers that leave one of them idle.
        let kept = Int(min(Double(workers), (servers - 1).rounded(.up)))
        var chances = [Double](repeating: 0, count: kept + 1)
        chances[0] = 1
        var present = 0.0
        for number in 1...workers {
            var idle = 0.0
            for few in 0..<kept { idle += (servers - 1 - Double(few)) * chances[few] }
            let response = max(service, service / servers * (1 + present + idle))
            let rate = Double(number) / (response + delay)
            present = rate * response
            var (rest, before) = (servers - service * rate, chances[0])
            for few in 1..<max(1, kept + 1) {
                let chance = service * rate / Double(few) * before
                before = chances[few]
                chances[few] = chance
                rest -= max(0, servers - Double(few)) * chance
            }
            chances[0] = max(0, rest / servers)
            rates.append(max(rate, rates[number - 1]))
        }
        self.rates = rates
    }
}
