package import Chronology

/// Outages that somebody recorded, to be replayed on machines.
package struct FaultTrace: Hashable, Sendable {
    /// A machine's being down.
    package struct Outage: Hashable, Sendable {
        package var at: Instant
        /// Nil for as long as the fault says.
        package var length: Duration?

        /// Creates an outage.
        package init(at: Instant, length: Duration?) {
            self.at = at
            self.length = length
        }
    }

    /// A machine as the trace calls it.
    package struct Machine: Hashable, Sendable {
        package var name: String
        package var outages: [Outage]

        /// Creates a machine; its outages may overlap.
        package init(name: String, outages: [Outage]) {
            self.name = name
            self.outages = outages
        }
    }

    /// Who has a machine's outages.
    package enum Assignment: String, Hashable, Sendable, CaseIterable {
        /// The machine of that name.
        case byName = "by-name"
        /// The trace's first machine goes to the cluster's first, and so on, again and again.
        case roundRobin = "round-robin"
    }

    package var machines: [Machine]
    package var assignment: Assignment

    /// Creates a trace.
    package init(machines: [Machine], assignment: Assignment) {
        self.machines = machines
        self.assignment = assignment
    }

    /// Returns the outages of each of `names`, in the order of time; the trace's order counts among those of one time.
    func outages(of names: [String]) -> [String: [Outage]] {
        var result: [String: [Outage]] = [:]
        guard !names.isEmpty else { return result }
        for (place, machine) in machines.enumerated() {
            let name =
                switch assignment {
                case .byName: machine.name
                case .roundRobin: names[place % names.count]
                }
            result[name, default: []] += machine.outages
        }
        for name in names {
            guard let outages = result[name] else { continue }
            result[name] = outages.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
                .map(\.element)
        }
        return result
    }
}
