import Chronology
import Observations
import RunDatabase
import Testing

@testable import Experiments

@Suite("What runs take of what is limited")
struct FootprintTests {
    private static func at(_ hours: Int64) -> Instant { .start + .hours(hours) }

    private static func machine(_ number: Int32, zone: String = "a", purchase: String = "on-demand", pods: Int64 = 2) -> NodeRow {
        NodeRow(
            node: number, name: "n\(number)", machineType: "m", zone: zone, pool: "p", purchase: purchase,
            pricePerHour: 0, capacityCPU: 2_000, capacityMemory: 0, capacityGPU: 0, allocatableCPU: 1_900,
            allocatableMemory: 0, allocatablePods: pods, allocatableGPU: 0, launchedAt: .start)
    }

    private static func pod(_ number: Int32, hostNetwork: Bool = false) -> PodRow {
        var row = PodRow(
            pod: number, uidHigh: 0, uidLow: 0, namespace: "d", name: "p\(number)", controller: -1, requestCPU: 0,
            requestMemory: 0, requestGPU: 0, priority: 0, createdAt: .start)
        row.usesHostNetwork = hostNetwork
        return row
    }

    private static func refusal(_ pod: Int32, _ at: Instant, others: Int32) -> AttemptRow {
        AttemptRow(
            pod: pod, number: 1, first: at, last: at, count: 1, outcome: "unschedulable", node: -1, evaluated: 2,
            feasible: 0, ties: 0, score: 0, waited: .zero, message: "",
            rejections: [
                RejectionRow(plugin: "NodeResourcesFit", reason: "Too many pods", nodes: 2),
                RejectionRow(plugin: "NodeResourcesFit", reason: "Insufficient cpu", nodes: others),
            ])
    }

    private static func values(_ tally: FootprintTally, _ name: String, days: Int = 3) -> [Int64?] {
        tally.daily(days: days).map { day in day.first { $0.name == name }?.value }
    }

    @Test("levels hold over midnight, and what ends as a day begins is not in it")
    func peaks() {
        var tally = PeakTally()
        tally.hold("x", 3, from: Self.at(20), to: Self.at(48))
        tally.hold("x", 2, from: Self.at(10), to: Self.at(20))
        tally.hold("x", 5, from: Self.at(30), to: Self.at(30))
        #expect(tally.peaks(of: "x", days: 4) == [3, 3, 0, 0] && tally.peaks(of: "y", days: 2) == [0, 0])
        tally.change("x", by: 4, at: Self.at(50))
        #expect(tally.peaks(of: "x", days: 4) == [3, 3, 4, 4] && tally.names == ["x"])
    }

    @Test("nodes and pods take addresses of their zone, machines vCPUs of their way of purchase")
    func addresses() {
        var tally = FootprintTally()
        tally.add(Self.machine(1))
        tally.add(Self.machine(2, zone: "b", purchase: "spot"))
        tally.add(Self.machine(3, zone: "b"))
        tally.add(NodeIntervalRow(node: 1, state: .ready, from: .start, to: Self.at(72)))
        tally.add(NodeIntervalRow(node: 2, state: .booting, from: Self.at(20), to: Self.at(30)))
        tally.add(NodeIntervalRow(node: 2, state: .ready, from: Self.at(30), to: Self.at(40)))
        // A machine that never comes takes nothing.
        tally.add(NodeIntervalRow(node: 3, state: .booting, from: Self.at(20), to: Self.at(70)))
        for number in 1...3 { tally.add(Self.pod(Int32(number), hostNetwork: number == 3)) }
        tally.add(PodIntervalRow(pod: 1, state: .starting, node: 1, from: Self.at(1), to: Self.at(2)))
        tally.add(PodIntervalRow(pod: 1, state: .ready, node: 1, from: Self.at(2), to: Self.at(60)))
        tally.add(PodIntervalRow(pod: 2, state: .ready, node: 2, from: Self.at(31), to: Self.at(40)))
        tally.add(PodIntervalRow(pod: 2, state: .succeeded, node: 2, from: Self.at(40), to: Self.at(70)))
        tally.add(PodIntervalRow(pod: 3, state: .ready, node: 1, from: Self.at(50), to: Self.at(60)))
        #expect(Self.values(tally, "addresses.a.max") == [2, 2, 2])
        #expect(Self.values(tally, "addresses.b.max") == [1, 2, 0])
        #expect(Self.values(tally, "addresses.max") == [3, 4, 2])
        #expect(Self.values(tally, "vcpus.on-demand.max") == [2_000, 2_000, 2_000])
        #expect(Self.values(tally, "vcpus.spot.max") == [2_000, 2_000, 0])
        #expect(Self.values(tally, "vcpus.max") == [4_000, 4_000, 2_000])
        #expect(Self.values(tally, "nodes.peak") == [2, 2, 1])
        // Two pods are all that the first machine may hold, one of one or two machines.
        #expect(Self.values(tally, "nodes.podsFull") == [0, 0, 1_000])
    }

    @Test("a pod waits for a place when a node had room but for the number of its pods, and nobody else does")
    func waiting() {
        var tally = FootprintTally()
        tally.add(Self.refusal(1, Self.at(23), others: 1))
        tally.add(Self.refusal(2, Self.at(1), others: 2))
        tally.add(Self.refusal(3, Self.at(1), others: 0))
        tally.add(PodIntervalRow(pod: 1, state: .pending, node: -1, from: Self.at(22), to: Self.at(30)))
        tally.add(PodIntervalRow(pod: 2, state: .pending, node: -1, from: .start, to: Self.at(60)))
        // Nine minutes are patience.
        tally.add(PodIntervalRow(pod: 3, state: .pending, node: -1, from: .start, to: Self.at(1) + .minutes(9)))
        #expect(Self.values(tally, "pods.waitingForPlaces") == [1, 1, 0])
    }

    @Test("a quota is as full as its status says, and full when it refuses something")
    func quotas() {
        var tally = FootprintTally()
        func row(_ hours: Int64, _ permille: Int64) -> QuotaRow {
            QuotaRow(at: Self.at(hours), namespace: "shop", name: "cap", resource: "pods", usedPermille: permille)
        }
        for (hours, permille) in [(1, 200), (30, 900), (31, 400)] as [(Int64, Int64)] { tally.add(row(hours, permille)) }
        #expect(Self.values(tally, "quota.shop/cap.pods") == [200, 900, 400])
        tally.add(
            EventRow(
                at: Self.at(50), isWarning: true, object: "ReplicaSet shop/web-1", reason: "FailedCreate",
                message: "Error creating: pods \"web-1\" is forbidden: exceeded quota: cap, requested: pods=1, "
                    + "used: pods=4, limited: pods=4", source: "replicaset-controller"))
        #expect(Self.values(tally, "quota.shop/cap.pods") == [200, 900, 1_000])
    }
}
