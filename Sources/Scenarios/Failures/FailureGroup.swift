import Chronology
package import Statistics

/// The lengths of one group of a failure log: how long machines lived, and how long their repairs took.
package struct FailureGroup: Sendable {
    /// The value of the column that was grouped by; empty when nothing was.
    package let value: String
    /// From a repair to the next failure of the same machine, in seconds; nil when the log has nothing of it.
    package fileprivate(set) var lifetimes: LifetimeSample?
    /// From a failure to its repair, in seconds; nil when the log has nothing of it.
    package fileprivate(set) var repairs: LifetimeSample?
    package fileprivate(set) var outages = 0
    /// How many machines were watched.
    package fileprivate(set) var machines = 0
    /// How many outages began while the machine was down already: no lifetime ends with them.
    package fileprivate(set) var overlaps = 0
    /// Whether lifetimes are those of single machines, rather than the times between outages of the whole.
    package let isPerMachine: Bool
}

extension FailureLog {
    /// From when, and until when, machines were watched of which the log does not say it.
    package struct Window: Hashable, Sendable {
        package var from: LogTime?
        package var until: LogTime?

        /// Creates a window; without `until` it ends with the last time in the log.
        package init(from: LogTime? = nil, until: LogTime? = nil) {
            self.from = from
            self.until = until
        }
    }

    /// Returns the lengths of all entries, or of those of each value of a column, in the order of the values.
    ///
    /// A column that has one value for each machine says what machines there are in a group. Any other, such as a cause,
    /// tells outages apart: then every machine was watched for outages of each group.
    package func groups(by column: Int?, window: Window = Window()) -> [FailureGroup] {
        switch content {
        case .lifetimes(let entries):
            values(of: column, entries.map(\.values)).map { value in
                Self.group(value, entries.filter { column == nil || $0.values[column ?? 0] == value })
            }
        case .outages(let outages):
            groups(outages, by: column, window)
        }
    }

    private func values(of column: Int?, _ rows: [[String]]) -> [String] {
        guard let column else { return [""] }
        let found = Set(rows.map { $0[column] })
        // Numbers by size, and everything else as text.
        if found.allSatisfy({ Int64($0) != nil }) {
            return found.sorted { (Int64($0) ?? 0, $0) < (Int64($1) ?? 0, $1) }
        }
        return found.sorted()
    }

    // MARK: - Lengths that are given

    private static func group(_ value: String, _ entries: [Lifetime]) -> FailureGroup {
        var group = FailureGroup(value: value, isPerMachine: true)
        let lengths = entries.filter { $0.lifetime != nil }
        if !lengths.isEmpty {
            group.lifetimes = LifetimeSample(
                ended: lengths.filter { !$0.isCensored }.compactMap { $0.lifetime?.inSeconds },
                censored: lengths.filter(\.isCensored).compactMap { $0.lifetime?.inSeconds })
        }
        let repairs = entries.compactMap { $0.repair?.inSeconds }
        if !repairs.isEmpty { group.repairs = LifetimeSample(ended: repairs) }
        group.outages = lengths.count { !$0.isCensored }
        return group
    }

    // MARK: - Lengths between times

    private func groups(_ outages: [Outage], by column: Int?, _ window: Window) -> [FailureGroup] {
        let end = window.until?.nanoseconds ?? Self.lastTime(outages)
        var machines: [MachineHistory] = []
        var places: [String: Int] = [:]
        for outage in outages {
            let place = places[outage.node] ?? machines.count
            if place == machines.count {
                places[outage.node] = place
                machines.append(MachineHistory(since: window.from?.nanoseconds))
            }
            machines[place].add(outage)
        }
        for place in machines.indices { machines[place].sort() }
        let isOfMachines =
            column.map { column in machines.allSatisfy { machine in machine.hasOneValue(column) } } ?? false
        return values(of: column, outages.filter { $0.start != nil || isOfMachines }.map(\.values)).map { value in
            var group = FailureGroup(value: value, isPerMachine: namesNodes)
            var (lifetimes, repairs) = (Lengths(), Lengths())
            for machine in machines {
                if isOfMachines, let column, machine.value(column) != value { continue }
                let own = machine.outages.filter { column == nil || $0.values[column ?? 0] == value }
                group.machines += 1
                machine.measure(own, window, end: end, &lifetimes, &repairs, &group)
            }
            group.lifetimes = lifetimes.sample
            group.repairs = repairs.sample
            return group
        }
    }

    private static func lastTime(_ outages: [Outage]) -> Int64 {
        outages.reduce(Int64.min) { last, outage in
            let start = outage.start?.nanoseconds ?? .min
            let (end, isBeyond) = start.addingReportingOverflow(outage.length?.nanoseconds ?? 0)
            return max(last, isBeyond ? start : max(start, end), outage.until?.nanoseconds ?? .min)
        }
    }
}

/// Lengths that are being gathered, in seconds.
private struct Lengths {
    var ended: [Double] = []
    var censored: [Double] = []

    var sample: LifetimeSample? {
        ended.isEmpty && censored.isEmpty ? nil : LifetimeSample(ended: ended, censored: censored)
    }

    static func seconds(from start: Int64, to end: Int64) -> Double { (Double(end) - Double(start)) / 1e9 }
}

/// What a log says of one machine.
private struct MachineHistory {
    private(set) var outages: [FailureLog.Outage] = []
    private var idle: FailureLog.Outage?
    private var since: Int64?
    private var until: Int64?

    init(since: Int64?) { self.since = since }

    mutating func add(_ outage: FailureLog.Outage) {
        if outage.start == nil { idle = outage } else { outages.append(outage) }
        if let since = outage.since?.nanoseconds { self.since = self.since.map { max($0, since) } ?? since }
        if let until = outage.until?.nanoseconds { self.until = self.until.map { max($0, until) } ?? until }
    }

    mutating func sort() {
        outages = outages.enumerated()
            .sorted {
                ($0.element.start?.nanoseconds ?? 0, $0.offset) < ($1.element.start?.nanoseconds ?? 0, $1.offset)
            }
            .map(\.element)
    }

    func value(_ column: Int) -> String? { outages.first?.values[column] ?? idle?.values[column] }

    func hasOneValue(_ column: Int) -> Bool { outages.allSatisfy { $0.values[column] == value(column) } }

    /// Adds the lengths of some of the machine's outages.
    func measure(
        _ outages: [FailureLog.Outage], _ window: FailureLog.Window, end: Int64, _ lifetimes: inout Lengths,
        _ repairs: inout Lengths, _ group: inout FailureGroup
    ) {
        let end = min(end, until ?? end)
        // Where the machine was last known to run; nil while that is not known.
        var up = since
        for outage in outages {
            guard let start = outage.start?.nanoseconds else { continue }
            if let from = window.from?.nanoseconds, start < from { continue }
            if window.until != nil, start > end { continue }
            group.outages += 1
            if let since = up {
                if start >= since {
                    lifetimes.ended.append(Lengths.seconds(from: since, to: start))
                } else if since != self.since {
                    group.overlaps += 1
                }
            }
            let (fixed, isBeyond) = start.addingReportingOverflow(outage.length?.nanoseconds ?? 0)
            guard outage.length != nil, !isBeyond, window.until == nil || fixed <= end else {
                repairs.censored.append(max(0, Lengths.seconds(from: start, to: end)))
                up = nil
                continue
            }
            repairs.ended.append(Lengths.seconds(from: start, to: fixed))
            // What began before the machine was watched says nothing of when that began.
            up = max(up ?? fixed, fixed)
        }
        if let up, up < end { lifetimes.censored.append(Lengths.seconds(from: up, to: end)) }
    }
}
