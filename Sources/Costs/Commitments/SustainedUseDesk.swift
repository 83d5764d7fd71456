import Chronology

/// The sustained use discounts of a run, for each machine series and region.
struct SustainedUseDesk: Sendable {
    /// Processors or memory of one series in one region.
    private struct Group: Sendable {
        let series: String
        let region: Substring
        let part: UsageLine.Part
        let quarters: [Int64]
        var use = SustainedUse()
        var given = NanoDollars.zero
    }

    private let startDate: StartDate
    private var groups: [Group] = []
    private var month: (number: Int, seconds: Int64) = (0, 0)

    init(startDate: StartDate) { self.startDate = startDate }

    /// Counts what commitments have left of an hour.
    mutating func add(
        _ hour: CoverageHour, _ lines: [UsageLine], _ entries: [UsageEntry], _ machines: inout [MeteredMachine],
        _ open: [Int], from begin: Instant, length: Duration
    ) {
        turn(to: begin, &machines, open)
        var levels: [(group: Int, level: Int64, list: NanoDollars)] = []
        var total = [Int64](repeating: 0, count: lines.count)
        for entry in entries { total[entry.line] += entry.time }
        for (place, line) in lines.enumerated() where place < hour.onDemand.count && hour.onDemand[place] > 0 {
            guard let group = group(of: line) else { continue }
            let level = Int64(Int128(hour.onDemand[place]) * Int128(line.units) / Int128(length.nanoseconds))
            let list = line.hourly.perHour(over: Duration(nanoseconds: hour.onDemand[place]))
            if let known = levels.firstIndex(where: { $0.group == group }) {
                levels[known].level += level
                levels[known].list += list
            } else {
                levels.append((group, level, list))
            }
        }
        for entry in entries where hour.onDemand[entry.line] > 0 {
            let line = lines[entry.line]
            let time = Int128(entry.time) * Int128(hour.onDemand[entry.line]) / Int128(total[entry.line])
            let cost = Int64(time * Int128(line.hourly.amount) / NanoDollars.hour)
            switch line.part {
            case .processors: machines[entry.machine].leftover.processors += cost
            case .memory: machines[entry.machine].leftover.memory += cost
            case .machine: break
            }
        }
        let seconds = length.nanoseconds / 1_000_000_000
        for level in levels { groups[level.group].use.add(level: level.level, seconds: seconds, list: level.list) }
    }

    /// Gives the machines what has come together since the last time.
    mutating func finish(_ machines: inout [MeteredMachine], _ open: [Int]) {
        for place in groups.indices {
            let group = groups[place]
            let discount = group.use.discount(group.quarters, month: month.seconds)
            guard discount > group.given else { continue }
            let users = open.filter { self.group(group, has: machines[$0]) }
            let weights = users.map { leftover(group.part, of: machines[$0]) }
            guard weights.contains(where: { $0 > 0 }) else { continue }
            let parts = Apportionment.largestRemainder(total: (discount - group.given).amount, weights: weights)
            for (user, part) in zip(users, parts) { machines[user].sustained += NanoDollars(part) }
            groups[place].given = discount
        }
        for place in open { machines[place].leftover = (0, 0) }
    }

    /// Begins a new month when `instant` lies in one.
    private mutating func turn(to instant: Instant, _ machines: inout [MeteredMachine], _ open: [Int]) {
        let days = startDate.unixTime(of: instant).seconds / 86_400
        let date = CivilDate(daysSince1970: Int(days))
        let number = date.year * 12 + date.month
        guard number != month.number else { return }
        finish(&machines, open)
        for place in groups.indices {
            groups[place].use = SustainedUse()
            groups[place].given = .zero
        }
        month = (number, Int64(CivilDate.daysIn(month: date.month, year: date.year)) * 86_400)
    }

    // MARK: - Groups

    private mutating func group(of line: UsageLine) -> Int? {
        guard line.part != .machine else { return nil }
        let series = InstanceSize.family(of: line.type)
        guard let quarters = SustainedUse.quarters(of: series) else { return nil }
        let region = Self.region(of: line.zone)
        if let known = groups.firstIndex(where: {
            $0.part == line.part && $0.series == series && $0.region == region
        }) {
            return known
        }
        groups.append(Group(series: series, region: region, part: line.part, quarters: quarters))
        return groups.count - 1
    }

    private func group(_ group: Group, has machine: MeteredMachine) -> Bool {
        machine.isSplit && InstanceSize.family(of: machine.type) == group.series
            && Self.region(of: machine.zone) == group.region
    }

    private func leftover(_ part: UsageLine.Part, of machine: MeteredMachine) -> Int64 {
        switch part {
        case .processors: machine.leftover.processors
        case .memory: machine.leftover.memory
        case .machine: 0
        }
    }

    /// The region of a zone at Google: what comes before the last hyphen.
    private static func region(of zone: String) -> Substring {
        zone[..<(zone.lastIndex(of: "-") ?? zone.endIndex)]
    }
}
