import CGSL

/// How far a sample lies from the law that was fitted to it, and how often chance alone would bring it that far.
package struct GoodnessOfFit: Hashable, Sendable {
    /// The statistic of Anderson and Darling.
    package let statistic: Double
    /// The share of samples drawn from the law, each fitted anew, that lie as far away; nil when none was drawn.
    package let pValue: Double?

    /// Lengths in a drawn sample at most. The statistic's distribution hardly depends on their number beyond a few dozen.
    package static let drawnMax = 1_000
}

extension GoodnessOfFit {
    /// Tests a fit by a parametric bootstrap of `replicates` samples.
    ///
    /// `uniforms` begins the random numbers, above 0 and below 1, of the replicate of a number. Ages at which watching
    /// ends are drawn from their own distribution in the sample.
    package init(
        of fit: LifetimeFit, to sample: LifetimeSample, replicates: Int, uniforms: (_ replicate: Int) -> () -> Double
    ) {
        let statistic = Self.andersonDarling(sample, fit.law)
        self.statistic = statistic
        let watch = KaplanMeier(ended: sample.censored, censored: sample.ended)
        let count = min(sample.count, Self.drawnMax)
        var (drawn, farther) = (0, 0)
        for replicate in 0..<replicates {
            let uniform = uniforms(replicate)
            var (ended, censored): ([Double], [Double]) = ([], [])
            for _ in 0..<count {
                let length = fit.law.quantile(uniform())
                let watched = sample.censored.isEmpty ? nil : watch.age(ofShare: uniform())
                if let watched, watched < length { censored.append(watched) } else { ended.append(length) }
            }
            let other = LifetimeSample(ended: ended, censored: censored)
            // Too few ends by chance: such a sample says nothing.
            guard other.problem == nil else { continue }
            drawn += 1
            if Self.andersonDarling(other, fit.family.fit(other).law) >= statistic { farther += 1 }
        }
        pValue = drawn == 0 ? nil : Double(farther + 1) / Double(drawn + 1)
    }

    /// Returns n ∫ (F̂ - F)² / (F (1 - F)) dF, where F̂ is the estimate of Kaplan and Meier, up to the greatest age watched.
    ///
    /// Without censored lengths this is the statistic of Anderson and Darling.
    package static func andersonDarling(_ sample: LifetimeSample, _ law: some LifetimeLaw) -> Double {
        let estimate = KaplanMeier(ended: sample.ended, censored: sample.censored)
        var sum = 0.0
        var before = Point(logSurvival: 0)
        var ended = 0.0
        for step in estimate.steps {
            let here = Point(logSurvival: law.logSurvival(step.age))
            sum += here.antiderivative(ended) - before.antiderivative(ended)
            before = here
            ended = step.ended
        }
        if ended == 1 {
            sum += -1 - before.antiderivative(1)
        } else if sample.longest > estimate.steps.last?.age ?? 0 {
            sum +=
                Point(logSurvival: law.logSurvival(sample.longest)).antiderivative(ended)
                - before.antiderivative(ended)
        }
        return Double(sample.count) * sum
    }

    /// A value of F with the logarithms that the integral needs.
    private struct Point {
        let share: Double
        let logShare: Double
        let logRest: Double

        init(logSurvival: Double) {
            // Beyond these bounds the statistic is past any that chance brings.
            logRest = max(logSurvival, -700)
            share = -expm1(logRest)
            logShare = log(max(share, 1e-300))
        }

        /// -F + c² ln F - (1 - c)² ln(1 - F), whose derivative is (c - F)² / (F (1 - F)).
        func antiderivative(_ ended: Double) -> Double {
            // At F = 0 nothing has ended, and there is no term for the logarithm.
            let low = ended == 0 ? 0 : ended * ended * logShare
            let high = ended == 1 ? 0 : (1 - ended) * (1 - ended) * logRest
            return low - high - share
        }
    }
}
