package import Chronology
package import KubernetesAPI

/// One line of a trace of arrivals; what is nil is as the template has it.
package struct ArrivalRow: Hashable, Sendable {
    package var at: Instant
    /// The name of the object; empty takes the process's name and a number.
    package var name = ""
    /// How many objects arrive; with more than one, names get a number.
    package var count: Int64?
    /// `parallelism` of a Job.
    package var parallelism: Int64?
    /// `completions` of a Job.
    package var completions: Int64?
    /// What each pod's first container asks for.
    package var cpu: Quantity?
    package var memory: Quantity?
    package var gpu: Quantity?
    /// How long the main containers run.
    package var runTime: Duration?

    /// Creates a row that changes nothing.
    package init(at: Instant) { self.at = at }
}

/// Arrivals that somebody recorded or made up, in the order of time.
package struct ArrivalTrace: Hashable, Sendable {
    package let rows: [ArrivalRow]

    /// Creates a trace of rows in any order; those of one time keep their order.
    package init(_ rows: [ArrivalRow]) {
        let sorted = rows.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
        self.rows = sorted.map(\.element)
    }
}
