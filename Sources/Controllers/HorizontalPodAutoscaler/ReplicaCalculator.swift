// Kubernetes counterpart: pkg/controller/podautoscaler/replica_calculator.go (v1.36).
// Deliberate differences: none known. Ratios are floating point here as there, so that ceilings fall alike.

package import Chronology
package import ControlPlane
package import KubernetesAPI

/// How far usage may be off its target before anything is done, as shares of the target.
package struct ScalingTolerance: Hashable, Sendable {
    /// Upstream's default for both (`--horizontal-pod-autoscaler-tolerance`).
    package static let standard = 0.1

    package var up = standard
    package var down = standard

    /// Creates upstream's defaults.
    package init() {}

    func covers(_ ratio: Double) -> Bool { 1 - down <= ratio && ratio <= 1 + up }
}

/// What a metric is to be.
package enum ScalingGoal: Hashable, Sendable {
    /// Percent of what pods request.
    case utilization(Int64)
    /// Thousandths, on average over pods.
    case averageValue(Int64)
}

/// Why no number of replicas could be worked out.
package struct CalculationError: Error, Hashable, Sendable {
    package let message: String

    /// Creates an error.
    package init(_ message: String) { self.message = message }
}

/// How many replicas bring a metric to its goal; pure.
package struct ReplicaCalculator: Hashable, Sendable {
    package var tolerance = ScalingTolerance()
    package var rules = ReadinessRules()

    /// Creates upstream's defaults.
    package init() {}

    /// What pods amount to.
    private struct Sum {
        var total: Int64 = 0
        var requests: Int64 = 0
        var count: Int64 = 0

        mutating func add(_ value: Int64, request: Int64) {
            total += value
            requests += request
            count += 1
        }

        func ratio(to goal: ScalingGoal) -> Double {
            switch goal {
            case .utilization(let percent): Double(total * 100 / requests) / Double(percent)
            case .averageValue(let target): Double(total / count) / Double(target)
            }
        }
    }

    /// Returns the replicas that bring a metric of pods to `goal`.
    ///
    /// `samples` and `requests` are in the order of `pods`; the latter count for a utilization only, in the unit of the samples.
    package func replicas(
        current: Int64, goal: ScalingGoal, pods: [ScaledPod], samples: [PodSample?], requests: [Int64], isCPU: Bool,
        now: Instant
    ) throws(CalculationError) -> Int64 {
        if pods.isEmpty { throw CalculationError("no pods returned by selector while calculating replica count") }
        let needsRequests = if case .utilization = goal { true } else { false }
        var sum = Sum()
        var (unready, missing) = (Sum(), Sum())
        var missingFill: Int64 = 0
        for place in pods.indices {
            let request = needsRequests ? requests[place] : 0
            switch rules.group(pods[place], samples[place], isCPU: isCPU, now: now) {
            case .measured: sum.add(samples[place]?.value ?? 0, request: request)
            case .unready: unready.add(0, request: request)
            case .missing:
                missing.add(0, request: request)
                missingFill += Self.fill(goal, request: request)
            case .left: break
            }
        }
        if sum.count == 0 {
            throw CalculationError("did not receive metrics for targeted pods (pods might be unready)")
        }
        if needsRequests, sum.requests == 0 { throw CalculationError("no metrics returned matched known pods") }
        let measured = sum.count
        let ratio = sum.ratio(to: goal)
        let countsUnready = unready.count > 0 && ratio > 1
        if !countsUnready, missing.count == 0 {
            return tolerance.covers(ratio) ? current : Self.ceiling(ratio * Double(measured))
        }
        // Nobody may be the reason to scale further than what is known would: those who are not measured are taken
        // for fully busy when it goes down, and for idle when it goes up.
        if ratio < 1 {
            sum.total += missingFill
            sum.requests += missing.requests
            sum.count += missing.count
        } else if ratio > 1 {
            sum.requests += missing.requests
            sum.count += missing.count
        }
        if countsUnready {
            sum.requests += unready.requests
            sum.count += unready.count
        }
        let corrected = sum.ratio(to: goal)
        if tolerance.covers(corrected) || ratio < 1 && corrected > 1 || ratio > 1 && corrected < 1 { return current }
        let wanted = Self.ceiling(corrected * Double(sum.count))
        if corrected < 1 && wanted > current || corrected > 1 && wanted < current { return current }
        return wanted
    }

    /// What a pod that nobody measured is taken to use when it goes down.
    private static func fill(_ goal: ScalingGoal, request: Int64) -> Int64 {
        switch goal {
        case .utilization(let percent): request * max(100, percent) / 100
        case .averageValue(let target): target
        }
    }

    /// Returns the replicas that bring one value for all pods to a goal of its own; `ready` counts pods that run and are ready.
    package func replicas(current: Int64, value: Int64, target: Int64, ready: Int64) -> Int64 {
        let ratio = Double(value) / Double(target)
        if current == 0 { return Self.ceiling(ratio) }
        return tolerance.covers(ratio) ? current : Self.ceiling(ratio * Double(ready))
    }

    /// Returns the replicas that bring one value for all pods to a goal for each of them; `present` counts pods that there are.
    package func replicas(present: Int64, value: Int64, averageTarget: Int64) -> Int64 {
        let ratio = Double(value) / (Double(averageTarget) * Double(present))
        return tolerance.covers(ratio) ? present : Self.ceiling(Double(value) / Double(averageTarget))
    }

    private static func ceiling(_ value: Double) -> Int64 { Int64(min(Double(Int32.max), value.rounded(.up))) }
}
