/// What retries make of a share of failures.
///
/// Attempts fail independently. When the budget does not last for all, each failure is retried with the same chance.
struct RetryOutcome {
    /// The share of requests that fail for good.
    private(set) var failed: Double
    /// Retries for each request.
    private(set) var retries = 0.0
    /// Failed attempts before one that succeeds: the mean, and the variance of their number.
    private(set) var before = (mean: 0.0, variance: 0.0)

    init(failed attempt: Double, _ policy: ServiceSpec.Retries) {
        failed = attempt
        guard policy.limit > 0, attempt > 0 else { return }
        var chance = attempt
        if let budget = policy.budget.map({ Double($0) / 1e6 }), Self.sum(chance, policy.limit) > budget {
            var low = 0.0
            for _ in 0..<50 {
                let middle = (low + chance) / 2
                if Self.sum(middle, policy.limit) > budget { chance = middle } else { low = middle }
            }
            chance = low
        }
        retries = Self.sum(chance, policy.limit)
        // The chance that a failed attempt is tried again.
        let again = chance / attempt
        for _ in 0..<policy.limit { failed = attempt * (1 - again + again * failed) }
        guard failed < 1 else { return }
        var (power, first, second) = (1.0, 0.0, 0.0)
        for number in 1...policy.limit {
            power *= chance
            let weight = power * (1 - attempt) / (1 - failed)
            first += Double(number) * weight
            second += Double(number * number) * weight
        }
        before = (first, second - first * first)
    }

    /// The sum of the first `limit` powers of a chance.
    private static func sum(_ chance: Double, _ limit: Int) -> Double {
        var (power, sum) = (1.0, 0.0)
        for _ in 0..<limit {
            power *= chance
            sum += power
        }
        return sum
    }
}
