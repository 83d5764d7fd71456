import Chronology
import Costs
import Testing

private let gibibyte: Int64 = 1 << 30
private func at(_ seconds: Int64) -> Instant { .start + .seconds(seconds) }
private func amounts(_ cpu: Int64, _ gib: Int64, _ gpu: Int64 = 0) -> ResourceAmounts {
    ResourceAmounts(cpuMilli: cpu, memoryBytes: gib * gibibyte, gpuMilli: gpu)
}

@Suite struct AllocationMeterTests {
    private var ledger = Ledger()
    private let account: Account
    private let large = NanoDollars(96_000_000)

    init() { account = ledger.account("x") }

    @Test("A price is split by OpenCost's proportions and sums to itself")
    func split() {
        let parts = ResourceRatios.openCost.split(large, capacity: amounts(2_000, 8))
        // 2 x 0.031611 : 8 x 0.004237 = 0.063222 : 0.033896
        #expect(parts.cpu.amount == 62_494_203)
        #expect(parts.memory.amount == 33_505_797)
        #expect(parts.gpu == .zero)
        #expect(parts.total == large)
    }

    @Test("A pod that holds a whole m5.large for an hour owes 0.096, and nothing is idle")
    func wholeNode() {
        var meter = AllocationMeter()
        let node = meter.openNode(
            account: account, hourly: large, capacity: amounts(2_000, 8), reserved: .zero, at: at(0))
        let pod = meter.startPod(account: account, on: node, holding: amounts(2_000, 8), at: at(0))
        #expect(meter.stopPod(pod, at: at(3_600)).total.exact == "0.096")
        let bill = meter.closeNode(node, at: at(3_600))
        #expect(bill.total == large && bill.idle == .zero && bill.overhead == .zero)
    }

    @Test("Half of the CPU for half of the time is a quarter of its price; the rest is idle and overhead")
    func quarter() {
        var meter = AllocationMeter()
        let node = meter.openNode(
            account: account, hourly: large, capacity: amounts(2_000, 8), reserved: amounts(200, 1), at: at(0))
        let pod = meter.startPod(account: account, on: node, holding: amounts(1_000, 0), at: at(900))
        #expect(meter.accrued(pod, at: at(1_800)).cpu.amount == 62_494_203 / 8)
        let charge = meter.stopPod(pod, at: at(2_700))
        #expect(charge.cpu.amount == 62_494_203 / 4 && charge.memory == .zero)
        #expect(meter.accrued(node, at: at(1_800)).exact == "0.048")
        let bill = meter.closeNode(node, at: at(3_600))
        #expect(bill.overhead.cpu.amount == 62_494_203 / 10 && bill.overhead.memory.amount == 33_505_797 / 8)
        #expect(bill.total == bill.allocated.total + bill.idle.total + bill.overhead.total)
        #expect(bill.total == large)
    }

    @Test("A run of 30 seconds is billed as 60, and the half minute that nobody used is idle")
    func minimum() {
        var meter = AllocationMeter()
        let node = meter.openNode(
            account: account, hourly: large, capacity: amounts(2_000, 8), reserved: .zero, at: at(0))
        let pod = meter.startPod(account: account, on: node, holding: amounts(2_000, 8), at: at(0))
        let charge = meter.stopPod(pod, at: at(30))
        let bill = meter.closeNode(node, at: at(30))
        #expect(bill.total.amount == 1_600_000)
        #expect((799_998...800_000).contains(charge.total.amount))
        #expect(bill.idle.total == bill.total - charge.total)
    }

    @Test("Pods that together hold more than there is share the whole in proportion")
    func overcommitted() {
        var meter = AllocationMeter()
        let node = meter.openNode(
            account: account, hourly: .dollars(36), capacity: amounts(2_000, 0), reserved: amounts(1_000, 0), at: at(0))
        let one = meter.startPod(account: account, on: node, holding: amounts(2_000, 0), at: at(0))
        let two = meter.startPod(account: account, on: node, holding: amounts(3_000, 0), at: at(0))
        #expect((11_999_999_998...12_000_000_000).contains(meter.stopPod(one, at: at(3_600)).cpu.amount))
        #expect((17_999_999_998...18_000_000_000).contains(meter.stopPod(two, at: at(3_600)).cpu.amount))
        let bill = meter.closeNode(node, at: at(3_600))
        #expect((5_999_999_998...6_000_000_000).contains(bill.overhead.cpu.amount))
        #expect(bill.idle.total.amount <= 6)
    }

    @Test("GPUs carry their part of the price, and usage above the request counts")
    func gpus() {
        var meter = AllocationMeter()
        let node = meter.openNode(
            account: account, hourly: .dollars(10), capacity: amounts(8_000, 32, 1_000), reserved: .zero, at: at(0))
        let held = ResourceAmounts.max(amounts(1_000, 8, 1_000), amounts(4_000, 2))
        #expect(held == amounts(4_000, 8, 1_000))
        let pod = meter.startPod(account: account, on: node, holding: amounts(0, 0, 500), at: at(0))
        meter.updatePod(pod, holding: held, at: at(1_800))
        let charge = meter.stopPod(pod, at: at(3_600))
        let price = ResourceRatios.openCost.split(.dollars(10), capacity: amounts(8_000, 32, 1_000))
        #expect(price.gpu > price.cpu && price.cpu > price.memory)
        #expect(charge.gpu.amount == price.gpu.amount * 3 / 4)
        #expect(charge.cpu.amount == price.cpu.amount / 4 && charge.memory.amount == price.memory.amount / 8)
    }

    @Test("A node that nothing weighs on is idle as a whole")
    func emptyCapacity() {
        var meter = AllocationMeter()
        let node = meter.openNode(account: account, hourly: large, capacity: .zero, reserved: .zero, at: at(0))
        let pod = meter.startPod(account: account, on: node, holding: amounts(5, 1, 1), at: at(0))
        #expect(meter.stopPod(pod, at: at(3_600)) == .zero)
        #expect(meter.closeNode(node, at: at(3_600)).idle.total == large)
    }

    @Test("Settling stops and closes everything in order, and the meter is empty")
    func settles() {
        var meter = AllocationMeter()
        let other = ledger.accountCopy("y")
        let first = meter.openNode(
            account: account, hourly: large, capacity: amounts(2_000, 8), reserved: .zero, at: at(0))
        let second = meter.openNode(
            account: other, hourly: large, capacity: amounts(2_000, 8), reserved: .zero, at: at(5))
        _ = meter.startPod(account: other, on: second, holding: amounts(1_000, 1), at: at(10))
        _ = meter.startPod(account: account, on: first, holding: amounts(500, 1), at: at(11))
        #expect(meter.podCount == 2 && meter.nodeCount == 2 && meter.podCount(on: second) == 1)
        let settled = meter.settle(at: at(7_200))
        #expect(settled.pods.map(\.account) == [other, account])
        #expect(settled.nodes.map(\.account) == [account, other])
        #expect(settled.nodes[0].bill.allocated == settled.pods[1].charge)
        #expect(meter.podCount == 0 && meter.nodeCount == 0)
    }
}

extension Ledger {
    fileprivate func accountCopy(_ name: String) -> Account {
        var copy = self
        return copy.account(name)
    }
}
