// Kubernetes counterpart: the normalisation of desired replicas in pkg/controller/podautoscaler/horizontal.go (v1.36).
// Deliberate differences: none known.

package import Chronology
import KubernetesAPI

/// A change of the number of replicas that was carried out.
package struct ScalingStep: Hashable, Sendable {
    /// Replicas added or taken away, above zero.
    package var change: Int64
    package var at: Instant

    /// Creates a step.
    package init(change: Int64, at: Instant) {
        self.change = change
        self.at = at
    }
}

extension [ScalingStep] {
    /// Adds a step of the direction with these rules, in the place of one that is too old for them (`storeScaleEvent`).
    ///
    /// The other direction may have longer periods: for it, what is overwritten here is lost, and what is not counts on.
    package mutating func note(_ step: ScalingStep, within rules: ScalingBehavior.Direction) {
        let cutoff = step.at - ScalingBehavior.longestPeriod(rules)
        if let place = lastIndex(where: { $0.at < cutoff }) {
            self[place] = step
        } else {
            append(step)
        }
    }
}

/// A verdict with the words that a condition takes.
package struct LimitVerdict: Hashable, Sendable {
    package var replicas: Int64
    package var reason: String
    package var message: String

    init(_ replicas: Int64, _ reason: String, _ message: String) {
        self.replicas = replicas
        self.reason = reason
        self.message = message
    }
}

/// How fast, and how far, replicas may change.
package struct ScalingLimits: Sendable {
    package var minReplicas: Int64
    package var maxReplicas: Int64
    /// nil for an autoscaler without a behavior.
    package var behavior: ScalingBehavior?
    package var ups: [ScalingStep] = []
    package var downs: [ScalingStep] = []

    /// Creates limits.
    package init(minReplicas: Int64, maxReplicas: Int64, behavior: ScalingBehavior?) {
        self.minReplicas = minReplicas
        self.maxReplicas = maxReplicas
        self.behavior = behavior
    }

    /// Returns what of `desired` is allowed.
    package func bound(_ desired: Int64, current: Int64, now: Instant) -> LimitVerdict {
        guard let behavior else { return boundWithoutBehavior(desired, current: current) }
        if desired > current {
            let rate = max(current, upLimit(behavior.up, current: current, now: now))
            let most = min(maxReplicas, rate)
            if desired > most { return maxReplicas > rate ? Self.tooFastUp(most) : Self.tooMany(most) }
        } else if desired < current {
            let rate = min(current, downLimit(behavior.down, current: current, now: now))
            let least = max(minReplicas, rate)
            if desired < least { return minReplicas < rate ? Self.tooFastDown(least) : Self.tooFew(least) }
        }
        return Self.within(desired)
    }

    private func boundWithoutBehavior(_ desired: Int64, current: Int64) -> LimitVerdict {
        let rate = max(current * 2, 4)
        if desired < minReplicas { return Self.tooFew(minReplicas) }
        let most = min(maxReplicas, rate)
        if desired > most { return maxReplicas > rate ? Self.tooFastUp(most) : Self.tooMany(most) }
        return Self.within(desired)
    }

    // MARK: - Policies

    private func upLimit(_ rules: ScalingBehavior.Direction, current: Int64, now: Instant) -> Int64 {
        limit(rules, current: current, now: now) { policy, start in
            switch policy.type {
            case .pods: start + policy.value
            case .percent:
                Int64((Double(start) * (1 + Double(policy.value) / 100)).rounded(.up))
            }
        }
    }

    private func downLimit(_ rules: ScalingBehavior.Direction, current: Int64, now: Instant) -> Int64 {
        limit(rules, current: current, now: now, isDown: true) { policy, start in
            switch policy.type {
            case .pods: start - policy.value
            case .percent: Int64(Double(start) * (1 - Double(policy.value) / 100))
            }
        }
    }

    private func limit(
        _ rules: ScalingBehavior.Direction, current: Int64, now: Instant, isDown: Bool = false,
        _ proposal: (HorizontalPodAutoscaler.ScalingPolicy, Int64) -> Int64
    ) -> Int64 {
        let takesLargest: Bool
        switch rules.select {
        case .disabled: return current
        // The policy that allows the least change, or the most.
        case .min: takesLargest = isDown
        case .max: takesLargest = !isDown
        }
        var best: Int64?
        for policy in rules.policies {
            let period = Duration.seconds(policy.periodSeconds)
            let start = current - Self.sum(ups, since: now - period) + Self.sum(downs, since: now - period)
            let proposed = proposal(policy, start)
            best = best.map { takesLargest ? max($0, proposed) : min($0, proposed) } ?? proposed
        }
        return best ?? current
    }

    private static func sum(_ steps: [ScalingStep], since cutoff: Instant) -> Int64 {
        steps.reduce(0) { $1.at > cutoff ? $0 + $1.change : $0 }
    }

    // MARK: - Words

    private static func within(_ replicas: Int64) -> LimitVerdict {
        LimitVerdict(replicas, "DesiredWithinRange", "the desired count is within the acceptable range")
    }
    private static func tooMany(_ replicas: Int64) -> LimitVerdict {
        LimitVerdict(replicas, "TooManyReplicas", "the desired replica count is more than the maximum replica count")
    }
    private static func tooFew(_ replicas: Int64) -> LimitVerdict {
        LimitVerdict(replicas, "TooFewReplicas", "the desired replica count is less than the minimum replica count")
    }
    private static func tooFastUp(_ replicas: Int64) -> LimitVerdict {
        LimitVerdict(
            replicas, "ScaleUpLimit", "the desired replica count is increasing faster than the maximum scale rate")
    }
    private static func tooFastDown(_ replicas: Int64) -> LimitVerdict {
        LimitVerdict(
            replicas, "ScaleDownLimit", "the desired replica count is decreasing faster than the maximum scale rate")
    }
}
