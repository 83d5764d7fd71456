package import Chronology

/// Something that an autoscaler did to the size of something.
package struct ScalingActionRow: Hashable, Sendable {
    package var at: Instant
    /// The autoscaler's name.
    package var component: String
    /// The pool, group or workload.
    package var target: String
    package var fromSize: Int64
    package var toSize: Int64
    /// One word in CamelCase.
    package var reason: String
    /// Empty when no machines are scaled.
    package var machineType: String
    /// The change of the bill in nano-dollars an hour, negative for a saving; nil where no price is known.
    package var pricePerHour: Int64?
    /// Why, in words.
    package var message: String

    /// Creates a row.
    package init(
        at: Instant, component: String, target: String, fromSize: Int64, toSize: Int64, reason: String,
        machineType: String = "", pricePerHour: Int64? = nil, message: String
    ) {
        self.at = at
        self.component = component
        self.target = target
        self.fromSize = fromSize
        self.toSize = toSize
        self.reason = reason
        self.machineType = machineType
        self.pricePerHour = pricePerHour
        self.message = message
    }
}
