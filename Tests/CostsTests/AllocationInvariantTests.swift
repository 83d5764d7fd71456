import Chronology
import Costs
import Testing

/// Random lives of nodes and pods, with everything that can change changing, checked to the nano-dollar.
@Suite struct AllocationInvariantTests {
    private struct Node {
        var id: AllocationMeter.NodeID
        var bill: RunningBill
        var pods: [AllocationMeter.PodID] = []
        var charged = ResourceCharge.zero
    }

    @Test("Pods, idle and overhead sum to the bill of the billing rule, whatever happens", arguments: 1...60)
    func sums(seed: Int) {
        var random = LCG(seed: UInt64(seed))
        var ledger = Ledger()
        let account = ledger.account("x")
        var meter = AllocationMeter()
        var nodes: [Node] = []
        var now = Instant.start
        let rules = [BillingRule.perSecond, .perHour, .exact]

        func amounts(_ scale: Int) -> ResourceAmounts {
            ResourceAmounts(
                cpuMilli: Int64(random.below(64_000 / scale)), memoryBytes: Int64(random.below((256 << 30) / scale)),
                gpuMilli: random.below(3) == 0 ? Int64(random.below(8_000 / scale)) : 0)
        }
        func close(_ index: Int) {
            var node = nodes.remove(at: index)
            for pod in node.pods { node.charged += meter.stopPod(pod, at: now) }
            let bill = meter.closeNode(node.id, at: now)
            #expect(bill.total == node.bill.total(at: now))
            #expect(bill.allocated == node.charged)
            #expect(bill.allocated.total + bill.idle.total + bill.overhead.total == bill.total)
            #expect(min(bill.idle.cpu, bill.idle.memory, bill.idle.gpu) >= .zero)
            #expect(min(bill.overhead.cpu, bill.overhead.memory, bill.overhead.gpu) >= .zero)
        }

        for _ in 0..<1_500 {
            if random.below(4) > 0 {
                now = now + Duration(nanoseconds: Int64(random.below(1 << UInt64(random.below(44)))))
            }
            let choice = random.below(20)
            if nodes.isEmpty || choice == 0 {
                let hourly = NanoDollars(Int64(random.below(1 << UInt64(random.below(40)))))
                let rule = rules[random.below(3)]
                let id = meter.openNode(
                    account: account, hourly: hourly, rule: rule, capacity: amounts(1), reserved: amounts(8), at: now)
                nodes.append(Node(id: id, bill: RunningBill(rule: rule, hourly: hourly, start: now)))
                continue
            }
            let index = random.below(nodes.count)
            switch choice {
            case 1: close(index)
            case 2, 3:
                let hourly = NanoDollars(Int64(random.below(1 << UInt64(random.below(40)))))
                meter.setPrice(hourly, of: nodes[index].id, at: now)
                nodes[index].bill.setPrice(hourly, at: now)
            case 4...10:
                let pod = meter.startPod(account: account, on: nodes[index].id, holding: amounts(4), at: now)
                nodes[index].pods.append(pod)
            case 11...15 where !nodes[index].pods.isEmpty:
                let pod = nodes[index].pods[random.below(nodes[index].pods.count)]
                let before = meter.accrued(pod, at: now)
                meter.updatePod(pod, holding: amounts(random.below(2) == 0 ? 2 : 16), at: now)
                #expect(meter.accrued(pod, at: now) == before)
            case 16... where !nodes[index].pods.isEmpty:
                let pod = nodes[index].pods.remove(at: random.below(nodes[index].pods.count))
                nodes[index].charged += meter.stopPod(pod, at: now)
            case _: break
            }
        }
        while !nodes.isEmpty { close(0) }
        #expect(meter.podCount == 0 && meter.nodeCount == 0)
    }

    @Test("Pods that fill a node leave no more idle than a nano-dollar each")
    func precise() {
        var ledger = Ledger()
        let account = ledger.account("x")
        var meter = AllocationMeter()
        let capacity = ResourceAmounts(cpuMilli: 448_000, memoryBytes: 24 << 40)
        let node = meter.openNode(
            account: account, hourly: .dollars(218), capacity: capacity, reserved: .zero, at: .start)
        let pods = (0..<64).map { _ in
            meter.startPod(
                account: account, on: node, holding: ResourceAmounts(cpuMilli: 7_000, memoryBytes: 24 << 34), at: .start
            )
        }
        var now = Instant.start
        for pod in pods {
            for _ in 0..<50 {
                now = now + .minutes(163)
                meter.updatePod(pod, holding: ResourceAmounts(cpuMilli: 7_000, memoryBytes: 24 << 34), at: now)
            }
        }
        let end = Instant.start + .days(365)
        for pod in pods { _ = meter.stopPod(pod, at: end) }
        let bill = meter.closeNode(node, at: end)
        #expect(bill.total == .dollars(218 * 24 * 365))
        #expect(bill.idle.total.amount <= 130)
    }
}
