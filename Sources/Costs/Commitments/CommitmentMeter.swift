package import Chronology

/// Follows the machines of a run and applies commitments to them hour by hour.
///
/// Hours are counted from the start of the run. Of what a commitment covers of equal machines in one zone, each gets its part by its
/// time; amounts are split by largest remainder, so that they sum to the whole. Memory grows with the machines and the
/// kinds of machines, not with time.
package struct CommitmentMeter: Sendable {
    private let rules: CommitmentRules
    private let splitsMachines: Bool
    private var sustained: SustainedUseDesk?
    private var machines: [MeteredMachine] = []
    private var places: [Account: Int] = [:]
    /// The machines that cost something since the last settlement, ascending.
    private var open: [Int] = []
    private var settledTo = Instant.start
    private var unused: [NanoDollars]
    private var lines: [UsageLine] = []
    private var linePlaces: [UsageLine: Int] = [:]
    private var last: (entries: [UsageEntry], length: Duration, shares: [CoverageShare], hour: CoverageHour)?

    /// Creates a meter of `book` for a run that starts at `startDate`.
    package init(_ book: CommitmentBook, startDate: StartDate) {
        rules = CommitmentRules(book.commitments)
        splitsMachines = book.splitsMachines
        sustained = book.hasSustainedUse ? SustainedUseDesk(startDate: startDate) : nil
        unused = book.commitments.map { _ in .zero }
    }

    /// The commitments in the order of the book.
    package var commitments: [Commitment] { rules.commitments }

    /// Makes a machine that is bought on demand known, before its first price.
    package mutating func register(_ account: Account, type: String, zone: String, capacity: ResourceAmounts) {
        guard places[account] == nil else { return }
        places[account] = machines.count
        machines.append(
            MeteredMachine(
                account: account, type: type, zone: zone, capacity: capacity,
                // Google's names have no dot; Amazon's all have one.
                isSplit: splitsMachines && !type.contains(".")))
    }

    /// Learns prices; those of machines that were not registered do not count.
    package mutating func note(_ steps: [PriceStep]) {
        for step in steps {
            guard let place = places[step.account] else { continue }
            machines[place].note(step)
            if open.last.map({ $0 < place }) ?? true {
                open.append(place)
            } else if let next = open.firstIndex(where: { $0 >= place }), open[next] != place {
                open.insert(place, at: next)
            }
        }
    }

    /// Applies the commitments to every hour up to `now`, the last of which may be a begun one.
    package mutating func settle(to now: Instant) -> CommitmentSettlement {
        while settledTo < now {
            let hour = Duration.hours(1).nanoseconds
            let next = Instant(nanoseconds: (settledTo.nanoseconds / hour + 1) * hour)
            let end = min(next, now)
            close(from: settledTo, to: end)
            settledTo = end
        }
        sustained?.finish(&machines, open)
        var settlement = CommitmentSettlement()
        for place in open {
            if let machine = machines[place].taken() { settlement.machines.append(machine) }
        }
        open.removeAll { machines[$0].isOver(by: now) }
        settlement.unused = unused
        unused = unused.map { _ in .zero }
        return settlement
    }

    // MARK: - An hour

    private mutating func close(from begin: Instant, to end: Instant) {
        let entries = entries(from: begin, to: end)
        let length = end - begin
        if last.map({ $0.entries != entries || $0.length != length }) ?? true {
            var used = [Int64](repeating: 0, count: lines.count)
            for entry in entries { used[entry.line] += entry.time }
            let hour = rules.apply(lines, used: used, length: length)
            last = (entries, length, CoverageShare.shares(of: hour, among: entries, lines: lines.count), hour)
        }
        guard let last else { return }
        for share in last.shares { machines[share.machine].add(share) }
        for (place, amount) in last.hour.unused.enumerated() { unused[place] += amount }
        sustained?.add(last.hour, lines, entries, &machines, open, from: begin, length: length)
    }

    /// The machine time between two instants by machine and line, and opens lines that are new.
    private mutating func entries(from begin: Instant, to end: Instant) -> [UsageEntry] {
        var entries: [UsageEntry] = []
        for place in open {
            for piece in machines[place].pieces(from: begin, to: end) {
                for line in machines[place].lines(at: piece.hourly) {
                    entries.append(UsageEntry(machine: place, line: index(of: line), time: piece.time))
                }
            }
            machines[place].forget(before: end)
        }
        return entries
    }

    private mutating func index(of line: UsageLine) -> Int {
        if let place = linePlaces[line] { return place }
        linePlaces[line] = lines.count
        lines.append(line)
        return lines.count - 1
    }
}

/// The time of one machine on one line of an hour.
struct UsageEntry: Hashable, Sendable {
    let machine: Int
    let line: Int
    /// Nanoseconds.
    let time: Int64
}

/// What of an hour's coverage one machine gets.
struct CoverageShare: Hashable, Sendable {
    let machine: Int
    let commitment: Int
    let list: NanoDollars
    let fee: NanoDollars

    /// Returns the shares of machines in an hour, by their time on each line.
    static func shares(of hour: CoverageHour, among entries: [UsageEntry], lines: Int) -> [CoverageShare] {
        var byLine = [[UsageEntry]](repeating: [], count: lines)
        for entry in entries { byLine[entry.line].append(entry) }
        return hour.parts.flatMap { part in
            let users = byLine[part.line]
            let weights = users.map(\.time)
            let list = Apportionment.largestRemainder(total: part.list.amount, weights: weights)
            let fee = Apportionment.largestRemainder(total: part.fee.amount, weights: weights)
            return users.indices.map { index in
                CoverageShare(
                    machine: users[index].machine, commitment: part.commitment, list: NanoDollars(list[index]),
                    fee: NanoDollars(fee[index]))
            }
        }
    }
}
