import Chronology
import Foundation
import Statistics
import Testing
import VirtualTime

private func isClose(_ left: Double?, _ right: Double, _ tolerance: Double) -> Bool {
    guard let left else { return false }
    return abs(left - right) <= tolerance * max(1, abs(right))
}

private let some: [Double] = [31, 4, 15, 92, 6, 53, 58, 9, 79, 3, 23, 84]
private let lost: [Double] = [40, 12, 100, 77]

/// Returns a law of a family.
private func law(_ family: LifetimeFamily, _ first: Double, _ second: Double) -> any LifetimeLaw {
    switch family {
    case .exponential: ExponentialLaw(mean: first)
    case .weibull: WeibullLaw(scale: first, shape: second)
    case .lognormal: LognormalLaw(mu: first, sigma: second)
    case .gompertz: GompertzLaw(hazard: first, growth: second)
    }
}

@Suite struct LifetimeFitTests {
    @Test func `an exponential law lives as long on average as was watched for each end`() {
        let whole = LifetimeFamily.exponential.fit(LifetimeSample(ended: some))
        #expect(isClose(whole.value("mean"), 457.0 / 12, 1e-12))
        let cut = LifetimeFamily.exponential.fit(LifetimeSample(ended: some, censored: lost))
        #expect(isClose(cut.value("mean"), (457.0 + 229) / 12, 1e-12))
        #expect(isClose(cut.parameters[0].standardError, (686.0 / 12) / 12.0.squareRoot(), 1e-12))
        // -d (log mean + 1).
        #expect(isClose(cut.logLikelihood, -12 * (log(686.0 / 12) + 1), 1e-12))
        #expect(isClose(cut.aic, 2 - 2 * cut.logLikelihood, 1e-12))
    }

    @Test func `a lognormal law has the mean and the deviation of the logarithms`() {
        // The logarithms to the base 2 are 0, 1, 2 and 5.
        let fit = LifetimeFamily.lognormal.fit(LifetimeSample(ended: [4, 1, 32, 2]))
        let unit = 0.693_147_180_559_945_3
        #expect(isClose(fit.value("mu"), 2 * unit, 1e-12))
        #expect(isClose(fit.value("sigma"), 3.5.squareRoot() * unit, 1e-12))
        #expect(isClose(fit.parameters[0].standardError, 3.5.squareRoot() * unit / 2, 1e-12))
        #expect(isClose(fit.parameters[1].standardError, 3.5.squareRoot() * unit / 8.0.squareRoot(), 1e-12))
    }

    /// The derivative of the likelihood by each parameter, and the curvature, of which the errors follow.
    @Test(arguments: LifetimeFamily.allCases, [[], lost])
    func `at the likeliest parameters the score is zero, and the errors are those of the curvature`(
        family: LifetimeFamily, censored: [Double]
    ) throws {
        // Ages of wear, so that a Gompertz law has something to grow with.
        let sample = LifetimeSample(ended: some.map { 60 + $0 / 2 }, censored: censored.map { 40 + $0 / 2 })
        let fit = family.fit(sample)
        let values = fit.parameters.map(\.value)
        func height(_ first: Double, _ second: Double) -> Double {
            law(family, values[0] * (1 + first), (values.count > 1 ? values[1] : 0) * (1 + second))
                .logLikelihood(of: sample)
        }
        #expect(isClose(height(0, 0), fit.logLikelihood, 1e-12))
        let step = 1e-4
        let scoreOfFirst = (height(step, 0) - height(-step, 0)) / (2 * step)
        #expect(abs(scoreOfFirst) < 1e-4)
        let first = -(height(step, 0) - 2 * height(0, 0) + height(-step, 0)) / (step * step)
        guard values.count > 1 else {
            #expect(isClose(fit.parameters[0].standardError, values[0] / first.squareRoot(), 1e-3))
            return
        }
        let scoreOfSecond = (height(0, step) - height(0, -step)) / (2 * step)
        #expect(abs(scoreOfSecond) < 1e-4)
        let second = -(height(0, step) - 2 * height(0, 0) + height(0, -step)) / (step * step)
        let both =
            -(height(step, step) - height(step, -step) - height(-step, step) + height(-step, -step)) / (4 * step * step)
        let determinant = first * second - both * both
        #expect(isClose(fit.parameters[0].standardError, values[0] * (second / determinant).squareRoot(), 2e-3))
        #expect(isClose(fit.parameters[1].standardError, values[1] * (first / determinant).squareRoot(), 2e-3))
    }

    @Test(
        arguments: [
            (.exponential, .exponential(mean: 500)), (.weibull, .weibull(scale: 500, shape: 0.7)),
            (.weibull, .weibull(scale: 20, shape: 3)), (.lognormal, .lognormal(mu: 5, sigma: 1.5)),
            (.gompertz, .gompertz(hazard: 0.001, growth: 0.01)),
        ] as [(LifetimeFamily, Distribution)], [nil, 400] as [Double?])
    func `drawn lifetimes give back the distribution that they were drawn from`(
        pair: (family: LifetimeFamily, distribution: Distribution), end: Double?
    ) throws {
        let (family, distribution) = pair
        var stream = RandomStream(seed: 11, name: "recovery")
        let lengths = (0..<2_000).map { _ in distribution.sample(&stream).inSeconds }
        let sample = LifetimeSample(
            ended: lengths.filter { $0 <= end ?? .infinity },
            censored: end.map { end in lengths.filter { $0 > end }.map { _ in end } } ?? [])
        let fit = family.fit(sample)
        let truth: [Double] =
            switch distribution {
            case .exponential(let mean): [mean]
            case .weibull(let scale, let shape): [scale, shape]
            case .lognormal(let mu, let sigma): [mu, sigma]
            case .gompertz(let hazard, let growth): [hazard, growth]
            default: []
            }
        #expect(truth.count == fit.parameters.count)
        for (parameter, value) in zip(fit.parameters, truth) {
            let error = try #require(parameter.standardError)
            #expect(abs(parameter.value - value) < 4 * error, "\(parameter) is not \(value)")
            #expect(error < 0.15 * value)
        }
        // The quantiles are those that samples have.
        let below = lengths.count { $0 <= fit.law.quantile(0.3) }
        #expect(abs(below - 600) < 100)
        // The right family beats the others, or is one of two that are the same law.
        let fits = LifetimeFamily.allCases.map { $0.fit(sample) }
        let best = try #require(LifetimeFit.best(of: fits))
        #expect(fit.aic - best.aic < 2)
    }

    @Test(arguments: LifetimeFamily.allCases)
    func `a law's density, survival and quantiles belong together`(family: LifetimeFamily) {
        let law: any LifetimeLaw =
            switch family {
            case .exponential: ExponentialLaw(mean: 3)
            case .weibull: WeibullLaw(scale: 3, shape: 1.7)
            case .lognormal: LognormalLaw(mu: 1, sigma: 0.8)
            case .gompertz: GompertzLaw(hazard: 0.2, growth: 0.5)
            }
        for share in [0.001, 0.2, 0.5, 0.9, 0.999] {
            let age = law.quantile(share)
            #expect(isClose(-expm1(law.logSurvival(age)), share, 1e-9))
            // The density is the slope of the survival.
            let slope = (exp(law.logSurvival(age * 1.000_1)) - exp(law.logSurvival(age * 0.999_9))) / (0.000_2 * age)
            #expect(isClose(-slope, exp(law.logDensity(age)), 1e-5))
        }
    }

    // MARK: - Special cases

    @Test func `a Gompertz law whose hazard does not grow is exponential`() {
        let sample = LifetimeSample(ended: [1, 1, 2, 3, 50, 400])
        let fit = LifetimeFamily.gompertz.fit(sample)
        let exponential = LifetimeFamily.exponential.fit(sample)
        #expect(fit.value("growth") == 0)
        #expect(isClose(fit.value("hazard"), 1 / (exponential.value("mean") ?? 0), 1e-12))
        #expect(fit.parameters[1].standardError == nil)
        #expect(isClose(fit.logLikelihood, exponential.logLikelihood, 1e-12))
        #expect(LifetimeFit.best(of: [exponential, fit])?.family == .exponential)
    }

    @Test(arguments: LifetimeFamily.allCases)
    func `another unit of time changes parameters and nothing else`(family: LifetimeFamily) {
        let minutes = family.fit(LifetimeSample(ended: some, censored: lost))
        let factor = 6e7
        let micros = family.fit(LifetimeSample(ended: some.map { $0 * factor }, censored: lost.map { $0 * factor }))
        // Each density loses a factor for each length that ended.
        #expect(isClose(micros.logLikelihood, minutes.logLikelihood - 12 * 17.909_855_6, 1e-7))
        #expect(isClose(micros.law.quantile(0.9), minutes.law.quantile(0.9) * factor, 1e-6))
    }

    @Test(arguments: LifetimeFamily.allCases)
    func `ties and zeros have a likelihood`(family: LifetimeFamily) {
        let sample = LifetimeSample(ended: [0, 0, 60, 60, 60, 120, 120, 300], censored: [0, 60, 60])
        #expect(sample.zeros == 2)
        #expect(sample.ended.prefix(3) == [30, 30, 60])
        #expect(sample.censored == [60, 60])
        let fit = family.fit(sample)
        #expect(fit.logLikelihood.isFinite)
        #expect(fit.parameters.allSatisfy { $0.value.isFinite })
    }

    @Test(
        arguments: [
            ([], [], .tooFew(0)), ([5], [], .tooFew(1)), ([5, 7], [100, 200], .tooFew(2)),
            ([5, 5, 5], [], .allEqual(5)), ([5, 5, 5], [3, 5], .allEqual(5)), ([0, 0, 0, 0], [9], .allEqual(0)),
            ([5, 5, 5], [6], nil), ([5, 5, 6], [], nil), ([0, 5, 5], [], nil),
        ] as [([Double], [Double], LifetimeSample.Problem?)])
    func `what no law can be fitted to is said`(ended: [Double], censored: [Double], problem: LifetimeSample.Problem?) {
        let sample = LifetimeSample(ended: ended, censored: censored)
        #expect(sample.problem == problem)
        guard problem == nil else { return }
        for family in LifetimeFamily.allCases {
            let fit = family.fit(sample)
            #expect(fit.logLikelihood.isFinite && fit.parameters.allSatisfy { $0.value.isFinite }, "\(fit)")
        }
    }
}

@Suite struct DegenerateSampleTests {
    /// GSL ends the process where a result underflows: none of these may come near that.
    @Test(
        arguments: LifetimeFamily.allCases,
        [
            ([1000, 1000.1, 1000.2, 1000.3], []), ([1e-9, 1, 1e9], [1e12]), ([3, 5, 7], [0.001, 1e-6]),
            ([60, 60, 60], [61]), ([1, 2, 3], [1e6, 1e6, 1e6, 1e6]), ([1e15, 2e15, 3e15], []),
            ([7_200, 24_000, 25_200, 3_600, 5_400], [120]),
        ] as [([Double], [Double])])
    func `lengths of any spread give finite laws`(family: LifetimeFamily, lengths: ([Double], [Double])) {
        let sample = LifetimeSample(ended: lengths.0, censored: lengths.1)
        let fit = family.fit(sample)
        #expect(fit.logLikelihood.isFinite, "\(fit)")
        #expect(fit.parameters.allSatisfy { $0.value.isFinite && $0.standardError?.isFinite ?? true }, "\(fit)")
        #expect(GoodnessOfFit.andersonDarling(sample, fit.law).isFinite)
    }
}
