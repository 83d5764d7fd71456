import Testing

@testable import Workloads

@Suite("Quantiles of latencies")
struct RootTailTests {
    /// Halves 24 times and asks for the tail each time.
    private func plain(_ law: LatencyLaw, above share: Double, below high: Double) -> Double {
        let tail = RootTail(law)
        var (low, top) = (0.0, high)
        for _ in 0..<24 {
            let middle = (low + top) / 2
            if tail.above(middle) > share { low = middle } else { top = middle }
        }
        return low
    }

    @Test("the secant method finds the very bits that halving finds", arguments: LatencyLaw.Place.allCases)
    func twin(place: LatencyLaw.Place) {
        let share = Elementary.normalTail(place.rawValue)
        for number in 0..<4_000 {
            // Means from a microsecond to minutes, variabilities from next to 1 to the limit and beyond, bounds near and far.
            let mean = 1e-6 * Elementary.power(1.005, Int64(number))
            let variability = 1.000_1 + Double(number * 7_919 % 4_000) / 400
            let law = LatencyLaw(mean: mean, variance: variability * mean * mean)
            let far = Elementary.cubeRoot(mean * (1 + 60 * law.variability.squareRoot()))
            for high in [far, far / 3, far / 50] {
                let found = RootTail(law).root(at: place.rawValue, below: high)
                let expected = plain(law, above: share, below: high)
                #expect(found == expected, "\(place) of \(law) below \(high)")
                guard found == expected else { return }
            }
        }
    }

    @Test("nothing takes no time, and what never varies takes its mean")
    func edges() {
        #expect(LatencyLaw.zero.quantile(.p99) == 0 && LatencyLaw.zero.tail(1) == 0)
        let constant = LatencyLaw(mean: 0.008, variance: 0)
        #expect(abs(constant.quantile(.p99) - 0.008) < 1e-12)
        #expect(constant.tail(0.007_9) == 1 && constant.tail(0.008_1) == 0)
    }

    @Test("quantiles are in order, and few lengths are above them", arguments: [0.2, 0.9, 1.0, 1.5, 3.0, 4.0, 12.0])
    func order(variability: Double) {
        let law = LatencyLaw(mean: 0.05, variance: variability * 0.0025)
        let places = LatencyLaw.Place.allCases.map { law.quantile($0) }
        #expect(places == places.sorted() && places[0] > 0)
        for (place, share) in zip(places, [0.5, 0.05, 0.01]) {
            #expect(abs(law.tail(place) - share) < 1e-4 * max(1, share / 0.01), "\(variability)")
        }
    }
}
