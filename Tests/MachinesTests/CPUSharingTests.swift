import Chronology
import KubernetesAPI
import Machines
import Testing

@Suite("CPU is shared by weight")
struct CPUSharingTests {
    @Test(
        "requests become weights as the kubelet converts them",
        arguments: [
            (0, 2, 1), (1, 2, 1), (100, 102, 4), (250, 256, 10), (1_000, 1_024, 39), (4_000, 4_096, 157),
            (256_000, 262_144, 10_000), (999_000, 262_144, 10_000),
        ] as [(Int64, Int64, Int64)])
    func weights(request: Int64, shares: Int64, weight: Int64) {
        #expect(CPUSharing.shares(ofMilliCPU: request) == shares)
        #expect(CPUSharing.weight(ofMilliCPU: request) == weight)
    }

    static let fills: [(name: String, available: Int64, claims: [(Int64, Int64)], granted: [Int64])] = [
        ("nobody wants anything", 100, [(1, 0), (2, 0)], [0, 0]),
        ("all get what they want", 100, [(1, 40), (9, 60)], [40, 60]),
        ("equal weights halve", 100, [(5, 100), (5, 100)], [50, 50]),
        ("by weight", 100, [(1, 100), (3, 100)], [25, 75]),
        ("what one leaves goes to the others by weight", 100, [(6, 10), (1, 100), (2, 100)], [10, 30, 60]),
        ("in cascades", 90, [(1, 10), (1, 25), (1, 100)], [10, 25, 55]),
        ("a small weight gets what is left", 100, [(10_000, 90), (1, 100)], [90, 10]),
        ("the last units by largest remainder, the earlier first", 10, [(1, 9), (1, 9), (1, 9)], [4, 3, 3]),
        ("nothing to share", 0, [(1, 9)], [0]),
    ]

    @Test("water-filling", arguments: fills.indices)
    func fill(index: Int) {
        let row = Self.fills[index]
        let claims = row.claims.map { CPUSharing.Claim(weight: $0.0, wanted: $0.1) }
        #expect(CPUSharing.fill(row.available, claims) == row.granted, "\(row.name)")
    }

    @Test("water-filling uses all there is, gives nobody more than it wants, and nobody less than a poorer one by weight")
    func properties() {
        var draws = Draws(7)
        for _ in 0..<500 {
            let claims = (0..<(1 + draws.next(8))).map { _ in
                CPUSharing.Claim(weight: 1 + Int64(draws.next(1_000)), wanted: Int64(draws.next(5_000)))
            }
            let available = Int64(draws.next(10_000))
            let granted = CPUSharing.fill(available, claims)
            let wanted = claims.reduce(0) { $0 + $1.wanted }
            #expect(granted.reduce(0, +) == min(available, wanted))
            for (claim, amount) in zip(claims, granted) { #expect(amount <= claim.wanted) }
            // Whoever wants more has, by weight, at least as much as anybody else, up to the rounding.
            for (claim, amount) in zip(claims, granted) where amount < claim.wanted {
                for (other, its) in zip(claims, granted) {
                    #expect((amount + 1) * other.weight >= (its - 1) * claim.weight)
                }
            }
        }
    }

    @Test("classes stand beside guaranteed pods: best effort gets next to nothing, burstable what its requests weigh")
    func hierarchy() {
        let pods = [
            CPUDemand(.guaranteed, request: 1_000, wanted: 4_000_000),
            CPUDemand(.burstable, request: 1_000, wanted: 4_000_000),
            CPUDemand(.burstable, request: 1_000, wanted: 4_000_000),
            CPUDemand(.bestEffort, request: 0, wanted: 4_000_000),
        ]
        // Weights 39, 79 (of 2048 shares) and 1.
        #expect(CPUSharing.weight(ofMilliCPU: 2_000) == 79)
        let granted = CPUSharing.share(4_000_000, among: pods)
        #expect(granted == [1_310_924, 1_327_731, 1_327_731, 33_614])
        #expect(granted.reduce(0, +) == 4_000_000)
        let alone = CPUSharing.share(4_000_000, among: [pods[3]])
        #expect(alone == [4_000_000])
    }

    @Test("a pod's demand is bounded by its quotas")
    func quotas() {
        let pod = makePod {
            $0.containers[0].requests = [.cpu: Quantity(milli: 500)]
            $0.containers[0].limits = [.cpu: Quantity(milli: 1_500)]
        }
        var machine = NodePressure(
            capacity: .init(memory: 1 << 30, cpu: 4_000), phase: .zero, parameters: EvictionParameters())
        machine.add(PodLoad(id: 1, pod, requests: [.cpu: Quantity(milli: 500)], isMeasured: true))
        machine.start(container: 0, of: 1, memory: .zero, disk: .zero, cpuWanted: 3_000)
        let changed = machine.shareCPU()
        #expect(changed)
        #expect(machine.pods[0].cpu.granted == 1_500_000)
        #expect(machine.pods[0].cpuSharePermille == 500)
        let again = machine.shareCPU()
        #expect(!again)
        // More is wanted, and the quota gives no more: it is a smaller part.
        machine.change(1) { $0.containers[0].cpuWanted = 6_000 }
        let wantsMore = machine.shareCPU()
        #expect(wantsMore && machine.pods[0].cpuSharePermille == 250)
    }

    @Test("a machine that grants more than it has, or holds more than a limit, is found out")
    func negative() {
        var machine = NodePressure(
            capacity: .init(memory: 1 << 30, cpu: 1_000), phase: .zero, parameters: EvictionParameters())
        let pod = makePod { $0.containers[0].limits = [.memory: Quantity(100)] }
        machine.add(PodLoad(id: 1, pod, requests: [:], isMeasured: true))
        machine.start(container: 0, of: 1, memory: GrowingAmount(base: 100), disk: .zero, cpuWanted: 100)
        #expect(machine.problem(at: .start) == nil)
        machine.change(1) { $0.containers[0].memory.base = 101 }
        #expect(machine.problem(at: .start) == "p/main holds 101 bytes, limit 100")
        machine.change(1) { $0.containers[0].memory.base = 0 }
        machine.overdraw(1, granted: 2_000_000)
        #expect(machine.problem(at: .start) == "its pods are granted 2000000 millionths of a core")
        machine.overdraw(1, granted: 1_000_000)
        #expect(machine.problem(at: .start) == "p is granted more CPU than it wants")
    }
}

/// A small generator for tests.
struct Draws {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next(_ bound: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state >> 11) % bound
    }
}
