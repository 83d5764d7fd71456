import Foundation
import Testing

@testable import Workloads

@Suite("Laws of latency")
struct LatencyLawTests {
    private let exponential = LatencyLaw(mean: 2, variance: 4)

    @Test("the arithmetic agrees with the mathematical library")
    func elementary() {
        for exponent in stride(from: -30.0, through: 30, by: 0.37) {
            let value = pow(10, exponent / 3)
            #expect(abs(Elementary.cubeRoot(value) / cbrt(value) - 1) < 1e-14)
            #expect(abs(Elementary.log(value) - log(value)) < 1e-13 * max(1, abs(log(value))))
        }
        for place in stride(from: -6.0, through: 6, by: 0.1) {
            #expect(abs(Elementary.normalTail(place) - erfc(place / 2.0.squareRoot()) / 2) < 2e-7)
        }
        #expect(Elementary.power(1.5, 7) == pow(1.5, 7) && Elementary.power(3, 0) == 1)
    }

    @Test("geometric sums are those of a loop", arguments: [(0.3, 5), (0.999_999, 1_000), (1.0, 77), (0.5, 0), (0.9, 1)])
    func sums(ratio: Double, count: Int64) {
        let sums = GeometricSums(ratio: ratio, count: count)
        var (power, loop) = (1.0, (0.0, 0.0, 0.0))
        for number in 0..<count {
            loop.0 += power
            loop.1 += power * Double(number)
            loop.2 += power * Double(number * number)
            power *= ratio
        }
        #expect(abs(sums.zeroth - loop.0) <= 1e-12 * loop.0)
        #expect(abs(sums.first - loop.1) <= 1e-12 * loop.1)
        #expect(abs(sums.second - loop.2) <= 1e-12 * loop.2)
    }

    @Test("the quantiles and tails of an exponential law are within a hundredth of its own")
    func quantiles() {
        for (place, below) in [(LatencyLaw.Place.p50, 0.5), (.p95, 0.95), (.p99, 0.99)] {
            #expect(abs(exponential.quantile(place) / (-2 * log(1 - below)) - 1) < 0.015)
            #expect(abs(exponential.tail(exponential.quantile(place)) - (1 - below)) < 1e-6)
        }
        let fixed = LatencyLaw(mean: 0.3, variance: 0)
        #expect(abs(fixed.quantile(.p99) - 0.3) < 1e-12 && fixed.tail(0.31) == 0 && fixed.tail(0.29) == 1)
        #expect(LatencyLaw.zero.quantile(.p99) == 0 && LatencyLaw.zero.tail(1) == 0)
    }

    @Test("a law of large variability is lognormal, and its quantiles are where its tail says")
    func lognormal() {
        let law = LatencyLaw(mean: 3, variance: 5 * 9)
        let deviation = log(6.0).squareRoot()
        for place in LatencyLaw.Place.allCases {
            let expected = 3 / 6.0.squareRoot() * exp(place.rawValue * deviation)
            #expect(abs(law.quantile(place) / expected - 1) < 1e-4)
        }
        let between = LatencyLaw(mean: 3, variance: 2 * 9)
        #expect(abs(between.tail(between.quantile(.p99)) - 0.01) < 1e-5)
    }

    @Test("the longest of n exponential lengths has the harmonic mean")
    func longest() {
        for count in 1...4 {
            let law = LatencyLaw.longest(of: [(exponential, Double(count))])
            let harmonic = (1...count).reduce(0) { $0 + 1 / Double($1) }
            let squares = (1...count).reduce(0.0) { (sum: Double, step: Int) in sum + 1 / Double(step * step) }
            #expect(abs(law.mean / (2 * harmonic) - 1) < 0.01)
            #expect(abs(law.variance / (4 * squares) - 1) < 0.05)
        }
        let sure = LatencyLaw.longest(of: [(LatencyLaw(mean: 1, variance: 0), 1), (LatencyLaw(mean: 3, variance: 0), 2)])
        #expect(abs(sure.mean - 3) < 1e-9 && sure.variance < 1e-9)
        // A call that is made now and then: half of it.
        #expect(abs(LatencyLaw.longest(of: [(exponential, 0.5)]).mean - 1) < 1e-12)
        let mixed = LatencyLaw.longest(of: [(exponential, 0.5), (LatencyLaw(mean: 1e-9, variance: 0), 1)])
        #expect(abs(mixed.mean - 1) < 0.02)
    }

    @Test("lengths that are cut off have the mean of what is left")
    func cut() {
        let law = exponential.cut(at: 3)
        let tail = exp(-1.5)
        #expect(abs(law.mean - (2 - 3 * tail / (1 - tail))) < 0.02)
        #expect(exponential.cut(at: 1e3) == exponential)
        #expect(LatencyLaw(mean: 5, variance: 0).cut(at: 3) == LatencyLaw(mean: 3, variance: 0))
    }

    @Test("a number of lengths with a chance of one more")
    func repeated() {
        let law = exponential.repeated(2.5)
        #expect(law.mean == 5 && abs(law.variance - (2.5 * 4 + 0.25 * 4)) < 1e-12)
    }
}
