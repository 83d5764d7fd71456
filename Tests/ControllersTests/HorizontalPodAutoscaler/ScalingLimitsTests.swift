import Chronology
import Controllers
import KubernetesAPI
import Testing

@Suite("How fast replicas may change")
struct ScalingLimitsTests {
    typealias Policy = HorizontalPodAutoscaler.ScalingPolicy
    typealias Rules = HorizontalPodAutoscaler.ScalingRules
    private static let now = Instant.start + .hours(1)

    private static func rules(
        _ policies: [Policy] = [], select: Rules.SelectPolicy? = nil, window: Int64? = nil
    ) -> Rules {
        var rules = Rules()
        rules.policies = policies
        rules.selectPolicy = select
        rules.stabilizationWindowSeconds = window
        return rules
    }

    private static func limits(up: Rules? = nil, down: Rules? = nil) -> ScalingLimits {
        var behavior = HorizontalPodAutoscaler.Behavior()
        (behavior.scaleUp, behavior.scaleDown) = (up, down)
        return ScalingLimits(minReplicas: 2, maxReplicas: 100, behavior: ScalingBehavior(behavior))
    }

    @Test(
        arguments: [
            // Without a behavior: twice as many, or four.
            (limits(), 1, 10, 4, "ScaleUpLimit"), (limits(), 10, 90, 20, "ScaleUpLimit"),
            (limits(), 60, 110, 100, "TooManyReplicas"), (limits(), 10, 1, 2, "TooFewReplicas"),
            (limits(), 10, 12, 12, "DesiredWithinRange"),
            // The defaults of a behavior: four more, or twice as many, whichever is more.
            (limits(up: rules()), 2, 10, 6, "ScaleUpLimit"), (limits(up: rules()), 10, 90, 20, "ScaleUpLimit"),
            (limits(up: rules()), 10, 1, 2, "TooFewReplicas"), (limits(up: rules()), 60, 110, 100, "TooManyReplicas"),
            (limits(up: rules([Policy(type: .pods, value: 3, periodSeconds: 60)])), 10, 90, 13, "ScaleUpLimit"),
            (limits(up: rules([Policy(type: .percent, value: 25, periodSeconds: 60)])), 10, 90, 13, "ScaleUpLimit"),
            (limits(up: rules(select: .min)), 10, 90, 14, "ScaleUpLimit"),
            (limits(up: rules(select: .disabled)), 10, 90, 10, "ScaleUpLimit"),
            (limits(down: rules([Policy(type: .pods, value: 3, periodSeconds: 60)])), 10, 2, 7, "ScaleDownLimit"),
            (limits(down: rules([Policy(type: .percent, value: 25, periodSeconds: 60)])), 10, 2, 7, "ScaleDownLimit"),
            (
                limits(
                    down: rules(
                        [
                            Policy(type: .pods, value: 1, periodSeconds: 60),
                            Policy(type: .percent, value: 50, periodSeconds: 60),
                        ], select: .min)), 10, 2, 9, "ScaleDownLimit"
            ),
            (
                limits(
                    down: rules([
                        Policy(type: .pods, value: 1, periodSeconds: 60),
                        Policy(type: .percent, value: 50, periodSeconds: 60),
                    ])), 10, 2, 5, "ScaleDownLimit"
            ),
            (limits(down: rules(select: .disabled)), 10, 2, 10, "ScaleDownLimit"),
        ] as [(ScalingLimits, Int64, Int64, Int64, String)])
    func `what is allowed follows from the rules`(
        limits: ScalingLimits, current: Int64, desired: Int64, allowed: Int64, reason: String
    ) {
        let verdict = limits.bound(desired, current: current, now: Self.now)
        #expect(verdict.replicas == allowed && verdict.reason == reason, "\(verdict)")
    }

    @Test func `what was added within the period counts, in both directions`() {
        var limits = Self.limits(up: Self.rules([Policy(type: .pods, value: 5, periodSeconds: 60)]))
        limits.ups = [ScalingStep(change: 3, at: Self.now - .seconds(30)), ScalingStep(change: 9, at: Self.now - .seconds(60))]
        // It began the period with 7 and may have 12.
        #expect(limits.bound(50, current: 10, now: Self.now).replicas == 12)
        limits.downs = [ScalingStep(change: 2, at: Self.now - .seconds(10))]
        #expect(limits.bound(50, current: 10, now: Self.now).replicas == 14)
        limits.ups = [ScalingStep(change: 8, at: Self.now - .seconds(1))]
        limits.downs = []
        #expect(limits.bound(50, current: 10, now: Self.now).replicas == 10)
    }

    @Test func `a step takes the place of one that is too old for its direction, whatever the other asks`() {
        let limits = Self.limits(
            up: Self.rules([Policy(type: .pods, value: 4, periodSeconds: 15)]),
            down: Self.rules([Policy(type: .pods, value: 2, periodSeconds: 600)]))
        guard let behavior = limits.behavior else { return }
        var bounded = limits
        for second in [135, 255] as [Int64] {
            bounded.ups.note(ScalingStep(change: 4, at: Instant.start + .seconds(second)), within: behavior.up)
        }
        // Two steps of 4 in ten minutes, of which the second alone is known: it began with 6, and may have 4.
        #expect(bounded.ups.count == 1)
        let verdict = bounded.bound(1, current: 10, now: Instant.start + .seconds(375))
        #expect(verdict.replicas == 4 && verdict.reason == "ScaleDownLimit")
        for second in [400, 410, 420] as [Int64] {
            bounded.downs.note(ScalingStep(change: 1, at: Instant.start + .seconds(second)), within: behavior.down)
        }
        #expect(bounded.downs.count == 3)
    }

    @Test func `the highest recommendation of five minutes holds before replicas go down`() {
        var memory = Recommendations()
        var verdicts: [Int64] = []
        for minute in 0..<8 as Range<Int64> {
            let wanted: Int64 = minute == 0 ? 9 : minute == 1 ? 6 : 3
            verdicts.append(
                memory.stabilize(wanted, current: 9, behavior: nil, now: .start + .minutes(minute)).replicas)
        }
        #expect(verdicts == [9, 9, 9, 9, 9, 6, 3, 3])
    }

    @Test func `windows hold in both directions, and only as long as they are`() {
        var behavior = HorizontalPodAutoscaler.Behavior()
        behavior.scaleUp = Self.rules(window: 60)
        behavior.scaleDown = Self.rules(window: 120)
        let filled = ScalingBehavior(behavior)
        var memory = Recommendations()
        memory.note(5, at: .start)
        func look(_ wanted: Int64, _ current: Int64, _ second: Int64) -> LimitVerdict {
            memory.stabilize(wanted, current: current, behavior: filled, now: .start + .seconds(second))
        }
        let first = look(9, 5, 30)
        #expect(first.replicas == 5 && first.reason == "ScaleUpStabilized")
        #expect(look(9, 5, 61).replicas == 9)
        let second = look(4, 9, 90)
        #expect(second.replicas == 9 && second.reason == "ScaleDownStabilized")
        #expect(look(4, 9, 180).replicas == 9)
        #expect(look(4, 9, 182).replicas == 4)
    }

    /// A memory of runs answers as one of all recommendations does.
    @Test(arguments: 0..<20)
    func `equal recommendations need to be kept only once`(seed: UInt64) {
        var memory = Recommendations()
        var all: [(at: Instant, replicas: Int64)] = []
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        for step in 0..<200 as Range<Int64> {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let (now, wanted) = (Instant.start + .seconds(15 * step), Int64(state >> 33) % 4 + 1)
            let cutoff = now - .minutes(5)
            let expected = all.filter { $0.at > cutoff }.map(\.replicas).max() ?? wanted
            let verdict = memory.stabilize(wanted, current: 2, behavior: nil, now: now)
            #expect(verdict.replicas == max(wanted, expected))
            all.append((now, wanted))
        }
    }
}
