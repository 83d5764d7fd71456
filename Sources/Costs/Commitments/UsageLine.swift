/// Machines that a bill does not tell apart: of one type, in one zone, at one price.
package struct UsageLine: Hashable, Sendable {
    /// What of the machines the line is about: Google sells processors and memory apart.
    package enum Part: Hashable, Sendable {
        case machine, processors, memory
    }

    package let type: String
    package let zone: String
    package let part: Part
    /// The on-demand price an hour of one machine's part.
    package let hourly: NanoDollars
    /// Thousandths of processors or MiB that one machine has; 0 for whole machines.
    package let units: Int64

    /// Creates a line.
    package init(type: String, zone: String, part: Part = .machine, hourly: NanoDollars, units: Int64 = 0) {
        self.type = type
        self.zone = zone
        self.part = part
        self.hourly = hourly
        self.units = units
    }
}

/// What commitments did in one hour of a bill.
package struct CoverageHour: Hashable, Sendable {
    /// A part of a line's usage that a commitment covers.
    package struct Part: Hashable, Sendable {
        /// The commitment's place in the list.
        package let commitment: Int
        /// The line's place in the list.
        package let line: Int
        /// Machine time in nanoseconds.
        package let covered: Int64
        /// What the time would have cost on demand.
        package let list: NanoDollars
        /// What it costs of the commitment.
        package let fee: NanoDollars
    }

    /// In the order in which the commitments were applied.
    package internal(set) var parts: [Part] = []
    /// What of each commitment nobody used: its waste.
    package internal(set) var unused: [NanoDollars] = []
    /// The machine time of each line that is paid on demand, in nanoseconds.
    package internal(set) var onDemand: [Int64] = []
}
