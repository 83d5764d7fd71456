package import Statistics
package import VirtualTime

/// The laws that were fitted to lengths of time, each with its test.
package struct FittedLengths: Sendable {
    /// A law and how well it fits.
    package struct Candidate: Sendable {
        package let fit: LifetimeFit
        package let test: GoodnessOfFit
    }

    package let sample: LifetimeSample
    /// In the order of the families; none when the sample has a problem.
    package let candidates: [Candidate]
    /// The place of the law with the lowest criterion.
    package let best: Int?

    /// Fits all families; `streams` gives the draws of the tests.
    package init(_ sample: LifetimeSample, replicates: Int, streams: RandomStreamFamily) {
        self.sample = sample
        guard sample.problem == nil else {
            candidates = []
            best = nil
            return
        }
        candidates = LifetimeFamily.allCases.map { family in
            let fit = family.fit(sample)
            let test = GoodnessOfFit(of: fit, to: sample, replicates: replicates) { replicate in
                var stream = streams.stream(family.rawValue, index: UInt64(replicate))
                return { stream.uniformOpen() }
            }
            return Candidate(fit: fit, test: test)
        }
        let winner = LifetimeFit.best(of: candidates.map(\.fit))?.family
        best = candidates.firstIndex { $0.fit.family == winner }
    }

    /// What a scenario may take: the laws from the best on, or the value that all lengths have; none when there are too
    /// few.
    package var distributions: [Distribution] {
        switch sample.problem {
        case .tooFew: []
        case .allEqual(let value): [.constant(value)]
        case nil:
            candidates.enumerated().sorted { ($0.element.fit.aic, $0.offset) < ($1.element.fit.aic, $1.offset) }
                .map { Self.distribution($0.element.fit) }
        }
    }

    /// Returns the best law that a scenario can say, and whether that is the best one of all.
    func text(beside more: String = "") -> (text: String, isBest: Bool)? {
        for (place, distribution) in distributions.enumerated() {
            if let text = DistributionText.text(distribution, beside: more) { return (text, place == 0) }
        }
        return nil
    }

    /// Returns a law as a distribution of the model.
    package static func distribution(_ fit: LifetimeFit) -> Distribution {
        let values = fit.parameters.map(\.value)
        return switch fit.family {
        case .exponential: .exponential(mean: values[0])
        case .weibull: .weibull(scale: values[0], shape: values[1])
        case .lognormal: .lognormal(mu: values[0], sigma: values[1])
        case .gompertz: .gompertz(hazard: values[0], growth: values[1])
        }
    }
}

/// What was fitted to a group of a failure log.
package struct FailureFit: Sendable {
    package let group: FailureGroup
    package let lifetimes: FittedLengths?
    package let repairs: FittedLengths?

    /// Fits both kinds of length; the draws of the tests follow from the seed and the group's value.
    package init(_ group: FailureGroup, replicates: Int, seed: Seed) {
        self.group = group
        func fitted(_ sample: LifetimeSample?, _ purpose: String) -> FittedLengths? {
            sample.map {
                FittedLengths(
                    $0, replicates: replicates,
                    streams: RandomStreamFamily(seed: seed, name: "fit \(purpose)\n\(group.value)"))
            }
        }
        lifetimes = fitted(group.lifetimes, "lifetimes")
        repairs = fitted(group.repairs, "repairs")
    }

    /// Returns the entry of a scenario's `faults`, without indentation; nil when no lifetime could be fitted or written.
    ///
    /// The name is made of the group's value and of `column`, what it was grouped by.
    package func entry(column: String?) -> [String]? {
        let clock = "perTarget: \(group.isPerMachine)"
        guard let lifetime = lifetimes?.text(beside: clock) else { return nil }
        let remark = "  # the best law has lengths of centuries, which no scenario takes"
        var lines = ["name: \(Self.name(column, group.value))", "kind: NodeCrash"]
        lines.append("lifetime: \(lifetime.text)" + (lifetime.isBest ? "" : remark))
        // Without machines in the log each outage is that of any one.
        if !group.isPerMachine { lines.append("target: {count: 1}") }
        if let duration = repairs?.text() {
            lines.append("duration: \(duration.text)" + (duration.isBest ? "" : remark))
        } else {
            lines.append("permanent: true  # the log does not say how long repairs take")
        }
        return lines.enumerated().map { ($0.offset == 0 ? "- " : "  ") + $0.element }
    }

    private static func name(_ column: String?, _ value: String) -> String {
        guard let column else { return "failures" }
        let text = "failures-\(column)-\(value.isEmpty ? "none" : value)".lowercased()
        let characters = text.unicodeScalars.map { scalar in
            scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)) ? Character(scalar) : "-"
        }
        return String(characters)
    }
}
