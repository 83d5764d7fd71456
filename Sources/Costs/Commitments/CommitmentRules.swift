// Counterpart: how Amazon applies Reserved Instances and Savings Plans to an hour (docs.aws.amazon.com, "How Reserved
// Instance discounts are applied", "Understanding how Savings Plans apply to your AWS usage"), and Google committed use
// discounts (cloud.google.com/compute/docs/committed-use-discounts).

package import Chronology

/// Applies commitments to the usage of an hour, in the providers' order.
///
/// At Amazon: reservations of a zone, those of a region (smallest size first), savings plans for a family, then those
/// for all machines; among plans of one kind the usage with the highest saving goes first, and of equal savings that
/// with the lowest rate. At Google: resources, then spend. Equal ranks go in the order of commitments and lines.
package struct CommitmentRules: Hashable, Sendable {
    package let commitments: [Commitment]

    /// Creates rules for `commitments`.
    package init(_ commitments: [Commitment]) { self.commitments = commitments }

    /// Returns who covers what of the machine time `used` (nanoseconds for each line) in an hour or, where a run ends
    /// within one, in the part of it that `length` is.
    package func apply(_ lines: [UsageLine], used: [Int64], length: Duration = .hours(1)) -> CoverageHour {
        precondition(lines.count == used.count, "every line has its usage")
        var hour = OpenHour(lines: lines, left: used, length: Int128(length.nanoseconds))
        for isZonal in [true, false] {
            for (place, commitment) in commitments.enumerated() {
                guard case .reserved(let type, let count, let zone) = commitment.scope, (zone != nil) == isZonal else {
                    continue
                }
                hour.reserve(type, count, zone, commitment, place)
            }
        }
        hour.spend(plans { if case .instanceSavingsPlan(let family) = $0 { family } else { nil } })
        hour.spend(plans { $0 == .computeSavingsPlan ? "" : nil })
        for (place, commitment) in commitments.enumerated() {
            if case .resources(let series, let milliCPU, let mebibytes, let memoryFee) = commitment.scope {
                let fee = commitment.hourly - memoryFee
                hour.take(.processors, of: series, amount: milliCPU, fee: fee, commitment, place)
                hour.take(.memory, of: series, amount: mebibytes, fee: memoryFee, commitment, place)
            }
        }
        hour.spend(plans { $0 == .flexible ? "" : nil })
        return hour.closed(commitments)
    }

    /// The commitments that spend on machines of a family (empty for all), by their places.
    private func plans(_ family: (Commitment.Scope) -> String?) -> [OpenHour.Plan] {
        commitments.enumerated().compactMap { place, commitment in
            family(commitment.scope).map { OpenHour.Plan(place: place, commitment: commitment, family: $0) }
        }
    }
}

/// An hour to which commitments are being applied.
private struct OpenHour {
    /// A commitment that spends, with the only family on which it does.
    struct Plan {
        let place: Int
        let commitment: Commitment
        let family: String
    }

    /// A use of a commitment, in (nano-dollars an hour) x nanoseconds.
    private struct Use {
        let commitment: Int
        let line: Int
        let covered: Int64
        let fee: Int128
    }

    let lines: [UsageLine]
    var left: [Int64]
    let length: Int128
    private var uses: [Use] = []

    init(lines: [UsageLine], left: [Int64], length: Int128) {
        self.lines = lines
        self.left = left
        self.length = length
    }

    /// Applies reserved machines.
    mutating func reserve(_ type: String, _ count: Int64, _ zone: String?, _ commitment: Commitment, _ place: Int) {
        let family = InstanceSize.family(of: type)
        let isFlexible = zone == nil && InstanceSize.isFlexible(family)
        let size = isFlexible ? InstanceSize.quarters(of: type) : nil
        var candidates: [(size: Int64, line: Int)] = []
        for (index, line) in lines.enumerated() where line.part == .machine && left[index] > 0 {
            guard commitment.covers(line), zone.map({ $0 == line.zone }) ?? true else { continue }
            if line.type == type {
                candidates.append((size ?? 1, index))
            } else if size != nil, InstanceSize.family(of: line.type) == family,
                let other = InstanceSize.quarters(of: line.type)
            {
                candidates.append((other, index))
            }
        }
        candidates.sort { ($0.size, $0.line) < ($1.size, $1.line) }
        let whole = Int128(count) * Int128(size ?? 1)
        var capacity = whole * length
        for candidate in candidates where capacity > 0 {
            let covered = Int64(min(Int128(left[candidate.line]), capacity / Int128(candidate.size)))
            let taken = Int128(covered) * Int128(candidate.size)
            capacity -= taken
            use(place, candidate.line, covered, fee: Int128(commitment.hourly.amount) * taken / whole)
        }
    }

    /// Applies spend, the highest saving first.
    mutating func spend(_ plans: [Plan]) {
        var capacity = plans.map { Int128($0.commitment.hourly.amount) * length }
        var pairs: [(plan: Int, line: Int, rate: Int64)] = []
        for (number, plan) in plans.enumerated() {
            for (index, line) in lines.enumerated() where left[index] > 0 && plan.commitment.covers(line) {
                guard plan.family.isEmpty || InstanceSize.family(of: line.type) == plan.family,
                    let rate = plan.commitment.rate(of: line), rate < line.hourly
                else { continue }
                pairs.append((number, index, rate.amount))
            }
        }
        // a saves more than b when rate(a) / list(a) is less than rate(b) / list(b).
        pairs.sort { a, b in
            let left = Int128(a.rate) * Int128(lines[b.line].hourly.amount)
            let right = Int128(b.rate) * Int128(lines[a.line].hourly.amount)
            if left != right { return left < right }
            return (a.rate, a.plan, a.line) < (b.rate, b.plan, b.line)
        }
        for pair in pairs where capacity[pair.plan] > 0 {
            let rate = Int128(pair.rate)
            let covered = rate == 0 ? left[pair.line] : Int64(min(Int128(left[pair.line]), capacity[pair.plan] / rate))
            capacity[pair.plan] -= Int128(covered) * rate
            use(plans[pair.plan].place, pair.line, covered, fee: Int128(covered) * rate)
        }
    }

    /// Applies processors or memory of a series.
    mutating func take(
        _ part: UsageLine.Part, of series: String, amount: Int64, fee: NanoDollars, _ commitment: Commitment,
        _ place: Int
    ) {
        var capacity = Int128(amount) * length
        for (index, line) in lines.enumerated() where line.part == part && line.units > 0 && capacity > 0 {
            guard InstanceSize.family(of: line.type) == series, commitment.covers(line) else { continue }
            let covered = Int64(min(Int128(left[index]), capacity / Int128(line.units)))
            let taken = Int128(covered) * Int128(line.units)
            capacity -= taken
            use(place, index, covered, fee: Int128(fee.amount) * taken / Int128(amount))
        }
    }

    private mutating func use(_ commitment: Int, _ line: Int, _ covered: Int64, fee: Int128) {
        guard covered > 0 else { return }
        left[line] -= covered
        uses.append(Use(commitment: commitment, line: line, covered: covered, fee: fee))
    }

    /// Returns the hour in money: of each commitment, what is used and what is not sum to its price.
    func closed(_ commitments: [Commitment]) -> CoverageHour {
        var hour = CoverageHour()
        var running = [Int128](repeating: 0, count: commitments.count)
        var paid = [NanoDollars](repeating: .zero, count: commitments.count)
        let duration = Duration(nanoseconds: Int64(length))
        let price = commitments.map { $0.hourly.perHour(over: duration) }
        for use in uses {
            let number = use.commitment
            running[number] += use.fee
            let now = min(NanoDollars.hourShare(running[number]), price[number])
            hour.parts.append(
                CoverageHour.Part(
                    commitment: number, line: use.line, covered: use.covered,
                    list: lines[use.line].hourly.perHour(over: Duration(nanoseconds: use.covered)),
                    fee: now - paid[number]))
            paid[number] = now
        }
        hour.unused = zip(price, paid).map { $0 - $1 }
        hour.onDemand = left
        return hour
    }
}
