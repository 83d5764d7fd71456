import Chronology
import Testing
import VirtualTime

struct DistributionVarianceTests {
    @Test(
        "The variance is the closed form, and samples agree with it",
        arguments: [
            (.constant(2.5), 0), (.uniform(low: 2, high: 6), 4.0 / 3), (.exponential(mean: 3), 9),
            (.normal(mean: 10, deviation: 2), 3.999_94), (.normal(mean: 0, deviation: 1), 1 - 2 / Double.pi),
            (.lognormal(mu: 1, sigma: 0.5), 2.694_758), (.weibull(scale: 100, shape: 2), 2_146.018_366),
            (.gamma(shape: 3, scale: 2), 12), (.pareto(minimum: 1, shape: 5), 5.0 / 48),
            (.gompertz(hazard: 0.25, growth: 0), 16), (.gompertz(hazard: 1, growth: 1), 0.176_3),
            (.empirical(EmpiricalTable(values: [5, 1, 3], weights: [1, 2, 1])!), 2.75),
        ] as [(Distribution, Double)])
    func variances(distribution: Distribution, variance: Double) {
        #expect(abs(distribution.variance - variance) < 2e-3 * max(variance, 1e-9))
        var stream = RandomStream(seed: 7, name: "variances")
        let mean = distribution.mean
        var sum = 0.0
        let count = 20_000
        for _ in 0..<count {
            let rest = distribution.sample(&stream).inSeconds - mean
            sum += rest * rest
        }
        #expect(abs(sum / Double(count) - variance) <= 0.15 * variance + 1e-9)
    }

    @Test("A heavy tail has no variance")
    func heavy() {
        #expect(Distribution.pareto(minimum: 1, shape: 2).variance == .infinity)
    }
}
