import Chronology
import Costs
import Observations

/// What commitments need to know of a run: who was charged for each machine since the last settlement.
struct CommitmentDesk {
    /// Who was charged for one machine.
    struct Shares {
        var idle = ResourceCharge.zero
        var overhead = ResourceCharge.zero
        /// By workload, in the order in which they were first charged.
        var workloads: [(controller: Int32, charge: ResourceCharge)] = []

        mutating func add(_ charge: ResourceCharge, to controller: Int32) {
            if let place = workloads.firstIndex(where: { $0.controller == controller }) {
                workloads[place].charge += charge
            } else {
                workloads.append((controller, charge))
            }
        }
    }

    var meter: CommitmentMeter
    /// By machine.
    var shares: [Shares] = []
    var machineOf: [Account: Int] = [:]
    let waste: Account
    var wasteTotal = NanoDollars.zero

    init(_ book: CommitmentBook, startDate: StartDate, ledger: inout Ledger) {
        meter = CommitmentMeter(book, startDate: startDate)
        waste = ledger.account(AccountName.commitmentWaste)
    }
}

extension World {
    /// Begins to apply the commitments of the setup, before there are machines.
    mutating func openCommitments() {
        guard !setup.commitments.isEmpty else { return }
        accounts.commitments = CommitmentDesk(
            setup.commitments, startDate: setup.startDate, ledger: &accounts.ledger)
        accounts.meter.priceSteps = []
    }

    /// Lets commitments cover a machine that was just launched.
    mutating func registerForCommitments(
        _ account: Account, of index: Int32, machineType: String, purchase: String, capacity: ResourceAmounts
    ) {
        guard accounts.commitments != nil else { return }
        let zone = nodes[Int(index)].zone
        accounts.commitments?.machineOf[account] = Int(index)
        accounts.commitments?.shares.append(CommitmentDesk.Shares())
        guard purchase == Purchase.onDemand.rawValue else { return }
        accounts.commitments?.meter.register(account, type: machineType, zone: zone, capacity: capacity)
    }

    /// Writes what commitments made cheaper since the last settlement, and what of them nobody used.
    ///
    /// List prices have been charged already: whoever was charged for a machine gets back the part of its saving that
    /// the charge was of all charges for the machine.
    mutating func settleCommitments(from: Instant) {
        let steps = accounts.meter.priceSteps ?? []
        guard accounts.commitments != nil else { return }
        accounts.meter.priceSteps = []
        accounts.commitments?.meter.note(steps)
        guard let settlement = accounts.commitments?.meter.settle(to: now), let desk = accounts.commitments else {
            return
        }
        let names = desk.meter.commitments.map(\.name)
        for machine in settlement.machines {
            guard let index = desk.machineOf[machine.account] else { continue }
            let row = nodes[index].row
            func tell(_ kind: String, _ name: String, _ amount: NanoDollars) {
                observer?.costAsset(
                    CostAssetRow(kind: kind, node: row, name: name, from: from, to: now, amount: amount.amount))
            }
            for covered in machine.covered {
                tell("covered", names[covered.commitment], -covered.list)
                tell("commitment", names[covered.commitment], covered.fee)
            }
            if machine.sustained > .zero { tell("sustained-use", nodes[index].name, -machine.sustained) }
            giveBack(machine.saving, of: index, desk.shares[index], from: from)
        }
        for (name, unused) in zip(names, settlement.unused) where unused > .zero {
            accounts.commitments?.wasteTotal += unused
            accounts.ledger.post(debit: desk.waste, credit: accounts.provider, amount: unused, at: now)
            observer?.costAsset(
                CostAssetRow(
                    kind: AccountName.commitmentWaste, node: -1, name: name, from: from, to: now,
                    amount: unused.amount))
            observer?.costAllocation(
                CostAllocationRow(
                    account: AccountName.commitmentWaste, node: -1, controller: -1, pod: -1, from: from, to: now,
                    cpu: 0, memory: 0, gpu: 0, other: unused.amount))
        }
        for index in desk.shares.indices { accounts.commitments?.shares[index] = CommitmentDesk.Shares() }
    }

    /// Gives back `saving` for a machine; a commitment that is dearer than the list price takes more instead.
    private mutating func giveBack(
        _ saving: NanoDollars, of index: Int, _ shares: CommitmentDesk.Shares, from: Instant
    ) {
        guard saving != .zero, let account = accounts.machines[index]?.account else { return }
        let isDearer = saving < .zero
        let charges = [shares.idle, shares.overhead] + shares.workloads.map(\.charge)
        let weights = charges.flatMap { [$0.cpu.amount, $0.memory.amount, $0.gpu.amount].map { max(0, $0) } }
        let whole = weights.reduce(0, +)
        let total = isDearer ? (-saving).amount : min(saving.amount, whole)
        var parts = Apportionment.largestRemainder(total: whole > 0 ? total : 0, weights: weights)
        // Rounding can leave a nano-dollar that nobody was charged.
        parts[0] += abs(saving.amount) - parts.reduce(0, +)
        post(saving, debit: accounts.provider, credit: account)
        for place in charges.indices {
            let sign: Int64 = isDearer ? 1 : -1
            let change = ResourceCharge(
                cpu: NanoDollars(sign * parts[3 * place]), memory: NanoDollars(sign * parts[3 * place + 1]),
                gpu: NanoDollars(sign * parts[3 * place + 2]))
            guard change != .zero else { continue }
            let controller = place < 2 ? -1 : shares.workloads[place - 2].controller
            book(change, on: place, controller: controller, account)
            observer?.costAllocation(
                CostAllocationRow(
                    account: place == 0 ? "idle" : place == 1 ? "overhead" : "pod", node: nodes[index].row,
                    controller: controller, pod: -1, from: from, to: now, cpu: change.cpu.amount,
                    memory: change.memory.amount, gpu: change.gpu.amount, other: 0))
        }
    }

    private mutating func book(_ change: ResourceCharge, on place: Int, controller: Int32, _ machine: Account) {
        switch place {
        case 0:
            accounts.idleTotal += change.total
            post(change.total, debit: accounts.idle, credit: machine)
        case 1:
            accounts.overheadTotal += change.total
            post(change.total, debit: accounts.overhead, credit: machine)
        default:
            accounts.podsTotal += change.total
            let workload = workloadAccount(controller)
            post(change.total, debit: workload, credit: machine)
        }
    }
}
