import Chronology
import Observations
import RunDatabase

/// What machines and pods take of things that the cluster's surroundings bound: addresses, vCPUs, places for pods, quotas.
struct FootprintTally {
    private struct Machine {
        var zone: String
        var purchase: String
        var vcpus: Int64
        var places: Int64
    }

    /// How long a pod is refused for the number of pods alone before it counts as kept waiting by that.
    static let patience = Duration.minutes(10)

    private var machines: [Int32: Machine] = [:]
    /// The nodes in order of their rows.
    private var order: [Int32] = []
    private var booting = BootingMachines()
    private var peaks = PeakTally()
    /// Pods on each node, by the number of its row.
    private var held = PeakTally()
    private var onHostNetwork: Set<Int32> = []
    /// When a pod was first refused only because nodes had too many pods, and when it no longer waited.
    private var refusals: [Int32: Instant] = [:]
    private var waits: [(pod: Int32, to: Instant)] = []
    private var quotas = QuotaTally()

    // MARK: - What is told

    mutating func add(_ row: NodeRow) {
        if machines[row.node] == nil { order.append(row.node) }
        machines[row.node] = Machine(
            zone: row.zone, purchase: row.purchase, vcpus: row.capacityCPU, places: row.allocatablePods)
    }

    mutating func add(_ row: NodeIntervalRow) {
        let stretches = booting.stretches(by: row)
        if stretches.isEmpty { return }
        for stretch in stretches { count(stretch) }
        peaks.hold("nodes.up", from: row.from, to: row.to)
    }

    private mutating func count(_ row: NodeIntervalRow) {
        guard let machine = machines[row.node] else { return }
        holdAddress(machine.zone, row.from, row.to)
        peaks.hold("nodes.peak", from: row.from, to: row.to)
        peaks.hold("vcpus.max", machine.vcpus, from: row.from, to: row.to)
        peaks.hold("vcpus.\(machine.purchase).max", machine.vcpus, from: row.from, to: row.to)
    }

    private mutating func holdAddress(_ zone: String, _ from: Instant, _ to: Instant) {
        peaks.hold("addresses.max", from: from, to: to)
        peaks.hold("addresses.\(zone).max", from: from, to: to)
    }

    mutating func add(_ row: PodRow) { if row.usesHostNetwork { onHostNetwork.insert(row.pod) } }

    mutating func add(_ row: PodIntervalRow) {
        switch row.state {
        case .pending: if refusals[row.pod] != nil { waits.append((row.pod, row.to)) }
        case .starting, .unready, .ready, .terminating:
            guard let machine = machines[row.node] else { return }
            if !onHostNetwork.contains(row.pod) { holdAddress(machine.zone, row.from, row.to) }
            held.hold("\(row.node)", from: row.from, to: row.to)
        case .succeeded, .failed: return
        }
    }

    mutating func add(_ row: AttemptRow) {
        guard row.outcome == "unschedulable", refusals[row.pod] == nil else { return }
        // A node that says nothing else had room but for the number of its pods.
        let others = row.rejections.filter { $0.reason != "Too many pods" }.reduce(0) { $0 + $1.nodes }
        if row.rejections.contains(where: { $0.reason == "Too many pods" }), others < row.evaluated {
            refusals[row.pod] = row.first
        }
    }

    mutating func add(_ row: QuotaRow) { quotas.add(row) }

    mutating func add(_ row: EventRow) { quotas.add(row) }

    // MARK: - Figures

    /// The figures of each day, in no order.
    func daily(days: Int) -> [[ReplicationOutcome.Metric]] {
        var byDay = Array(repeating: [ReplicationOutcome.Metric](), count: days)
        func add(_ name: String, _ unit: String, _ values: [Int64]) {
            for (day, value) in values.enumerated() {
                byDay[day].append(ReplicationOutcome.Metric(name: name, value: value, unit: unit))
            }
        }
        for name in peaks.names where name != "nodes.up" {
            let unit = name.hasPrefix("vcpus.") ? "millicores" : "count"
            add(name, unit, peaks.peaks(of: name, days: days))
        }
        add("nodes.podsFull", "permille", fullShare(days: days))
        add("pods.waitingForPlaces", "count", waiting.peaks(of: "pods", days: days))
        for (name, values) in quotas.daily(days: days) { add(name, "permille", values) }
        return byDay
    }

    /// The largest share of the nodes that were full of pods at once, on each day.
    private func fullShare(days: Int) -> [Int64] {
        var full = PeakTally()
        for node in order {
            guard let places = machines[node]?.places, places > 0 else { continue }
            let levels = held.levels(of: "\(node)")
            for (place, entry) in levels.enumerated() where entry.level >= places {
                let end = place + 1 < levels.count ? levels[place + 1].at : Int64.max
                full.hold("nodes", from: Instant(nanoseconds: entry.at), to: Instant(nanoseconds: end))
            }
        }
        let (up, over) = (peaks.levels(of: "nodes.up"), full.levels(of: "nodes"))
        var shares: [(at: Int64, level: Int64)] = []
        var (upPlace, overPlace, nodes, count) = (0, 0, Int64(0), Int64(0))
        while upPlace < up.count || overPlace < over.count {
            let at = min(
                upPlace < up.count ? up[upPlace].at : .max, overPlace < over.count ? over[overPlace].at : .max)
            if upPlace < up.count, up[upPlace].at == at {
                nodes = up[upPlace].level
                upPlace += 1
            }
            if overPlace < over.count, over[overPlace].at == at {
                count = over[overPlace].level
                overPlace += 1
            }
            // A node that is gone may keep its pods for a while.
            shares.append((at, nodes > 0 ? min(1_000, 1_000 * count / nodes) : 0))
        }
        return PeakTally.peaks(shares, days: days)
    }

    /// The pods that waited longer than patience allows because nodes had too many pods.
    private var waiting: PeakTally {
        var tally = PeakTally()
        for wait in waits {
            guard let first = refusals[wait.pod] else { continue }
            tally.hold("pods", from: first + Self.patience, to: wait.to)
        }
        return tally
    }
}
