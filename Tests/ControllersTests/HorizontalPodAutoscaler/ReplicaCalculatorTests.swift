import Chronology
import ControlPlane
import Controllers
import KubernetesAPI
import Testing

/// One case: what pods use and request, what is wanted, and what comes of it.
struct CalculatorCase: CustomTestStringConvertible, Sendable {
    enum Kind: Sendable { case ready, unready, starting, pending, missing, failed, going }

    var what: String
    var current: Int64
    var goal: ScalingGoal
    var uses: [Int64]
    var request: Int64 = 1_000
    var kinds: [Kind] = []
    var isCPU = true
    /// nil where no number can be worked out.
    var wanted: Int64?

    var testDescription: String { what }
}

@Suite("How many replicas bring a metric to its goal")
struct ReplicaCalculatorTests {
    private static let now = Instant.start + .hours(1)

    static let cases: [CalculatorCase] = [
        .init(what: "up by utilization", current: 3, goal: .utilization(30), uses: [300, 500, 700], wanted: 5),
        .init(what: "up by utilization, ceiling of a whole number", current: 2, goal: .utilization(50), uses: [1_000, 1_000], wanted: 4),
        .init(what: "down by utilization", current: 5, goal: .utilization(50), uses: [100, 300, 500, 250, 250], wanted: 3),
        .init(what: "within tolerance above", current: 3, goal: .utilization(100), uses: [1_010, 1_030, 1_020], wanted: 3),
        .init(what: "at the edge of the tolerance", current: 10, goal: .utilization(50), uses: Array(repeating: 550, count: 10), wanted: 10),
        .init(what: "just over the edge", current: 10, goal: .utilization(50), uses: Array(repeating: 560, count: 10), wanted: 12),
        .init(what: "percent are cut, not rounded", current: 10, goal: .utilization(50), uses: Array(repeating: 559, count: 10), wanted: 10),
        .init(
            what: "unready pods count as idle on the way up", current: 3, goal: .utilization(30), uses: [300, 500, 700],
            kinds: [.unready, .ready, .ready], wanted: 4),
        .init(
            what: "unready pods are left out on the way down", current: 5, goal: .utilization(50),
            uses: [100, 300, 500, 250, 250], kinds: [.ready, .ready, .ready, .unready, .unready], wanted: 2),
        .init(
            what: "pods that start are not measured yet", current: 3, goal: .utilization(30), uses: [300, 500, 700],
            kinds: [.ready, .ready, .starting], wanted: 3),
        .init(
            what: "the start of a pod matters to the processor alone", current: 3, goal: .utilization(30),
            uses: [300, 500, 700], kinds: [.ready, .ready, .starting], isCPU: false, wanted: 5),
        .init(
            what: "pending pods hold back", current: 3, goal: .utilization(30), uses: [600, 600, 0],
            kinds: [.ready, .ready, .pending], wanted: 4),
        .init(
            what: "failed and deleted pods are left out", current: 2, goal: .utilization(50),
            uses: [1_000, 1_000, 1, 1], kinds: [.ready, .ready, .failed, .going], wanted: 4),
        .init(
            what: "missing pods count as idle on the way up", current: 4, goal: .utilization(50),
            uses: [1_000, 1_000, 0, 0], kinds: [.ready, .ready, .missing, .missing], wanted: 4),
        .init(
            what: "missing pods count as fully busy on the way down", current: 4, goal: .utilization(50),
            uses: [100, 100, 100, 0], kinds: [.ready, .ready, .ready, .missing], wanted: 3),
        .init(
            what: "and as busy as the target when that is more", current: 4, goal: .utilization(200),
            uses: [100, 100, 100, 0], kinds: [.ready, .ready, .ready, .missing], wanted: 2),
        .init(
            what: "missing pods do not turn the direction", current: 2, goal: .utilization(50), uses: [400, 0],
            kinds: [.ready, .missing], wanted: 2),
        .init(what: "nobody is measured", current: 2, goal: .utilization(50), uses: [0, 0], kinds: [.missing, .pending]),
        .init(what: "nobody is there", current: 2, goal: .utilization(50), uses: []),
        .init(what: "nobody requests", current: 1, goal: .utilization(50), uses: [500], request: 0),
        .init(what: "up by a value", current: 3, goal: .averageValue(15_000), uses: [20_000, 10_000, 30_000], isCPU: false, wanted: 4),
        .init(what: "down by a value", current: 5, goal: .averageValue(20_000), uses: Array(repeating: 12_000, count: 5), isCPU: false, wanted: 3),
        .init(what: "a mean is cut to whole thousandths", current: 1, goal: .averageValue(10), uses: [11], isCPU: false, wanted: 1),
        .init(
            what: "a missing value is the target on the way down", current: 4, goal: .averageValue(100),
            uses: [25, 25, 25, 0], kinds: [.ready, .ready, .ready, .missing], isCPU: false, wanted: 2),
        .init(
            what: "a missing value changes nothing at the target itself", current: 3, goal: .averageValue(100),
            uses: [100, 100, 0], kinds: [.ready, .ready, .missing], isCPU: false, wanted: 3),
        .init(
            what: "to none when nothing is used", current: 2, goal: .averageValue(100), uses: [0, 0], isCPU: false,
            wanted: 0),
    ]

    @Test(arguments: cases)
    func `a number of replicas follows from what pods use`(_ sample: CalculatorCase) throws {
        var pods: [ScaledPod] = []
        var samples: [PodSample?] = []
        for (place, use) in sample.uses.enumerated() {
            let kind = place < sample.kinds.count ? sample.kinds[place] : .ready
            var pod = ScaledPod(uid: UID(text: "p\(place)"), startTime: .start)
            var timestamp = Self.now - .seconds(10)
            switch kind {
            case .ready, .missing: break
            case .unready: (pod.readiness, pod.readinessSince) = (.false, .start + .seconds(5))
            case .starting:
                (pod.startTime, pod.readinessSince) = (Self.now - .minutes(4), Self.now - .seconds(40))
                timestamp = Self.now - .seconds(30)
            case .pending: pod.phase = .pending
            case .failed: pod.phase = .failed
            case .going: pod.isTerminating = true
            }
            pods.append(pod)
            let isMeasured = kind != .missing && kind != .pending
            samples.append(isMeasured ? PodSample(value: use, timestamp: timestamp, window: .seconds(30)) : nil)
        }
        func calculate() throws -> Int64 {
            try ReplicaCalculator().replicas(
                current: sample.current, goal: sample.goal, pods: pods, samples: samples,
                requests: pods.map { _ in sample.request }, isCPU: sample.isCPU, now: Self.now)
        }
        guard let wanted = sample.wanted else {
            #expect(throws: CalculationError.self) { try calculate() }
            return
        }
        #expect(try calculate() == wanted)
    }

    @Test(
        arguments: [
            // current, value, target, ready, wanted
            (3, 20_000, 15_000, 3, 4), (3, 15_900, 15_000, 3, 3), (5, 1_000, 10_000, 5, 1), (4, 30_000, 10_000, 2, 6),
            (0, 100_000, 10_000, 0, 10), (0, 0, 10_000, 0, 0), (3, 0, 10_000, 3, 0),
        ] as [(Int64, Int64, Int64, Int64, Int64)])
    func `one value for all scales the pods that are ready`(
        current: Int64, value: Int64, target: Int64, ready: Int64, wanted: Int64
    ) {
        #expect(ReplicaCalculator().replicas(current: current, value: value, target: target, ready: ready) == wanted)
    }

    @Test(
        arguments: [
            (3, 8_600, 2_000, 5), (4, 8_600, 2_000, 4), (3, 6_000, 2_000, 3), (10, 6_000, 2_000, 3), (0, 6_000, 2_000, 3),
        ] as [(Int64, Int64, Int64, Int64)])
    func `one value for all is shared by the pods that there are`(
        present: Int64, value: Int64, target: Int64, wanted: Int64
    ) {
        #expect(ReplicaCalculator().replicas(present: present, value: value, averageTarget: target) == wanted)
    }

    @Test func `each direction has a tolerance of its own`() throws {
        var calculator = ReplicaCalculator()
        calculator.tolerance.up = 0.5
        calculator.tolerance.down = 0
        func wanted(_ value: Int64) -> Int64 { calculator.replicas(current: 4, value: value, target: 100, ready: 4) }
        #expect([99, 100, 149, 150, 151].map(wanted) == [4, 4, 4, 4, 7])
        #expect(wanted(74) == 3)
    }
}
