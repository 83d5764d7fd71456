package import Chronology

/// A price that a machine has from an instant on.
package struct PriceStep: Hashable, Sendable {
    /// The machine's account.
    package let account: Account
    package let at: Instant
    package let hourly: NanoDollars

    /// Creates a step.
    package init(account: Account, at: Instant, hourly: NanoDollars) {
        self.account = account
        self.at = at
        self.hourly = hourly
    }
}

/// A machine whose time commitments may cover.
struct MeteredMachine: Sendable {
    let account: Account
    let type: String
    let zone: String
    let capacity: ResourceAmounts
    let isSplit: Bool
    /// The prices since the last settlement, in order of time.
    private var steps: [(at: Instant, hourly: NanoDollars)] = []
    private var covered: [CommitmentSettlement.Covered] = []
    var sustained = NanoDollars.zero
    /// The on-demand cost of processors and of memory that is left for the sustained use discount.
    var leftover: (processors: Int64, memory: Int64) = (0, 0)

    init(account: Account, type: String, zone: String, capacity: ResourceAmounts, isSplit: Bool) {
        self.account = account
        self.type = type
        self.zone = zone
        self.capacity = capacity
        self.isSplit = isSplit
    }

    /// Learns a price; it replaces what was said of the time after it.
    mutating func note(_ step: PriceStep) {
        while let last = steps.last, last.at >= step.at { steps.removeLast() }
        steps.append((step.at, step.hourly))
    }

    /// Returns how long each price was paid between two instants.
    func pieces(from begin: Instant, to end: Instant) -> [(hourly: NanoDollars, time: Int64)] {
        steps.indices.compactMap { index in
            let from = max(begin, steps[index].at)
            let to = index + 1 < steps.count ? min(end, steps[index + 1].at) : end
            guard from < to, steps[index].hourly > .zero else { return nil }
            return (steps[index].hourly, (to - from).nanoseconds)
        }
    }

    /// Returns the lines on which a machine stands that costs `hourly`.
    func lines(at hourly: NanoDollars) -> [UsageLine] {
        guard isSplit else { return [UsageLine(type: type, zone: zone, hourly: hourly)] }
        let parts = ResourceRatios.openCost.split(hourly, capacity: capacity)
        return [
            UsageLine(type: type, zone: zone, part: .processors, hourly: parts.cpu, units: capacity.cpuMilli),
            UsageLine(
                type: type, zone: zone, part: .memory, hourly: parts.memory, units: capacity.memoryBytes >> 20),
        ]
    }

    /// Forgets the prices that were over before `end`.
    mutating func forget(before end: Instant) {
        while steps.count > 1, steps[1].at <= end { steps.removeFirst() }
    }

    /// Whether the machine costs nothing from `now` on.
    func isOver(by now: Instant) -> Bool { steps.count == 1 && steps[0].at <= now && steps[0].hourly == .zero }

    mutating func add(_ share: CoverageShare) {
        if let place = covered.firstIndex(where: { $0.commitment == share.commitment }) {
            covered[place].list += share.list
            covered[place].fee += share.fee
        } else {
            covered.append(
                CommitmentSettlement.Covered(commitment: share.commitment, list: share.list, fee: share.fee))
        }
    }

    /// Returns what has come together for the machine and begins anew; nil when there is nothing.
    mutating func taken() -> CommitmentSettlement.Machine? {
        guard !covered.isEmpty || sustained > .zero else { return nil }
        let machine = CommitmentSettlement.Machine(
            account: account, covered: covered.sorted { $0.commitment < $1.commitment }, sustained: sustained)
        covered = []
        sustained = .zero
        return machine
    }
}
