import Chronology
import Costs
import KubernetesAPI
import Machines
import Observations
import VirtualTime

/// The money of a run: the meter, the ledger, and what has been written so far.
struct CostDesk {
    /// A machine's account and how much of its bill has been written.
    struct Machine {
        let meter: AllocationMeter.NodeID
        let account: Account
        var pods: [Int32] = []
        var written = NodeBill.nothing
        var since: Instant
    }

    var meter = AllocationMeter()
    var ledger = Ledger()
    var machines: [Machine?] = []
    let provider: Account
    let idle: Account
    let overhead: Account
    let controlPlane: Account
    var controlPlaneSince = Instant.start
    // Accounts of workloads by their rows, from 1.
    var workloads: [Account] = []
    var idleTotal = NanoDollars.zero
    var overheadTotal = NanoDollars.zero
    var podsTotal = NanoDollars.zero
    var controlPlaneTotal = NanoDollars.zero

    init() {
        provider = ledger.account(AccountName.provider)
        idle = ledger.account(AccountName.idle)
        overhead = ledger.account(AccountName.overhead)
        controlPlane = ledger.account(AccountName.controlPlane)
    }
}

extension World {
    /// Opens the account of a machine that was just launched.
    mutating func openAccount(of index: Int32, machineType: String, purchase: String) {
        let track = nodes[Int(index)]
        let capacity = amounts(track.template.status.capacity)
        let allocatable = amounts(track.template.status.allocatable)
        let reserved = ResourceAmounts(
            cpuMilli: max(0, capacity.cpuMilli - allocatable.cpuMilli),
            memoryBytes: max(0, capacity.memoryBytes - allocatable.memoryBytes),
            gpuMilli: max(0, capacity.gpuMilli - allocatable.gpuMilli))
        let price = track.pool < 0 ? nil : setup.pools[track.pool].pricePerHour
        observer?.node(
            NodeRow(
                node: track.row, name: track.name, machineType: machineType, zone: track.zone,
                pool: track.pool < 0 ? "" : setup.pools[track.pool].name, purchase: purchase,
                pricePerHour: price?.amount ?? 0, capacityCPU: capacity.cpuMilli,
                capacityMemory: capacity.memoryBytes, capacityGPU: capacity.gpuMilli / 1000,
                allocatableCPU: allocatable.cpuMilli, allocatableMemory: allocatable.memoryBytes,
                allocatablePods: track.template.status.allocatable[.pods]?.value ?? 0,
                allocatableGPU: allocatable.gpuMilli / 1000, launchedAt: now))
        nodes[Int(index)].allocatable = (
            allocatable.cpuMilli, allocatable.memoryBytes, allocatable.gpuMilli / 1000
        )
        let account = accounts.ledger.account(AccountName.node(track.name))
        let meter = accounts.meter.openNode(
            account: account, hourly: price ?? .zero, capacity: capacity, reserved: reserved, at: now)
        accounts.machines.append(CostDesk.Machine(meter: meter, account: account, since: now))
    }

    private func amounts(_ list: ResourceList) -> ResourceAmounts {
        ResourceAmounts(
            cpuMilli: list[.cpu]?.milliValue ?? 0, memoryBytes: list[.memory]?.value ?? 0,
            gpuMilli: (list[.nvidiaGPU]?.value ?? 0) * 1000)
    }

    // MARK: - Pods on machines

    /// A pod begins to hold a part of its node.
    mutating func hold(_ slot: Int32, node row: Int32) {
        let index = Int(row) - 1
        guard let machine = accounts.machines[index] else { return }
        tracker[slot].isHolding = true
        tracker[slot].settledAt = now
        let track = tracker[slot]
        sums.pods.add(1, at: now)
        sums.requestedCPU.add(track.requestCPU, at: now)
        sums.requestedMemory.add(track.requestMemory, at: now)
        sums.requestedGPU.add(track.requestGPU, at: now)
        // Worked out first: within the call the whole world would be copied to ask it.
        let account = workloadAccount(track.controller)
        let amounts = Self.held(profiles[track.profile], at: now, on: clock)
        track.meter = accounts.meter.startPod(account: account, on: machine.meter, holding: amounts, at: now)
        tracker[slot].place = Int32(machine.pods.count)
        accounts.machines[index]?.pods.append(slot)
    }

    /// What a pod is charged for: the greater of its request and its usage.
    private static func held(_ requests: PodProfile, at now: Instant, on clock: WallClock) -> ResourceAmounts {
        let request = ResourceAmounts(
            cpuMilli: requests.requestCPU, memoryBytes: requests.requestMemory, gpuMilli: requests.requestGPU * 1000)
        guard requests.hasUsage else { return request }
        let usage = requests.usage(at: now, on: clock)
        return .max(request, ResourceAmounts(cpuMilli: usage.cpu, memoryBytes: usage.memory))
    }

    private mutating func workloadAccount(_ row: Int32) -> Account {
        while accounts.workloads.count < Int(row) {
            let entry = controllers[Int32(accounts.workloads.count + 1)]
            accounts.workloads.append(
                accounts.ledger.account(
                    AccountName.allocation(
                        namespace: entry.namespace, controller: "\(entry.kind)/\(entry.name)", pod: "*")))
        }
        return accounts.workloads[Int(row) - 1]
    }

    /// A pod holds its part of the node no longer: what it owes is written.
    mutating func release(_ slot: Int32) {
        let track = tracker[slot]
        guard let meter = track.meter else { preconditionFailure("a pod that holds nothing was released") }
        let index = Int(track.node) - 1
        track.isHolding = false
        track.meter = nil
        sums.pods.add(-1, at: now)
        sums.requestedCPU.add(-track.requestCPU, at: now)
        sums.requestedMemory.add(-track.requestMemory, at: now)
        sums.requestedGPU.add(-track.requestGPU, at: now)
        let charge = accounts.meter.stopPod(meter, at: now)
        write(charge - track.charged, of: slot)
        // The last of the node's pods takes the free place.
        guard let last = accounts.machines[index]?.pods.removeLast(), last != slot else { return }
        accounts.machines[index]?.pods[Int(track.place)] = last
        tracker[last].place = track.place
    }

    /// Writes what a pod owes for the time since it was last written.
    private mutating func write(_ charge: ResourceCharge, of slot: Int32) {
        let track = tracker[slot]
        let index = Int(track.node) - 1
        guard let machine = accounts.machines[index] else { return }
        let from = track.settledAt
        track.settledAt = now
        accounts.podsTotal += charge.total
        guard now > from, charge.total > .zero else { return }
        accounts.ledger.post(
            debit: workloadAccount(track.controller), credit: machine.account, amount: charge.total, at: now)
        observer?.costAllocation(
            CostAllocationRow(
                account: "pod", node: track.node, controller: track.controller, pod: track.row, from: from,
                to: now, cpu: charge.cpu.amount, memory: charge.memory.amount, gpu: charge.gpu.amount, other: 0))
    }

    // MARK: - Settling

    /// Writes what every machine cost and who owes it, up to now; called at each midnight and at the end.
    mutating func settleAccounts() {
        for index in nodes.indices {
            guard let machine = accounts.machines[index], machine.since < now else { continue }
            var running = ResourceCharge.zero
            for slot in machine.pods {
                guard let meter = tracker[slot].meter else { continue }
                let accrued = accounts.meter.accrued(meter, at: now)
                running += accrued
                write(accrued - tracker[slot].charged, of: slot)
                tracker[slot].charged = accrued
            }
            let bill = accounts.meter.accruedBill(machine.meter, running: running, at: now)
            write(bill, of: index, since: machine.written, from: machine.since)
            accounts.machines[index]?.written = bill
            accounts.machines[index]?.since = now
        }
        let fee = setup.controlPlanePerHour.perHour(over: now.sinceStart) - accounts.controlPlaneTotal
        if fee > .zero {
            accounts.controlPlaneTotal += fee
            accounts.ledger.post(debit: accounts.controlPlane, credit: accounts.provider, amount: fee, at: now)
            observer?.costAsset(
                CostAssetRow(
                    kind: "control-plane", node: -1, name: "control-plane", from: accounts.controlPlaneSince, to: now,
                    amount: fee.amount))
            observer?.costAllocation(
                CostAllocationRow(
                    account: "control-plane", node: -1, controller: -1, pod: -1, from: accounts.controlPlaneSince,
                    to: now, cpu: 0, memory: 0, gpu: 0, other: fee.amount))
        }
        accounts.controlPlaneSince = now
        precondition(accounts.ledger.trialBalance == .zero, "the ledger does not balance; \(reproduction)")
        _ = accounts.ledger.drainEntries()
    }

    private mutating func write(_ bill: NodeBill, of index: Int, since before: NodeBill, from: Instant) {
        let row = nodes[index].row
        guard let account = accounts.machines[index]?.account else { return }
        let total = bill.total - before.total
        let idle = bill.idle - before.idle
        let overhead = bill.overhead - before.overhead
        post(total, debit: account, credit: accounts.provider)
        post(idle.total, debit: accounts.idle, credit: account)
        post(overhead.total, debit: accounts.overhead, credit: account)
        accounts.idleTotal += idle.total
        accounts.overheadTotal += overhead.total
        observer?.costAsset(
            CostAssetRow(
                kind: "node", node: row, name: nodes[index].name, from: from, to: now, amount: total.amount))
        for (name, charge) in [("idle", idle), ("overhead", overhead)] {
            observer?.costAllocation(
                CostAllocationRow(
                    account: name, node: row, controller: -1, pod: -1, from: from, to: now, cpu: charge.cpu.amount,
                    memory: charge.memory.amount, gpu: charge.gpu.amount, other: 0))
        }
    }

    private mutating func post(_ amount: NanoDollars, debit: Account, credit: Account) {
        // What is idle can shrink by a nano-dollar between two settlements, when a pod's share is rounded up late.
        if amount < .zero {
            accounts.ledger.post(debit: credit, credit: debit, amount: .zero - amount, at: now)
        } else {
            accounts.ledger.post(debit: debit, credit: credit, amount: amount, at: now)
        }
    }

    // MARK: - Usage

    /// A pod of a profile became ready, or ceased to be: what it uses is counted, and charged when it is more than it asks for.
    mutating func follow(_ slot: Int32, wasReady: Bool, isReady: Bool) {
        guard wasReady != isReady else { return }
        let profile = tracker[slot].profile
        let controller = Int(tracker[slot].controller)
        let usage = profiles[profile].usage(at: now, on: clock)
        while demand.count < controller { demand.append(DemandSums()) }
        let sign: Int64 = isReady ? 1 : -1
        demand[controller - 1].pods.add(sign, at: now)
        // What the pod counted when it became ready may have changed since.
        let counted = isReady ? usage : tracker[slot].counted
        demand[controller - 1].cpu.add(sign * counted.cpu, at: now)
        demand[controller - 1].memory.add(sign * counted.memory, at: now)
        tracker[slot].counted = isReady ? usage : (0, 0)
        guard profiles[profile].hasUsage else { return }
        if isReady {
            tracker[slot].memberPlace = Int32(profiles[profile].members.count)
            profiles[profile].members.append(slot)
            scheduleUsage(profile)
        } else {
            let place = tracker[slot].memberPlace
            let last = profiles[profile].members.removeLast()
            if last != slot {
                profiles[profile].members[Int(place)] = last
                tracker[last].memberPlace = place
            }
        }
    }

    private mutating func scheduleUsage(_ profile: Int32) {
        guard !profiles[profile].isUsageScheduled, let next = profiles[profile].nextUsageChange(after: now, on: clock)
        else { return }
        profiles[profile].isUsageScheduled = true
        enqueue(.usage, a: profile, at: next)
    }

    /// The usage of a profile's pods changes.
    mutating func usageChanges(_ profile: Int32) {
        profiles[profile].isUsageScheduled = false
        guard !profiles[profile].members.isEmpty else { return }
        let held = Self.held(profiles[profile], at: now, on: clock)
        let usage = profiles[profile].usage(at: now, on: clock)
        for slot in profiles[profile].members {
            let counted = tracker[slot].counted
            let controller = Int(tracker[slot].controller)
            demand[controller - 1].cpu.add(usage.cpu - counted.cpu, at: now)
            demand[controller - 1].memory.add(usage.memory - counted.memory, at: now)
            tracker[slot].counted = usage
            if let meter = tracker[slot].meter { accounts.meter.updatePod(meter, holding: held, at: now) }
        }
        scheduleUsage(profile)
    }
}
