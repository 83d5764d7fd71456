import Chronology
import Observations
import RunDatabase

/// How many machines of each type, or of each pool, there were, and for how long.
struct MachineTally {
    /// What machines are counted by.
    enum Group: String {
        case type = "machines"
        case pool = "pool"
    }

    private let group: Group

    /// Counts none so far.
    init(by group: Group = .type) { self.group = group }

    /// A change of the number of machines of a type.
    private struct Step {
        var at: Int64
        /// -1 or 1.
        var change: Int64
    }

    private var types: [String] = []
    /// The type of each node, by the number that rows refer to.
    private var typeOfNode: [Int32: Int] = [:]
    private var steps: [[Step]] = []
    private var booting = BootingMachines()

    mutating func add(_ row: NodeRow) {
        let name: String =
            switch group {
            case .type: row.machineType
            case .pool: row.pool
            }
        let place = types.firstIndex(of: name)
        if place == nil {
            types.append(name)
            steps.append([])
        }
        typeOfNode[row.node] = place ?? types.count - 1
    }

    mutating func add(_ row: NodeIntervalRow) {
        for stretch in booting.stretches(by: row) { count(stretch) }
    }

    private mutating func count(_ row: NodeIntervalRow) {
        guard let type = typeOfNode[row.node], row.from < row.to else { return }
        steps[type].append(Step(at: row.from.nanoseconds, change: 1))
        steps[type].append(Step(at: row.to.nanoseconds, change: -1))
    }

    /// The most machines of each type at once, and the time of all of them together.
    var metrics: [ReplicationOutcome.Metric] {
        types.indices.flatMap { type in
            let (most, time) = Self.figures(ordered(type), from: 0, to: .max)
            return metrics(types[type], most, time)
        }
    }

    /// The same for each day since the start.
    func daily(days: Int) -> [[ReplicationOutcome.Metric]] {
        var byDay = Array(repeating: [ReplicationOutcome.Metric](), count: days)
        let length = Duration.days(1).nanoseconds
        for type in types.indices {
            let steps = ordered(type)
            for day in 0..<days {
                let (most, time) = Self.figures(steps, from: Int64(day) * length, to: Int64(day + 1) * length)
                byDay[day] += metrics(types[type], most, time)
            }
        }
        return byDay
    }

    private func metrics(_ type: String, _ most: Int64, _ time: Int64) -> [ReplicationOutcome.Metric] {
        [
            ReplicationOutcome.Metric(name: "\(group.rawValue).\(type).max", value: most, unit: "count"),
            ReplicationOutcome.Metric(name: "\(group.rawValue).\(type).time", value: time, unit: "nanoseconds"),
        ]
    }

    /// The steps in order; where an interval ends and the next begins, the machine is counted once.
    private func ordered(_ type: Int) -> [Step] {
        steps[type].sorted { ($0.at, $0.change) < ($1.at, $1.change) }
    }

    /// The most machines at once and the time of all of them between two instants.
    private static func figures(_ steps: [Step], from: Int64, to: Int64) -> (most: Int64, time: Int64) {
        var (count, time, last, place) = (Int64(0), Int64(0), from, 0)
        // What ended as the stretch began does not count.
        while place < steps.count, steps[place].at <= from {
            count += steps[place].change
            place += 1
        }
        var most = count
        while place < steps.count, steps[place].at < to {
            let at = steps[place].at
            time += count * (at - last)
            last = at
            while place < steps.count, steps[place].at == at {
                count += steps[place].change
                place += 1
            }
            most = max(most, count)
        }
        if to != .max { time += count * (to - last) }
        return (most, time)
    }
}
