import Chronology
import Foundation
import Statistics
import Testing
import VirtualTime

private func isClose(_ left: Double, _ right: Double, _ tolerance: Double) -> Bool {
    abs(left - right) <= tolerance * max(1, abs(right))
}

/// The random numbers of a replicate, from our own streams.
private func uniforms(_ replicate: Int) -> () -> Double {
    var stream = RandomStream(seed: 3, name: "bootstrap", index: UInt64(replicate))
    return { stream.uniformOpen() }
}

@Suite struct GoodnessOfFitTests {
    @Test func `the estimate of Kaplan and Meier is the textbook's`() {
        // Ten of which three are lost: 9/10, then 9/10 · 7/8, then 9/10 · 7/8 · 4/6, and 3/4 of that.
        let estimate = KaplanMeier(ended: [1, 3, 5, 5, 7, 9, 9], censored: [2, 3, 8])
        let shares = estimate.steps.map { 1 - $0.ended }
        let expected = [0.9, 0.787_5, 0.525, 0.393_75, 0]
        #expect(estimate.steps.map(\.age) == [1, 3, 5, 7, 9])
        for (share, wanted) in zip(shares, expected) { #expect(isClose(share, wanted, 1e-12)) }
        #expect(estimate.age(ofShare: 0.05) == 1)
        #expect(estimate.age(ofShare: 0.11) == 3)
        #expect(estimate.age(ofShare: 0.99) == 9)
        #expect(KaplanMeier(ended: [1], censored: [2]).age(ofShare: 0.7) == nil)
    }

    @Test func `without censored lengths the statistic is that of Anderson and Darling`() {
        let sample = LifetimeSample(ended: [0.3, 1.1, 1.9, 2.7, 8])
        let law = ExponentialLaw(mean: 2)
        let rests = sample.ended.map { law.logSurvival($0) }
        let count = Double(sample.count)
        var sum = 0.0
        for (place, length) in sample.ended.enumerated() {
            sum += Double(2 * place + 1) * (log(1 - exp(-length / 2)) + rests[sample.count - 1 - place])
        }
        #expect(isClose(GoodnessOfFit.andersonDarling(sample, law), -count - sum / count, 1e-9))
    }

    @Test func `ties are one step, and what is censored late stretches the statistic's range`() {
        let law = ExponentialLaw(mean: 10)
        let one = GoodnessOfFit.andersonDarling(LifetimeSample(ended: [4, 4, 9]), law)
        let other = GoodnessOfFit.andersonDarling(LifetimeSample(ended: [4, 4.000_000_01, 9]), law)
        #expect(isClose(one, other, 1e-6))
        let short = GoodnessOfFit.andersonDarling(LifetimeSample(ended: [4, 5, 9], censored: [9]), law)
        let long = GoodnessOfFit.andersonDarling(LifetimeSample(ended: [4, 5, 9], censored: [90]), law)
        #expect(short > 0 && long > short)
    }

    @Test func `the right family is believed, a wrong one is not, and the same streams give the same share`() throws {
        var stream = RandomStream(seed: 2, name: "truth")
        let lengths = (0..<200).map { _ in Distribution.weibull(scale: 100, shape: 2.5).sample(&stream).inSeconds }
        let sample = LifetimeSample(ended: lengths.filter { $0 < 130 }, censored: lengths.filter { $0 >= 130 }.map { _ in 130 })
        func test(_ family: LifetimeFamily) -> GoodnessOfFit {
            GoodnessOfFit(of: family.fit(sample), to: sample, replicates: 60, uniforms: uniforms)
        }
        let right = test(.weibull)
        #expect(try #require(right.pValue) > 0.05)
        #expect(test(.weibull) == right)
        let wrong = test(.exponential)
        #expect(wrong.statistic > 5 * right.statistic)
        #expect(isClose(try #require(wrong.pValue), 1.0 / 61, 1e-12))
        let none = GoodnessOfFit(of: LifetimeFamily.weibull.fit(sample), to: sample, replicates: 0, uniforms: uniforms)
        #expect(none.pValue == nil && none.statistic == right.statistic)
    }

    @Test func `under the law itself the share is spread evenly`() throws {
        var low = 0
        var sum = 0.0
        for trial in 0..<60 {
            var stream = RandomStream(seed: 8, name: "trial", index: UInt64(trial))
            let lengths = (0..<20).map { _ in Distribution.exponential(mean: 7).sample(&stream).inSeconds }
            let sample = LifetimeSample(ended: lengths)
            let share = try #require(
                GoodnessOfFit(
                    of: LifetimeFamily.exponential.fit(sample), to: sample, replicates: 39, uniforms: uniforms
                ).pValue)
            sum += share
            if share <= 0.25 { low += 1 }
        }
        // Half on average (deviation 0.037), and a quarter of sixty below a quarter (deviation 3.4).
        #expect(abs(sum / 60 - 0.51) < 0.15)
        #expect((3...28).contains(low))
    }
}
