import VirtualTime

/// The cloud has no machine to give: whatever is launched waits until it has.
///
/// The default duration is an assumption.
package enum StockOut: FaultKind {
    package static let name = "StockOut"
    package static let scope = FaultScope.launches
    package static let defaultDuration = FaultDuration.lasting(.lognormal(median: 3_600, p95: 28_800))

    package static func effect(_ settings: FaultSettings) -> FaultEffect {
        .stockOut
    }
}
