import Chronology
import Costs
import Observations

extension World {
    /// Writes what every machine cost and who owes it, up to now; called at each midnight and at the end.
    mutating func settleAccounts() {
        for index in nodes.indices {
            guard let machine = accounts.machines[index], machine.since < now, !machine.isClosed else { continue }
            var running = ResourceCharge.zero
            for slot in machine.pods {
                guard let meter = tracker[slot].meter else { continue }
                let accrued = accounts.meter.accrued(meter, at: now)
                running += accrued
                write(accrued - tracker[slot].charged, of: slot)
                tracker[slot].charged = accrued
            }
            let bill = accounts.meter.accruedBill(machine.meter, running: running, at: now)
            // One for which its cloud let wait all the time has no row.
            let isWaiting = nodes[index].isUnbilled && bill.total == machine.written.total
            if !isWaiting { write(bill, of: index, since: machine.written, from: machine.since, to: machine.until) }
            accounts.machines[index]?.written = bill
            accounts.machines[index]?.told = nil
            accounts.machines[index]?.since = now
            // While a pod holds a part of it, a nano-dollar can still move between the accounts.
            accounts.machines[index]?.isClosed = nodes[index].isGone && machine.pods.isEmpty
        }
        settleCommitments(from: accounts.controlPlaneSince)
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
        settleStanding(from: accounts.controlPlaneSince)
        settleNetwork(from: accounts.controlPlaneSince)
        accounts.controlPlaneSince = now
        precondition(accounts.ledger.trialBalance == .zero, "the ledger does not balance; \(reproduction)")
        _ = accounts.ledger.drainEntries()
    }

    private mutating func write(
        _ bill: NodeBill, of index: Int, since before: NodeBill, from: Instant, to end: Instant?
    ) {
        // Without a length when its pods outlived it: between them a nano-dollar may still move.
        let to = max(from, min(end ?? now, now))
        let row = nodes[index].row
        guard let account = accounts.machines[index]?.account else { return }
        tell(bill.total, of: index, until: to)
        let total = bill.total - before.total
        let idle = bill.idle - before.idle
        let overhead = bill.overhead - before.overhead
        post(total, debit: account, credit: accounts.provider)
        post(idle.total, debit: accounts.idle, credit: account)
        post(overhead.total, debit: accounts.overhead, credit: account)
        accounts.idleTotal += idle.total
        accounts.overheadTotal += overhead.total
        if accounts.commitments != nil {
            accounts.commitments?.shares[index].idle += idle
            accounts.commitments?.shares[index].overhead += overhead
        }
        for (name, charge) in [("idle", idle), ("overhead", overhead)] {
            observer?.costAllocation(
                CostAllocationRow(
                    account: name, node: row, controller: -1, pod: -1, from: from, to: to, cpu: charge.cpu.amount,
                    memory: charge.memory.amount, gpu: charge.gpu.amount, other: 0))
        }
    }

    /// Tells what a machine has cost up to now, which has another price from now on: an amount is spread over its time.
    mutating func tellBill(of index: Int) {
        guard let machine = accounts.machines[index], machine.told?.until ?? machine.since < now else { return }
        let bill = accounts.meter.accruedBill(machine.meter, running: .zero, at: now)
        let isWaiting = nodes[index].isUnbilled && bill.total == machine.told?.total ?? machine.written.total
        if !isWaiting { tell(bill.total, of: index, until: now) }
    }

    private mutating func tell(_ total: NanoDollars, of index: Int, until end: Instant) {
        guard let machine = accounts.machines[index] else { return }
        let (before, from) = machine.told ?? (machine.written.total, machine.since)
        let to = max(from, end)
        accounts.machines[index]?.told = (total, to)
        // The price may change at midnight, too.
        if machine.told != nil, from == to, total == before { return }
        observer?.costAsset(
            CostAssetRow(
                kind: "node", node: nodes[index].row, name: nodes[index].name, from: from, to: to,
                amount: (total - before).amount))
    }

    mutating func post(_ amount: NanoDollars, debit: Account, credit: Account) {
        // What is idle can shrink by a nano-dollar between two settlements, when a pod's share is rounded up late.
        if amount < .zero {
            accounts.ledger.post(debit: credit, credit: debit, amount: .zero - amount, at: now)
        } else {
            accounts.ledger.post(debit: debit, credit: credit, amount: amount, at: now)
        }
    }
}
