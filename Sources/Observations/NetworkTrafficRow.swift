package import Chronology

/// What a workload sent in a stretch of time, and what that cost.
package struct NetworkTrafficRow: Hashable, Sendable {
    /// The line of the bill, such as `zone-out`.
    package var line: String
    /// -1 for what no workload caused.
    package var controller: Int32
    package var from: Instant
    package var to: Instant
    package var bytes: Int64
    /// Nano-dollars.
    package var amount: Int64

    package init(line: String, controller: Int32, from: Instant, to: Instant, bytes: Int64, amount: Int64) {
        self.line = line
        self.controller = controller
        self.from = from
        self.to = to
        self.bytes = bytes
        self.amount = amount
    }
}
