import VirtualTime

/// Where the draws of a forecast come from: a stream for each purpose and index.
struct ForecastDraws {
    let seed: Seed

    /// Returns the source of numbers of 0 ..< 1 for a purpose and an index.
    func uniform(_ purpose: String, _ index: Int) -> () -> Double {
        var stream = RandomStream(seed: seed, name: "forecast", purpose: purpose, index: UInt64(index))
        return { stream.uniform() }
    }
}
