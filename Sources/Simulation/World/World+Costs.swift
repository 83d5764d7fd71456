import Chronology
import Costs
import KubernetesAPI
import Machines
import Observations
import VirtualTime

extension World {
    /// Opens the account of a machine that was just launched.
    mutating func openAccount(of index: Int32) {
        let track = nodes[Int(index)]
        let capacity = amounts(track.template.status.capacity)
        let allocatable = amounts(track.template.status.allocatable)
        let terms = track.terms
        observer?.node(
            NodeRow(
                node: track.row, name: track.name, machineType: terms.machineType, zone: terms.zone,
                pool: terms.poolName, purchase: terms.purchase, pricePerHour: terms.pricePerHour?.amount ?? 0,
                capacityCPU: capacity.cpuMilli,
                capacityMemory: capacity.memoryBytes, capacityGPU: capacity.gpuMilli / 1000,
                allocatableCPU: allocatable.cpuMilli, allocatableMemory: allocatable.memoryBytes,
                allocatablePods: track.template.status.allocatable[.pods]?.value ?? 0,
                allocatableGPU: allocatable.gpuMilli / 1000, launchedAt: now))
        nodes[Int(index)].allocatable = (
            allocatable.cpuMilli, allocatable.memoryBytes, allocatable.gpuMilli / 1000
        )
        let account = accounts.ledger.account(AccountName.node(track.name))
        registerForCommitments(
            account, of: index, machineType: terms.machineType, purchase: terms.purchase, capacity: capacity)
        accounts.machines.append(machine(index, account: account, hourly: terms.pricePerHour ?? .zero))
    }

    /// Lets a machine that was ordered just now cost nothing from the beginning, as its cloud does not give it.
    mutating func voidAccount(of index: Int32) {
        guard let old = accounts.machines[Int(index)] else { return }
        accounts.machines[Int(index)] = machine(index, account: old.account, hourly: .zero)
    }

    /// Opens the meter of a machine: what it holds back from pods is a part of its own.
    private mutating func machine(_ index: Int32, account: Account, hourly: NanoDollars) -> CostDesk.Machine {
        let status = nodes[Int(index)].template.status
        let capacity = amounts(status.capacity)
        let allocatable = amounts(status.allocatable)
        let reserved = ResourceAmounts(
            cpuMilli: max(0, capacity.cpuMilli - allocatable.cpuMilli),
            memoryBytes: max(0, capacity.memoryBytes - allocatable.memoryBytes),
            gpuMilli: max(0, capacity.gpuMilli - allocatable.gpuMilli))
        let meter = accounts.meter.openNode(
            account: account, hourly: hourly, capacity: capacity, reserved: reserved, at: now)
        return CostDesk.Machine(meter: meter, account: account, since: now)
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
        tracker[slot].heldSince = now
        let track = tracker[slot]
        sums.notePeaks(until: now)
        sums.pods.add(1, at: now)
        if nodes[index].counted { countRequests(of: slot, 1) }
        // Worked out first: within the call the whole world would be copied to ask it.
        let account = workloadAccount(track.controller)
        let amounts = heldAmounts(of: slot)
        track.meter = accounts.meter.startPod(account: account, on: machine.meter, holding: amounts, at: now)
        tracker[slot].place = Int32(machine.pods.count)
        accounts.machines[index]?.pods.append(slot)
        followLoad(of: slot, on: Int32(index))
    }

    /// Counts what a pod asks for into what is requested of ready machines, or out of it.
    ///
    /// Capacity and requests are those of the same machines: pods stay bound for minutes to one that was lost, and are
    /// charged for it, but ask for nothing of those that are left.
    mutating func countRequests(of slot: Int32, _ sign: Int64) {
        let track = tracker[slot]
        sums.requestedCPU.add(sign * track.requestCPU, at: now)
        sums.requestedMemory.add(sign * track.requestMemory, at: now)
        sums.requestedGPU.add(sign * track.requestGPU, at: now)
    }

    mutating func workloadAccount(_ row: Int32) -> Account {
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
        dropLoad(of: slot, on: Int32(index))
        track.isHolding = false
        track.meter = nil
        sums.notePeaks(until: now)
        sums.pods.add(-1, at: now)
        if nodes[index].counted { countRequests(of: slot, -1) }
        let charge = accounts.meter.stopPod(meter, at: now)
        write(charge - track.charged, of: slot)
        // The last of the node's pods takes the free place.
        guard let last = accounts.machines[index]?.pods.removeLast(), last != slot else { return }
        accounts.machines[index]?.pods[Int(track.place)] = last
        tracker[last].place = track.place
    }

    /// Writes what a pod owes for the time since it was last written.
    mutating func write(_ charge: ResourceCharge, of slot: Int32) {
        let track = tracker[slot]
        let index = Int(track.node) - 1
        guard let machine = accounts.machines[index] else { return }
        let from = track.settledAt
        // A machine that is gone costs nothing any more, however long its pods are still there.
        let to = machine.until.map { $0 > from ? min($0, now) : now } ?? now
        track.settledAt = now
        accounts.podsTotal += charge.total
        accounts.commitments?.shares[index].add(charge, to: track.controller)
        guard now > from, charge.total > .zero else { return }
        accounts.ledger.post(
            debit: workloadAccount(track.controller), credit: machine.account, amount: charge.total, at: now)
        observer?.costAllocation(
            CostAllocationRow(
                account: "pod", node: track.node, controller: track.controller, pod: track.row, from: from,
                to: to, cpu: charge.cpu.amount, memory: charge.memory.amount, gpu: charge.gpu.amount, other: 0))
    }
}
