import Chronology
import Testing
import VirtualTime

struct DistributionTests {
    /// Each row: a distribution, its mean in closed form, and its standard deviation, which sets the tolerance.
    @Test(
        "The mean is the closed form, and samples agree with it",
        arguments: [
            (.constant(2.5), 2.5, 0),
            (.uniform(low: 2, high: 6), 4, 1.1547),
            (.exponential(mean: 30), 30, 30),
            // What lies below zero is cut off, which lifts the mean by 2 * phi(5) / Phi(5).
            (.normal(mean: 10, deviation: 2), 10.000_002_973_439_88, 2),
            // Half a normal: sqrt(2 / pi), and sqrt(1 - 2 / pi).
            (.normal(mean: 0, deviation: 1), 0.797_884_560_8, 0.602_810_275),
            (.normal(mean: 3, deviation: 0), 3, 0),
            (.lognormal(mu: 1, sigma: 0.5), 3.080_216_848_918_031, 1.641_5),
            (.weibull(scale: 100, shape: 2), 88.622_692_545_275_8, 46.325),
            (.weibull(scale: 10, shape: 0.5), 20, 44.721),
            // exp(1) E1(1), and the same over 0.5 for a hazard of 0.5 growing at 0.5.
            (.gompertz(hazard: 1, growth: 1), 0.596_347_362_323_194, 0.5),
            (.gompertz(hazard: 0.5, growth: 0.5), 1.192_694_724_646_388, 1),
            (.gompertz(hazard: 0.25, growth: 0), 4, 4),
            (.gamma(shape: 3, scale: 2), 6, 3.4641),
            (.gamma(shape: 0.5, scale: 2), 1, 1.4142),
            (.pareto(minimum: 1, shape: 4), 1.333_333_333_333_333, 0.4714),
            (.empirical(EmpiricalTable(values: [5, 1, 3], weights: [1, 2, 1])!), 2.5, 1.658_3),
        ] as [(Distribution, Double, Double)])
    func means(distribution: Distribution, mean: Double, deviation: Double) {
        #expect(distribution.problem == nil)
        #expect(abs(distribution.mean - mean) < 1e-9 * max(1, mean))
        var stream = RandomStream(seed: 2_026, name: "means")
        let count = 40_000
        var sum = 0.0
        for _ in 0..<count { sum += distribution.sample(&stream).inSeconds }
        // Four standard errors: a wrong parameter order or a factor of two lies far outside.
        #expect(abs(sum / Double(count) - mean) <= 4 * deviation / Double(count).squareRoot() + 1e-9)
    }

    @Test("Half of the samples lie below a lognormal's median and a twentieth above its p95")
    func lognormal() {
        let distribution = Distribution.lognormal(median: 40, p95: 120)
        var stream = RandomStream(seed: 1, name: "lognormal")
        let samples = (0..<20_000).map { _ in distribution.sample(&stream).inSeconds }
        #expect(abs(samples.filter { $0 < 40 }.count - 10_000) < 300)
        #expect(abs(samples.filter { $0 > 120 }.count - 1_000) < 130)
        #expect(abs(Distribution.lognormal(mean: 7, sigma: 1.2).mean - 7) < 1e-9)
        #expect(Distribution.lognormal(median: 1, sigma: 2) == .lognormal(mu: 0, sigma: 2))
    }

    @Test("No sample is negative or beyond the limit")
    func bounds() {
        var stream = RandomStream(seed: 1, name: "bounds")
        let heavy = Distribution.pareto(minimum: 1, shape: 0.05)
        let samples = (0..<2_000).map { _ in heavy.sample(&stream) }
        #expect(samples.max() == Limits.sampledDuration)
        #expect(heavy.mean == .infinity)
        let low = Distribution.normal(mean: 0.001, deviation: 5)
        #expect((0..<2_000).allSatisfy { _ in low.sample(&stream) >= .zero })
    }

    @Test("An empirical table draws its values by weight, and nothing else")
    func empirical() throws {
        let table = try #require(EmpiricalTable(values: [9, 1, 5, 7], weights: [1, 3, 0, 4]))
        #expect(table.values == [1, 7, 9])
        #expect(table.cumulativeWeights == [3, 7, 8])
        var stream = RandomStream(seed: 1, name: "empirical")
        var counts = [0, 0, 0]
        for _ in 0..<16_000 {
            let value = Distribution.empirical(table).sample(&stream).inSeconds
            counts[try #require(table.values.firstIndex(of: value))] += 1
        }
        #expect(abs(counts[0] - 6_000) < 250)
        #expect(abs(counts[1] - 8_000) < 250)
        #expect(abs(counts[2] - 2_000) < 170)
        #expect(EmpiricalTable(values: []) == nil)
        #expect(EmpiricalTable(values: [1], weights: [0]) == nil)
        #expect(EmpiricalTable(values: [-1]) == nil)
        #expect(EmpiricalTable(values: [1, 2], weights: [1]) == nil)
    }

    @Test(
        "Parameters without a meaning are reported",
        arguments: [
            .constant(-1), .constant(.nan), .uniform(low: 3, high: 2), .exponential(mean: 0),
            .normal(mean: -1, deviation: 1), .normal(mean: 1, deviation: -1), .lognormal(median: 0, p95: 1),
            .lognormal(median: 2, p95: 1), .weibull(scale: 1, shape: 0), .gompertz(hazard: 0, growth: 1),
            .gompertz(hazard: 1, growth: -1), .gamma(shape: .infinity, scale: 1), .pareto(minimum: 0, shape: 1),
        ] as [Distribution])
    func problems(distribution: Distribution) {
        #expect(distribution.problem != nil)
    }

    @Test("The same stream gives the same samples")
    func repeatable() {
        var first = RandomStream(seed: 5, name: "repeat")
        var second = first
        let distribution = Distribution.gamma(shape: 2, scale: 1)
        for _ in 0..<100 { #expect(distribution.sample(&first) == distribution.sample(&second)) }
        #expect(first == second)
        #expect(first.draws > 200)
    }
}
