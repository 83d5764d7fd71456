import Chronology
import Faults

// Each fault has a clock, or one for each of its targets, that says when it strikes next.

extension World {
    /// Schedules the first strike of every fault.
    mutating func armFaults() {
        for spec in setup.faults { addFault(spec) { [Int](repeating: 0, count: $1) } }
    }

    /// Adds a fault and schedules its first strike from now on; `numbers` says which strike is next, for each of its clocks.
    mutating func addFault(_ spec: FaultSpec, numbers: (FaultSchedule, _ clocks: Int) -> [Int]) {
        var schedule = FaultSchedule(spec, seed: setup.seed(of: spec))
        if case .trace = spec.timing { schedule.assign(to: nodes.map(candidate)) }
        let fault = faults.schedules.count
        faults.schedules.append(schedule)
        faults.numbers.append(numbers(schedule, schedule.isPerTarget ? nodes.count : 1))
        faults.clocks.append([])
        if schedule.isPerTarget {
            for node in nodes.indices { startClock(of: fault, on: Int32(node)) }
        } else {
            armFault(fault, target: -1, after: now)
        }
        watchFor(fault)
    }

    /// Starts the clocks of a machine that was launched while the run was under way.
    mutating func armFaults(of node: Int32) {
        for index in faults.schedules.indices where faults.schedules[index].isPerTarget {
            faults.numbers[index].append(0)
            startClock(of: index, on: node)
        }
    }

    /// Starts the clock of a machine, or that of its zone, rack or region when it is the first one there.
    private mutating func startClock(of fault: Int, on node: Int32) {
        let schedule = faults.schedules[fault]
        if schedule.hasClocksOfDomains {
            let clock = schedule.clock(of: candidate(nodes[Int(node)]))
            guard faults.clocks[fault].insert(clock).inserted else { return }
        }
        armFault(fault, target: node, after: now)
    }

    /// Schedules the next strike of a clock; `hasStruck` when one has just been.
    mutating func armFault(_ fault: Int, target: Int32, after last: Instant, hasStruck: Bool = false) {
        if faults.ended.contains(fault) { return }
        let schedule = faults.schedules[fault]
        guard let next = nextStrike(of: schedule, fault, target: target, after: last, hasStruck: hasStruck) else {
            return
        }
        guard next <= end else {
            faults.beyond.append((fault, target, next))
            return
        }
        enqueue(.faultStrike, a: Int32(fault), b: Int64(target), at: max(next, now))
    }

    /// Returns when a clock strikes next. What came due by the clock while a strike waited for the API server is left out.
    private mutating func nextStrike(
        of schedule: FaultSchedule, _ fault: Int, target: Int32, after last: Instant, hasStruck: Bool
    ) -> Instant? {
        let place = max(0, Int(target))
        if target >= 0 {
            return schedule.strike(faults.numbers[fault][place], of: candidate(nodes[place]), after: last)
        }
        guard var next = schedule.strike(faults.numbers[fault][0], after: last) else { return nil }
        if case .every = schedule.spec.timing {
            while next < now || hasStruck && next == now {
                faults.numbers[fault][0] += 1
                guard let later = schedule.strike(faults.numbers[fault][0], after: last) else { return nil }
                next = later
            }
        }
        return next
    }

    /// A strike found nobody to hit: its clock goes on, or there would be no later strike at those who come meanwhile.
    mutating func findsNothing(_ fault: Int, target: Int32) {
        if faults.missed[fault] == nil { faults.missed[fault] = now }
        let schedule = faults.schedules[fault]
        switch schedule.spec.timing {
        // A machine that is gone has no clock any more, and what waits for an occasion waits already.
        case .lifetime, .at, .every:
            if target < 0 || schedule.hasClocksOfDomains {
                armFault(fault, target: target, after: now, hasStruck: true)
            }
        case .trace, .when: return
        }
    }
}
